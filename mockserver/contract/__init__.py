"""Contract as data: JSON Schemas and rules."""
