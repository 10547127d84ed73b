"""Clock tests: the ends of the calendar, and time zones ahead of and behind UTC."""

from datetime import datetime, timedelta

import pytest

from mockserver.office.clock import Clock


@pytest.mark.parametrize(("moment", "hours"), [("1500-01-01 00:00:00", -5), ("9999-07-01 00:00:00", -4)])
@pytest.mark.parametrize("zone", ["America/New_York"], indirect=True)
def test_a_zone_keeps_its_rules_beyond_the_years_that_platforms_know(zone: str, moment: str, hours: int) -> None:
    assert Clock().utc_offset(datetime.fromisoformat(moment)) == timedelta(hours=hours)


@pytest.mark.parametrize(("shift", "end"), [(timedelta.max, datetime.max), (timedelta.min, datetime.min)])
def test_a_running_clock_stops_at_the_end_of_the_calendar(shift: timedelta, end: datetime) -> None:
    clock = Clock()
    clock.set((None, shift))
    assert clock.now() == end


def test_refused_advance_does_not_count_as_elapsed_time() -> None:
    clock = Clock(datetime.max, monotonic=lambda: 0.0)
    with pytest.raises(ValueError, match="there is no time"):
        clock.advance(60)
    assert clock.seconds() == 0
