"""Dates: the vendor's form of a time, and .NET formats of it (DateTime.ToString, invariant culture)."""

import re
from collections.abc import Callable
from datetime import datetime

FORM = "%Y-%m-%d %H:%M:%S"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November"),
    "December",
)
_STANDARD = {
    "d": "MM/dd/yyyy",
    "D": "dddd, dd MMMM yyyy",
    "f": "dddd, dd MMMM yyyy HH:mm",
    "F": "dddd, dd MMMM yyyy HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss",
    "M": "MMMM dd",
    "m": "MMMM dd",
    "O": "yyyy-MM-ddTHH:mm:ss.fffffff",
    "o": "yyyy-MM-ddTHH:mm:ss.fffffff",
    "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "s": "yyyy-MM-ddTHH:mm:ss",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ss'Z'",
    "Y": "yyyy MMMM",
    "y": "yyyy MMMM",
}
# A run of one letter, text in quotes, an escaped character, or any other character that .NET writes as it is.
_PART = re.compile(r"""([dfFghHKmMstyz])\1*|'[^']*'|"[^"]*"|\\.|%(?=[^%])|[^%'"\\]""", re.DOTALL)


def parse(text: str) -> datetime | None:
    """Return the time that `text` gives as yyyy-MM-dd HH:mm:ss; None if it has any other form."""
    try:
        moment = datetime.strptime(text, FORM)
    except ValueError:
        return None
    return moment if write(moment) == text else None


def write(moment: datetime) -> str:
    """Return `moment` as yyyy-MM-dd HH:mm:ss."""
    return moment.isoformat(" ", "seconds")


def writer(form: str) -> Callable[[datetime], str]:
    """Return what writes a time as the .NET format `form` says. Raises ValueError if .NET would refuse `form`."""
    if len(form) > 100 or (len(form) == 1 and form not in _STANDARD):
        raise ValueError(f"{form!r} is not a format")
    custom = _STANDARD[form] if len(form) == 1 else form
    parts = [match[0] for match in _PART.finditer(custom)]
    if "".join(parts) != custom or any(len(part) > 7 and part[0] in "fF" for part in parts):
        raise ValueError(f"{form!r} is not a format")
    return lambda moment: "".join(_written(part, moment) for part in parts)


def _written(part: str, moment: datetime) -> str:
    letter, length = part[0], len(part)
    if letter in "'\"":
        return part[1:-1]
    if letter in "\\%":
        return part[1:]
    match letter:
        case "d" if length > 2:
            return _DAYS[moment.weekday()] if length > 3 else _DAYS[moment.weekday()][:3]
        case "M" if length > 2:
            return _MONTHS[moment.month - 1] if length > 3 else _MONTHS[moment.month - 1][:3]
        case "y":
            return f"{moment.year % 100:0{length}d}" if length < 3 else f"{moment.year:0{length}d}"
        case "d" | "M" | "H" | "h" | "m" | "s":
            values = {"d": moment.day, "M": moment.month, "H": moment.hour, "h": (moment.hour + 11) % 12 + 1}
            return f"{(values | {'m': moment.minute, 's': moment.second})[letter]:0{min(length, 2)}d}"
        case "f":
            return "0" * length
        case "t":
            return ("AM" if moment.hour < 12 else "PM")[: min(length, 2)]
        case "z" | "K":
            offset = moment.astimezone().strftime("%z")
            hours, minutes = offset[:3], offset[3:5]
            if letter == "K" or length > 2:
                return f"{hours}:{minutes}" if letter == "z" else ""
            return hours if length == 2 else f"{int(hours):+d}"
        case "F" | "g":
            return "A.D." if letter == "g" else ""
    return part
