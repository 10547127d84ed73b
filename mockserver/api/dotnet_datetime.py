""".NET date format: DateTime.ToString(format, InvariantCulture) for a local date and time.

Source: the .NET documentation pages "Standard date and time format strings" and "Custom date and time format strings".
"""

import functools
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

# Written out because calendar.day_name and strftime follow the process's locale.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MAX_FRACTION_DIGITS = 7

_STANDARD_FORMATS = {
    "d": "MM/dd/yyyy",
    "D": "dddd, dd MMMM yyyy",
    "f": "dddd, dd MMMM yyyy HH:mm",
    "F": "dddd, dd MMMM yyyy HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss",
    **dict.fromkeys("mM", "MMMM dd"),
    **dict.fromkeys("oO", "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK"),
    **dict.fromkeys("rR", "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'"),
    "s": "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "u": "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
    "U": "dddd, dd MMMM yyyy HH:mm:ss",
    **dict.fromkeys("yY", "yyyy MMMM"),
}

# ':' and '/' need no group of their own: the invariant culture's separators are the same characters.
_TOKEN = re.compile(
    r"""
      (?P<letter> [dfFghHKmMstyz] ) (?P=letter)*
    | % (?P<single> [^%'"\\] )
    | \\ (?P<escaped> . )
    | (?P<quote> ['"] ) (?P<quoted> (?: \\. | (?! (?P=quote) ) [^\\] )* ) (?P=quote)
    | (?P<plain> [^%'"\\] )
    """,
    re.VERBOSE | re.DOTALL,
)


class DateTimeFormatError(ValueError):
    """A format string that DateTime.ToString rejects with a FormatException."""

    def __init__(self, form: str, wrong: str, right: str) -> None:
        super().__init__(f"Date format [{form}]: {wrong}; {right}.")


class _Moment(NamedTuple):
    local: datetime
    utc_offset: timedelta


# A specifier returns None if it writes nothing and also removes the '.' before it.
_Specifier = Callable[[_Moment, int], str | None]
_Step = str | tuple[_Specifier, int]


class _Form(NamedTuple):
    """A compiled format: its distinct steps, and their order as indexes."""

    steps: tuple[_Step, ...]
    order: tuple[int, ...]


def format_datetime(value: datetime, form: str, *, utc_offset: timedelta) -> str:
    """Return a naive local time, whose clock is utc_offset ahead of UTC, in that format; '' means 'G'."""
    moment = _Moment(_as_utc(value, utc_offset) if form == "U" else value, utc_offset)
    steps, order = _compiled(form)
    parts = [step if isinstance(step, str) else step[0](moment, step[1]) for step in steps]
    text = ""
    for place in order:
        part = parts[place]
        text = text.removesuffix(".") if part is None else text + part
    return text


def _as_utc(local: datetime, utc_offset: timedelta) -> datetime:
    # ToUniversalTime stops at the ends of the calendar instead of failing.
    if utc_offset > timedelta():
        return local - min(utc_offset, local - datetime.min)
    return local + min(-utc_offset, datetime.max - local)


@functools.lru_cache(maxsize=256)
def _compiled(form: str) -> _Form:
    custom = _custom_format(form)
    steps: dict[_Step, int] = {}
    order: list[int] = []
    position = 0
    while position < len(custom):
        token = _TOKEN.match(custom, position)
        if token is None:
            raise _unreadable(form, position)
        order.append(steps.setdefault(_step(form, token), len(steps)))
        position = token.end()
    return _Form(tuple(steps), tuple(order))


def _custom_format(form: str) -> str:
    # .NET counts UTF-16 units, so a single character beyond U+FFFF is a custom format.
    if len(form) > 1 or form > "\uffff":
        return form
    standard = _STANDARD_FORMATS.get(form or "G")
    if standard is None:
        wrong = f"a single character must be a standard format ({' '.join(_STANDARD_FORMATS)})"
        right = f"%{form} for that specifier" if form in _SPECIFIERS else f"\\{form} to show that character"
        raise DateTimeFormatError(form, wrong, f"write {right} on its own")
    return standard


def _step(form: str, token: re.Match[str]) -> _Step:
    if letter := token["letter"]:
        run = len(token[0])
        if letter in "fF" and run > _MAX_FRACTION_DIGITS:
            right = f"write at most {_MAX_FRACTION_DIGITS} {letter} in a row"
            raise DateTimeFormatError(form, f"{token[0]} asks for {run} digits of a second", right)
        return _SPECIFIERS[letter], run
    if single := token["single"]:
        return (_SPECIFIERS[single], 1) if single in _SPECIFIERS else single
    if token["quote"]:
        return re.sub(r"\\(.)", r"\1", token["quoted"], flags=re.DOTALL)
    return token["escaped"] or token["plain"]


def _unreadable(form: str, position: int) -> DateTimeFormatError:
    mark = form[position]
    wrong, right = {
        "%": ("is followed by no format specifier", "name one, as in %d,"),
        "\\": ("has no character after it to show", "add that character"),
    }.get(mark, ("opens a quotation that never ends", f"end it with another {mark}"))
    where = f"the {mark} at character {position + 1}"
    return DateTimeFormatError(form, f"{where} {wrong}", f"{right} or write \\{mark} to show {mark}")


def _padded(number: int, run: int) -> str:
    return str(number).zfill(min(run, 2))


def _number_or_name(number: int, name: str, run: int) -> str:
    if run <= 2:
        return _padded(number, run)
    return name[:3] if run == 3 else name


def _year(moment: _Moment, run: int) -> str:
    year = moment.local.year
    return str(year % 100 if run <= 2 else year).zfill(run)


def _fraction(moment: _Moment, run: int) -> str:
    # A .NET tick is a tenth of a microsecond, hence the seventh digit.
    return f"{moment.local.microsecond:06}0"[:run]


def _offset(moment: _Moment, run: int) -> str:
    sign = "-" if moment.utc_offset < timedelta() else "+"
    hours, minutes = divmod(abs(moment.utc_offset) // timedelta(minutes=1), 60)
    return sign + _padded(hours, run) + (f":{minutes:02}" if run > 2 else "")


_SPECIFIERS: dict[str, _Specifier] = {
    "d": lambda moment, run: _number_or_name(moment.local.day, _DAYS[moment.local.weekday()], run),
    "f": _fraction,
    "F": lambda moment, run: _fraction(moment, run).rstrip("0") or None,
    "g": lambda _moment, _run: "A.D.",
    "h": lambda moment, run: _padded((moment.local.hour - 1) % 12 + 1, run),
    "H": lambda moment, run: _padded(moment.local.hour, run),
    "K": lambda _moment, _run: "",  # The value's Kind is Unspecified.
    "m": lambda moment, run: _padded(moment.local.minute, run),
    "M": lambda moment, run: _number_or_name(moment.local.month, _MONTHS[moment.local.month - 1], run),
    "s": lambda moment, run: _padded(moment.local.second, run),
    "t": lambda moment, run: ("AM" if moment.local.hour < 12 else "PM")[:run],
    "y": _year,
    "z": _offset,
}
