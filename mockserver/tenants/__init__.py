"""Tenants: an office each, with its journal, faults and snapshots."""
