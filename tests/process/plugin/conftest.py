"""Fixtures of the tests of the pytest plugin."""

from pathlib import Path

import pytest

from support.suite import Suite


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    """Return a test suite in an empty folder."""
    return Suite(tmp_path)
