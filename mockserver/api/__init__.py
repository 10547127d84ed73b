"""The vendor's API: its operations, settings and formats."""
