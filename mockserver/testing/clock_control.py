"""Clock control: the clock of an office, which a test reads and sets."""

from datetime import datetime

from mockserver.office.clock import moment_of
from mockserver.testing.access import Access


class ClockControl:
    """The office's clock."""

    def __init__(self, access: Access) -> None:
        self._access = access

    @property
    def now(self) -> str:
        """Return the office's time, as `yyyy-MM-dd HH:mm:ss`."""
        return self._access.use(lambda tenant: tenant.office.clock.text())

    def freeze(self, now: str | datetime) -> None:
        """Freeze the clock at that time: `yyyy-MM-dd HH:mm:ss`, or a datetime.

        A datetime without a time zone is local time of the office. One with a time zone is converted to the time zone
        of this machine, which is the office's. Fractions of a second are cut off. Raises TypeError, ValueError.
        """
        moment = moment_of(now)
        self._access.change(lambda tenant: tenant.office.clock.freeze(moment))

    def advance(self, seconds: float) -> None:
        """Move the clock by so many seconds, at most a hundred years; negative: back.

        Raises ValueError for any other value, and if the calendar does not have the new time.
        """
        self._access.check("admin/clock", {"advance": seconds}, whole="the clock")
        self._access.change(lambda tenant: tenant.office.clock.advance(seconds))

    def run(self) -> None:
        """Run with the machine again."""
        self._access.change(lambda tenant: tenant.office.clock.run())
