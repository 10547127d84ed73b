"""The contract as data: JSON Schemas and rules."""
