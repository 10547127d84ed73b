"""What time it is in the office."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

FORM = "%Y-%m-%d %H:%M:%S"


def parse_moment(text: str) -> datetime:
    """Read `yyyy-MM-dd HH:mm:ss`, the vendor's form of a DateTime.

    Raises ValueError where `text` is in any other form, or no day of the calendar.
    """
    moment = datetime.strptime(text, FORM)
    if write_moment(moment) != text:  # strptime also takes "2023-7-2 9:5:1"
        raise ValueError(f"{text!r} is not in the form yyyy-MM-dd HH:mm:ss")
    return moment


def write_moment(moment: datetime) -> str:
    """The inverse of `parse_moment`; fractions of a second are cut off, as the vendor's column does."""
    return moment.isoformat(" ", "seconds")


class Clock:
    """Office-local time: it runs with the machine, shifted by what it was advanced, or it stands still."""

    __slots__ = ("_advanced", "_frozen", "_monotonic", "_shift")

    def __init__(self, frozen: datetime | None = None, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._frozen = frozen
        self._shift = timedelta()
        self._advanced = 0.0
        self._monotonic = monotonic

    def now(self) -> datetime:
        """The office's time, without a time zone."""
        return self._frozen if self._frozen is not None else datetime.now() + self._shift

    def text(self) -> str:
        """The office's time as `yyyy-MM-dd HH:mm:ss`."""
        return write_moment(self.now())

    def seconds(self) -> float:
        """For measuring how long ago something was: goes on while the clock stands still, and never back."""
        return self._monotonic() + self._advanced

    def utc_offset(self, moment: datetime) -> timedelta:
        """How far the office's local time is ahead of UTC at that moment."""
        return moment.astimezone().utcoffset() or timedelta()

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        return self._frozen is not None

    def freeze(self, moment: datetime) -> None:
        """Stand still at `moment`."""
        self._frozen = moment

    def advance(self, seconds: float) -> None:
        """Move by `seconds` (negative: back), standing or running."""
        self._advanced += max(seconds, 0.0)
        if self._frozen is not None:
            self._frozen += timedelta(seconds=seconds)
        else:
            self._shift += timedelta(seconds=seconds)

    def run(self) -> None:
        """Run with the machine again, with nothing left of a shift."""
        self._frozen = None
        self._shift = timedelta()

    def reading(self) -> tuple[datetime | None, timedelta]:
        """What `set` needs to bring the clock back to where it is now."""
        return self._frozen, self._shift

    def set(self, reading: tuple[datetime | None, timedelta]) -> None:
        """Go back to a `reading`."""
        self._frozen, self._shift = reading
