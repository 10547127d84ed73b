"""Testing: servers for test suites."""
