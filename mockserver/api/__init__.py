"""API of the vendor: its operations, settings and formats."""
