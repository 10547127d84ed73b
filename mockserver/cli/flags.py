"""Flags that are environment variables too, and what may stand in them."""

import argparse
import os
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from mockserver.api import checks, settings
from mockserver.recording.log_format import FORMATS

PREFIX = "OPENDENTAL_MOCK_"
DEFAULT_URL = "http://127.0.0.1:30222/api/v1"
Kind = Callable[[str], object]
NO_OTHERS: Mapping[str, Kind] = {}


class Flags:
    """Adds flags to a parser. A flag wins over its variable, and that over the default.

    A bad value refuses to start, whether it came from a flag or from the variable that is read instead.
    """

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._parser = parser
        self._flags: list[tuple[str, dict[str, Kind], object]] = []

    def add(
        self, flag: str, kind: Callable[[str], object], default: object, says: str,
        *, metavar: str | None = None, secret: bool = False, others: Mapping[str, Kind] = NO_OTHERS,
    ) -> None:  # fmt: skip
        """A flag with a value; with a list as its default it may be given several times.

        `others` are variables that are read, in this order, if neither the flag nor its own variable is given.
        """
        name, variable = self._names(flag)
        variables = f"[{', '.join([variable, *others])}]"
        if isinstance(default, list):
            variables += f"; several values are separated by {os.pathsep}"
        shown = f" (default: {default})" if default not in (None, []) and not secret else ""
        self._parser.add_argument(
            flag, type=kind, help=f"{says}{shown} {variables}".replace("%", "%%"), metavar=metavar,
            action="append" if isinstance(default, list) else "store",
        )  # fmt: skip
        self._flags.append((name, {variable: kind, **others}, default))

    def add_setting(self, flag: str, setting: str, says: str, *, metavar: str | None = None) -> None:
        """A flag that is the setting of that name, with its check and its default."""
        default = settings.default(setting)
        kind = of_text(settings.checks()[setting])
        self.add(flag, kind, list(default) if isinstance(default, tuple) else default, says, metavar=metavar)

    def add_switch(self, flag: str, says: str) -> None:
        """A flag without a value: on where it is given. Its variable takes 1 or 0."""
        name, variable = self._names(flag)
        self._parser.add_argument(flag, action="store_true", default=None, help=f"{says} [{variable}]")
        self._flags.append((name, {variable: switch}, False))

    def add_server(self) -> None:
        """The flags on a server that runs already: where it is, and what opens its admin API."""
        others = {"OPENDENTAL_BASE_URL": url, PREFIX + "PORT": local_url}
        self.add("--url", url, DEFAULT_URL, "the server", metavar="URL", others=others)
        self.add("--admin-token", word, None, "what its admin API wants to see", metavar="TOKEN", secret=True)

    def settle(self, options: argparse.Namespace) -> None:
        """Give each flag that was not given the value of its variable, or else its default."""
        for name, variables, default in self._flags:
            if getattr(options, name) is None:
                setattr(options, name, self._from_environment(variables, default))

    def _from_environment(self, variables: Mapping[str, Kind], default: object) -> object:
        """The value of the first variable that is set and not empty, or else the default."""
        variable = next((name for name in variables if os.environ.get(name)), None)
        if variable is None:
            return default
        kind, text = variables[variable], os.environ[variable]
        try:
            return [kind(one) for one in text.split(os.pathsep) if one] if isinstance(default, list) else kind(text)
        except argparse.ArgumentTypeError as error:
            self._parser.error(f"environment variable {variable}: {error}")

    @staticmethod
    def _names(flag: str) -> tuple[str, str]:
        name = flag.removeprefix("--").replace("-", "_")
        return name, PREFIX + name.upper()


def url(text: str) -> str:
    """An address of the web."""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme in ("http", "https") and parts.hostname:
        return text.rstrip("/")
    raise argparse.ArgumentTypeError(f"{text!r} is not a URL; give one like http://127.0.0.1:30222/api/v1")


def local_url(text: str) -> str:
    """The base URL of a server on that port of this machine; the default where any port is asked for."""
    number = port(text)
    return f"http://127.0.0.1:{number}/api/v1" if number else DEFAULT_URL


def percent(text: str) -> float:
    """A number from 0 to 100."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if 0 <= number <= 100:
        return number
    raise argparse.ArgumentTypeError(f"{text!r} is not a percentage; give a number from 0 to 100")


def of_text(check: checks.Check) -> Callable[[str], Any]:
    """A kind of flag that takes what `check` takes."""

    def kind(text: str) -> Any:
        try:
            return check.text(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return kind


def one_of(*names: str) -> Callable[[str], Any]:
    """A kind that takes these words and no others."""
    return of_text(checks.Choice(*names))


port = of_text(checks.PORT)
word = of_text(checks.Text())
moment = of_text(checks.Moment())
switch = of_text(checks.Switch())
log_format = one_of(*FORMATS)
