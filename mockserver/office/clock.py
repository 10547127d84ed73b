"""What time it is in the office."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

FORM = "%Y-%m-%d %H:%M:%S"

# The leap years between which every platform knows its time zone; Windows knows it from 1970 to 3000.
_FIRST_YEAR, _LAST_YEAR = 1972, 2996


def parse_moment(text: str) -> datetime:
    """Read `yyyy-MM-dd HH:mm:ss`, the vendor's form of a DateTime.

    Raises ValueError if `text` is in any other form, or not a day of the calendar.
    """
    try:
        moment = datetime.strptime(text, FORM)
    except ValueError:
        moment = None
    if moment is None or write_moment(moment) != text:  # strptime also takes "2023-7-2 9:5:1"
        raise ValueError(f"{text!r} is not a time of the form yyyy-MM-dd HH:mm:ss, like '2023-07-26 09:47:10'")
    return moment


def moment_of(given: object) -> datetime:
    """Read a time that Python code gives: text in the vendor's form, or a datetime, whose whole seconds count.

    A datetime with a time zone is an instant, and comes as the local time of this machine, which is the office's.
    Raises TypeError, ValueError.
    """
    if isinstance(given, str):
        return parse_moment(given)
    if not isinstance(given, datetime):
        raise TypeError(f"{given!r} is neither text of the form yyyy-MM-dd HH:mm:ss nor a datetime")
    try:
        moment = given if given.tzinfo is None else given.astimezone().replace(tzinfo=None)
    except (OverflowError, ValueError, OSError):  # the last on Windows, of years that its C library does not have
        raise ValueError(f"{given} is out of the calendar in this machine's time zone") from None
    return moment.replace(microsecond=0)


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
        """The office's time, without a time zone. A running clock stops at the end of the calendar."""
        if self._frozen is not None:
            return self._frozen
        try:
            return datetime.now() + self._shift
        except OverflowError:
            return datetime.max if self._shift > timedelta() else datetime.min

    def text(self) -> str:
        """The office's time as `yyyy-MM-dd HH:mm:ss`."""
        return write_moment(self.now())

    def seconds(self) -> float:
        """For measuring how long ago something was: goes on while the clock stands still, and never back."""
        return self._monotonic() + self._advanced

    def utc_offset(self, moment: datetime) -> timedelta:
        """How far the office's local time is ahead of UTC at that moment.

        Before 1972 and after 2996 the time zone's rules of those years are used.
        """
        known = moment.replace(year=min(max(moment.year, _FIRST_YEAR), _LAST_YEAR))
        return known.astimezone().utcoffset() or timedelta()

    @property
    def frozen(self) -> bool:
        """Whether it stands still."""
        return self._frozen is not None

    def freeze(self, moment: datetime) -> None:
        """Stand still at `moment`."""
        self._frozen = moment

    def advance(self, seconds: float) -> None:
        """Move by `seconds` (negative: back), standing or running. Raises ValueError if there is no such time."""
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
        """Run with the machine again, with nothing left of a shift."""
        self._frozen = None
        self._shift = timedelta()

    def reading(self) -> tuple[datetime | None, timedelta]:
        """What `set` needs to bring the clock back to where it is now."""
        return self._frozen, self._shift

    def set(self, reading: tuple[datetime | None, timedelta]) -> None:
        """Go back to a `reading`."""
        self._frozen, self._shift = reading
