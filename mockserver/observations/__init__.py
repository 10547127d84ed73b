"""Observations: what one office was seen to do, and the contract as it was observed."""
