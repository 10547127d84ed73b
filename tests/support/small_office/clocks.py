"""Clocks of an office: one that stands still, and one that moves on with each reading."""

from collections.abc import Callable
from datetime import datetime, timedelta

Clock = Callable[[], datetime]

START = datetime(2026, 8, 13, 9, 0, 0)  # later than all rows of the office


def frozen(moment: datetime = START) -> Clock:
    """Return a clock that always shows `moment`."""
    return lambda: moment


def ticking(start: datetime = START, step: timedelta = timedelta(seconds=5)) -> Clock:
    """Return a clock that is `step` later with each reading, so that tests need not wait for its whole seconds."""
    now = start

    def read() -> datetime:
        nonlocal now
        now += step
        return now

    return read
