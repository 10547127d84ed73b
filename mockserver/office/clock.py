"""Clock: the local time of an office."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

FORM = "%Y-%m-%d %H:%M:%S"

# The leap years between which every platform knows its time zone; Windows knows it from 1970 to 3000.
_FIRST_YEAR, _LAST_YEAR = 1972, 2996


def parse_moment(text: str) -> datetime:
    """Return the time that `text` gives as `yyyy-MM-dd HH:mm:ss`, the vendor's form of a DateTime.

    Raises ValueError if `text` has any other form, or is not a day of the calendar.
    """
    try:
        moment = datetime.strptime(text, FORM)
    except ValueError:
        moment = None
    if moment is None or write_moment(moment) != text:  # strptime also takes "2023-7-2 9:5:1"
        raise ValueError(f"{text!r} is not a time of the form yyyy-MM-dd HH:mm:ss, like '2023-07-26 09:47:10'")
    return moment


LENGTHS = {"Date": 10, "DateTime": 19}
"""The characters of the vendor's forms, yyyy-MM-dd and yyyy-MM-dd HH:mm:ss, of which the first begins the second."""


def is_moment(text: str, form: str) -> bool:
    """Return whether `text` is a time or a day of the calendar in the vendor's form of a DateTime, or of a Date."""
    try:
        parse_moment(text if form == "DateTime" else f"{text} 00:00:00")
    except ValueError:
        return False
    return True


def moment_of(given: object) -> datetime:
    """Return the time that Python code gives, as text in the vendor's form or as a datetime, in whole seconds.

    A datetime with a time zone is converted to the local time of this machine, which is the office's. Raises TypeError,
    ValueError.
    """
    if isinstance(given, str):
        return parse_moment(given)
    if not isinstance(given, datetime):
        raise TypeError(f"{given!r} is neither text of the form yyyy-MM-dd HH:mm:ss nor a datetime")
    try:
        moment = given if given.tzinfo is None else given.astimezone().replace(tzinfo=None)
    except (OverflowError, ValueError, OSError):  # OSError: on Windows, for years that its C library does not support
        raise ValueError(f"{given} is out of the calendar in this machine's time zone") from None
    return moment.replace(microsecond=0)


def write_moment(moment: datetime) -> str:
    """Return the time as `yyyy-MM-dd HH:mm:ss`. Fractions of a second are cut off, as in the vendor's column."""
    return moment.isoformat(" ", "seconds")


class Clock:
    """A clock in office-local time. It runs with the machine, shifted by `advance`, or it is frozen."""

    __slots__ = ("_advanced", "_frozen", "_monotonic", "_shift")

    def __init__(self, frozen: datetime | None = None, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._frozen = frozen
        self._shift = timedelta()
        self._advanced = 0.0
        self._monotonic = monotonic

    def now(self) -> datetime:
        """Return the office's time, without a time zone. A running clock stops at the end of the calendar."""
        if self._frozen is not None:
            return self._frozen
        try:
            return datetime.now() + self._shift
        except OverflowError:
            return datetime.max if self._shift > timedelta() else datetime.min

    def text(self) -> str:
        """Return the office's time as `yyyy-MM-dd HH:mm:ss`."""
        return write_moment(self.now())

    def seconds(self) -> float:
        """Return a monotonic time in seconds, for intervals.

        It goes on while the clock is frozen, and never goes back.
        """
        return self._monotonic() + self._advanced

    def utc_offset(self, moment: datetime) -> timedelta:
        """Return the offset of the office's local time from UTC at that moment.

        Before 1972 and after 2996 the time zone's rules of those years are used.
        """
        known = moment.replace(year=min(max(moment.year, _FIRST_YEAR), _LAST_YEAR))
        return known.astimezone().utcoffset() or timedelta()

    @property
    def frozen(self) -> bool:
        """Return whether the clock is frozen."""
        return self._frozen is not None

    def freeze(self, moment: datetime) -> None:
        """Stop the clock at `moment`."""
        self._frozen = moment

    def advance(self, seconds: float) -> None:
        """Move the clock by `seconds` (negative: back), frozen or running.

        Raises ValueError if there is no such time.
        """
        try:
            step = timedelta(seconds=seconds)
            moved = self.now() + step
        except (OverflowError, ValueError):
            raise ValueError(
                f"{seconds} seconds from {self.text()} there is no time; years go from 1 to 9999"
            ) from None
        self._advanced += max(seconds, 0.0)
        if self._frozen is not None:
            self._frozen = moved
        else:
            self._shift += step

    def run(self) -> None:
        """Run with the machine again, without any shift."""
        self._frozen = None
        self._shift = timedelta()

    def reading(self) -> tuple[datetime | None, timedelta]:
        """Return the state of the clock, for `set`."""
        return self._frozen, self._shift

    def set(self, reading: tuple[datetime | None, timedelta]) -> None:
        """Restore a state that `reading` has returned."""
        self._frozen, self._shift = reading
