"""Flags: command-line flags with environment variables, and the types of their values."""

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
    """A builder of flags for a parser. A flag overrides its variable, and the variable the default.

    An invalid value ends the command, whether it comes from a flag or from a variable that is used.
    """

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._parser = parser
        self._flags: list[tuple[str, dict[str, Kind], object]] = []

    def add(
        self, flag: str, kind: Callable[[str], object], default: object, says: str,
        *, metavar: str | None = None, secret: bool = False, others: Mapping[str, Kind] = NO_OTHERS,
    ) -> None:  # fmt: skip
        """Add a flag with a value. If its default is a list, the flag may be repeated.

        `others` are variables that are used, in this order, if neither the flag nor its own variable is given.
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
        """Add a flag for the setting of that name, with its check and its default."""
        default = settings.default(setting)
        kind = of_text(settings.checks()[setting])
        self.add(flag, kind, list(default) if isinstance(default, tuple) else default, says, metavar=metavar)

    def add_switch(self, flag: str, says: str) -> None:
        """Add a flag without a value. Its variable takes 1 or 0."""
        name, variable = self._names(flag)
        self._parser.add_argument(flag, action="store_true", default=None, help=f"{says} [{variable}]")
        self._flags.append((name, {variable: switch}, False))

    def add_server(self) -> None:
        """Add the flags for the address and the admin token of a running server."""
        others = {"OPENDENTAL_BASE_URL": url, PREFIX + "PORT": local_url}
        self.add("--url", url, DEFAULT_URL, "the server", metavar="URL", others=others)
        self.add_admin_token()

    def add_admin_token(self) -> None:
        """Add the flag for the admin token of a running server."""
        self.add("--admin-token", word, None, "the secret that its admin API requires", metavar="TOKEN", secret=True)

    def settle(self, options: argparse.Namespace) -> None:
        """Set each flag that was not given to the value of its variable, or else to its default."""
        for name, variables, default in self._flags:
            if getattr(options, name) is None:
                setattr(options, name, self._from_environment(variables, default))

    def _from_environment(self, variables: Mapping[str, Kind], default: object) -> object:
        """Return the value of the first variable that is set and not empty, or else the default."""
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


def add_observed(flag: Flags, says: str) -> None:
    """Add the flag for files of observations."""
    flag.add_setting("--observed", "observed", f"{says}; repeatable: newer ones override older ones", metavar="FILE")


def url(text: str) -> str:
    """Return an HTTP URL without a slash at the end."""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme in ("http", "https") and parts.hostname:
        return text.rstrip("/")
    raise argparse.ArgumentTypeError(f"{text!r} is not a URL; give one like http://127.0.0.1:30222/api/v1")


def local_url(text: str) -> str:
    """Return the base URL of a server on that port of this machine. Port 0 gives the default."""
    number = port(text)
    return f"http://127.0.0.1:{number}/api/v1" if number else DEFAULT_URL


def of_text(check: checks.Check) -> Callable[[str], Any]:
    """Return a type of flag with the values that `check` accepts."""

    def kind(text: str) -> Any:
        try:
            return check.text(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return kind


def one_of(*names: str) -> Callable[[str], Any]:
    """Return a type of flag with these values."""
    return of_text(checks.Choice(*names))


port = of_text(checks.PORT)
word = of_text(checks.Text())
moment = of_text(checks.Moment())
switch = of_text(checks.Switch())
percent = of_text(checks.Percent())
log_format = one_of(*FORMATS)
