"""Text formats: YAML and JSON, read strictly and written."""
