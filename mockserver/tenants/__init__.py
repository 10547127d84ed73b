"""Tenants: one office with its journal, faults and snapshots each."""
