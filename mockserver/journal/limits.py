"""Limits: how much a journal keeps unless its settings say otherwise."""

MAX_EXCHANGES = 1_000
MAX_BYTES = 16_000_000
