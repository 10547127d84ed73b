"""Times in fixtures: as the vendor writes them, or relative to the start, `now-3d`."""

import re
from contextlib import suppress
from datetime import datetime, timedelta

from mockserver.clock import FORM, write_moment

_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_STEP = re.compile("([0-9]+)([wdhms])")


def resolve(text: str, now: datetime) -> str:
    """`text`, which has passed its schema, in the vendor's form. Raises ValueError where there is no such time."""
    if not text.startswith("now"):
        datetime.fromisoformat(text)
        return text
    try:
        span = sum((timedelta(**{_UNITS[unit]: int(count)}) for count, unit in _STEP.findall(text)), timedelta())
        moment = now - span if text[3:4] == "-" else now + span
    except OverflowError:
        raise ValueError(f"{text} is out of the calendar") from None
    return write_moment(moment)


def nearly_time(value: object) -> str | None:
    """The time that somebody meant who wrote it in another form, if that is plain."""
    if not isinstance(value, str):
        return None
    packed = "".join(value.lower().split())
    if re.fullmatch("now([-+]([0-9]{1,9}[wdhms])+)?", packed):
        return packed
    with suppress(ValueError):
        return write_moment(datetime.fromisoformat(value.strip()).replace(tzinfo=None))
    with suppress(ValueError):
        return write_moment(datetime.strptime(value.strip(), FORM))
    return None
