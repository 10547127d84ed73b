"""Conftest for the examples: an office that throttles and is strict, and whose clock advances instead of a sleep."""

import pytest


@pytest.fixture(scope="session")
def opendental_mock_config():
    return {"throttle": True, "strict": True}


@pytest.fixture(autouse=True)
def sleep_by_the_clock_of_the_office(monkeypatch, opendental_mock):
    monkeypatch.setattr("time.sleep", opendental_mock.clock.advance)
