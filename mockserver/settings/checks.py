"""Checks: validation of settings, given as Python values or as the texts of flags and variables."""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mockserver.assets import shipped_offices
from mockserver.office.clock import moment_of, write_moment
from mockserver.resources.operations import is_version

_ON, _OFF = ("1", "true", "yes", "on"), ("0", "false", "no", "off")
_MAX_COUNT = 999_999_999_999
AUTO = "auto"
DEFAULT_URL = "http://127.0.0.1:30222/api/v1"


class Check(ABC):
    """The check of a kind of value. `form` is the form of one in the help, if its kind gives it."""

    form = ""

    @abstractmethod
    def value(self, given: Any) -> Any:
        """Return `given` in the form that the server uses. Raises TypeError, ValueError."""

    def text(self, text: str) -> Any:
        """Return the value that a text gives. Raises ValueError."""
        return self.value(text)

    def below(self, _folder: Path, value: Any, /) -> Any:
        """Return a value, valid or not, with its relative paths as paths in a folder."""
        return value


class Text(Check):
    """Text that is not blank."""

    def value(self, given: Any) -> str:
        if not isinstance(given, str):
            raise TypeError(f"{given!r} is not text")
        if not given.strip():
            raise ValueError("it is blank; leave it out for the default")
        return given


class FilePath(Text):
    """The path of a file or folder."""

    form = "FILE"

    def value(self, given: Any) -> str:
        return super().value(os.fspath(given) if isinstance(given, os.PathLike) else given)

    def below(self, folder: Path, value: Any, /) -> Any:
        is_path = isinstance(value, os.PathLike) or (isinstance(value, str) and value.strip())
        return str(folder / value) if is_path else value


class FixtureName(FilePath):
    """The path of a file or folder, or the name of a shipped office."""

    def below(self, folder: Path, value: Any, /) -> Any:
        path = super().below(folder, value)
        return value if path != value and value in shipped_offices() and not Path(path).exists() else path


class OutputFile(FilePath):
    """The path of a file to write later, in a folder that exists."""

    def value(self, given: Any) -> str:
        text = super().value(given)
        path = Path(text)
        try:
            if path.is_dir():
                raise ValueError(f"{text} is a folder; give a file")
            if not path.parent.is_dir():
                raise ValueError(f"{text}: there is no folder {path.parent}; make it first")
        except OSError as error:  # an impossible file name
            raise ValueError(f"{text!r}: {error.strerror}") from None
        return text


class Url(Text):
    """An HTTP URL, without a slash at the end."""

    def value(self, given: Any) -> str:
        text = super().value(given)
        try:
            parts = urlsplit(text)
            is_valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            parts, is_valid = urlsplit(""), False
        if not is_valid:
            raise ValueError(f"{text!r} is not a URL; give one like {DEFAULT_URL}")
        if parts.username is not None or parts.query or parts.fragment:
            raise ValueError(f"it has a user, a query or a fragment; give a URL like {DEFAULT_URL}")
        return text.rstrip("/")


class LocalUrl(Check):
    """The port of a server on this machine, as the server's base URL. Port 0 gives the default."""

    def value(self, given: Any) -> str:
        number = PORT.text(given)
        return f"http://127.0.0.1:{number}/api/v1" if number else DEFAULT_URL


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
        self.names, self.form = names, "|".join(names)

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


class Version(Check):
    """A version of Open Dental."""

    form = "VERSION"

    def value(self, given: Any) -> str:
        if not is_version(given):
            raise ValueError(f"{given!r} is not a version of Open Dental, such as 25.4.48")
        return str(given)


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


class Pace(Check):
    """A number of seconds, or `auto`."""

    def value(self, given: Any) -> str | float:
        try:
            seconds = AUTO if given == AUTO else float(given)
        except ValueError:
            seconds = -1.0
        if seconds != AUTO and not 0 <= float(seconds) <= 3600:
            raise ValueError(f"{given!r} is not a number of seconds; give auto, or 0 to 3600")
        return seconds


@dataclass(frozen=True, slots=True)
class Instance(Check):
    """An object of one class, which is imported only to check one. `origin` tells users how to get one."""

    module: str
    kind: str
    origin: str

    def value(self, given: Any) -> Any:
        if not isinstance(given, getattr(import_module(self.module), self.kind)):
            raise TypeError(f"it must be of type {self.kind}, {self.origin}, and is of type {type(given).__name__}")
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

    def below(self, folder: Path, value: Any, /) -> Any:
        if isinstance(value, str | bytes | os.PathLike) or not isinstance(value, Iterable):
            return self.one.below(folder, value)
        return tuple(self.one.below(folder, one) for one in value)

    def text(self, text: str) -> Any:
        """Return the one value that `text` gives: a flag of this kind is repeated."""
        return self.one.text(text)


COUNT = Whole(1, _MAX_COUNT)
PORT = Whole(0, 65535)
