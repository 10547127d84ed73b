"""Servers for test suites."""
