"""Standings: how well a rule is known."""

STANDINGS = DOCUMENTED, OBSERVED, ASSUMED = "documented", "observed", "assumed"
"""The standings of the vendor's rules, by which coverage and verify select."""
MOCK = "mock"
"""The standing of the mock's own rules: no office shows them, and coverage does not count them."""
