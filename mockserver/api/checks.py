"""Setting checks: validation of settings, given as Python values or as the texts of flags and variables."""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mockserver.office.clock import moment_of, write_moment

_ON, _OFF = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
_MAX_COUNT = 999_999_999_999


class Check(ABC):
    """The check of a kind of value."""

    @abstractmethod
    def value(self, given: Any) -> Any:
        """Return `given` in the form that the server uses. Raises TypeError, ValueError."""

    def text(self, text: str) -> Any:
        """Return the value that a text gives. Raises ValueError."""
        return self.value(text)


class Text(Check):
    """Text that is not blank."""

    def value(self, given: Any) -> str:
        if not isinstance(given, str):
            raise TypeError(f"{given!r} is not text")
        if not given.strip():
            raise ValueError("it is blank; leave it out for the default")
        return given


class FixtureName(Text):
    """The path of a file or folder, or the name of a shipped office."""

    def value(self, given: Any) -> str:
        return super().value(os.fspath(given) if isinstance(given, os.PathLike) else given)


class Token(Check):
    """A secret that a header can carry. Error messages do not contain it."""

    def value(self, given: Any) -> str:
        if not isinstance(given, str):
            raise TypeError(f"it must be text, and is of type {type(given).__name__}")
        if not given.strip():
            raise ValueError("it is blank, which would open the admin API to everyone; give a secret")
        if given != given.strip() or not given.isprintable():
            raise ValueError("it has spaces around it, or characters that a header cannot carry; give printable text")
        return given


class Switch(Check):
    """On or off."""

    def value(self, given: Any) -> bool:
        if not isinstance(given, bool):
            raise TypeError(f"{given!r} is not True or False")
        return given

    def text(self, text: str) -> bool:
        if text.lower() in (*_ON, *_OFF):
            return text.lower() in _ON
        raise ValueError(f"{text!r} is neither on nor off; give 1 or 0")


class Choice(Check):
    """One of some names."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def value(self, given: Any) -> str:
        if isinstance(given, str) and given in self.names:
            return given
        kind = ValueError if isinstance(given, str) else TypeError
        raise kind(f"invalid choice {given!r} (choose {', '.join(self.names[:-1])} or {self.names[-1]})")


@dataclass(frozen=True, slots=True)
class Whole(Check):
    """A whole number from `minimum` to `maximum`."""

    minimum: int
    maximum: int

    def value(self, given: Any) -> int:
        if type(given) is not int:
            raise TypeError(self._wrong(given))
        if not self.minimum <= given <= self.maximum:
            raise ValueError(self._wrong(given))
        return given

    def text(self, text: str) -> int:
        # `isdigit` alone is true of the digits of every script.
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(self.maximum))):
            raise ValueError(self._wrong(text))
        return self.value(int(text))

    def _wrong(self, given: object) -> str:
        return f"{given!r} is not a whole number from {self.minimum} to {self.maximum}"


class Percent(Check):
    """A number from 0 to 100, as text."""

    def value(self, given: Any) -> float:
        try:
            number = float(given)
        except ValueError:
            number = -1.0
        if 0 <= number <= 100:
            return number
        raise ValueError(f"{given!r} is not a percentage; give a number from 0 to 100")


class Moment(Check):
    """A time of the office: text in the vendor's form, or a datetime."""

    def value(self, given: Any) -> str:
        return write_moment(moment_of(given))


@dataclass(frozen=True, slots=True)
class Instance(Check):
    """An object of one class. `origin` tells users how to get one."""

    kind: type
    origin: str

    def value(self, given: Any) -> Any:
        if not isinstance(given, self.kind):
            raise TypeError(
                f"it must be of type {self.kind.__name__}, {self.origin}, and is of type {type(given).__name__}"
            )
        return given


@dataclass(frozen=True, slots=True)
class Several(Check):
    """Values of one kind: any number of them, or a single one."""

    one: Check

    def value(self, given: Any) -> tuple[Any, ...]:
        if isinstance(given, str | os.PathLike):
            return (self.one.value(given),)
        if isinstance(given, bytes) or not isinstance(given, Iterable):
            raise TypeError(f"{given!r} is neither a text nor a list of texts")
        return tuple(map(self.one.value, given))

    def text(self, text: str) -> Any:
        """Return the one value that `text` gives: a flag of this kind is repeated."""
        return self.one.text(text)


COUNT = Whole(1, _MAX_COUNT)
PORT = Whole(0, 65535)
