"""Setting: the declaration of one setting, from which its flag, variable, help and check follow."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from mockserver.settings.checks import Check, Several, Switch

PREFIX = "OPENDENTAL_MOCK_"
PYTHON_ONLY = ""
# The value of the variable OPENDENTAL_MOCK_PORT that Kubernetes, or docker --link, sets for a service of that name.
_SERVICE_LINK = re.compile(r"(?:tcp|udp|sctp)://[\w.:\[\]-]+:\d+")
_NONE: Mapping[str, Check] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A setting.

    `name` is its name in Python. Its `flag` is like `--strict-headers`, `--no-admin` if it is a switch that is on by
    default, or PYTHON_ONLY. Several values make the flag repeatable. `metavar` is the value in the help; that of a
    choice or a file follows from its check. `others` are variables that are used, in this order, if neither the flag
    nor its own variable is given, each with its check.
    """

    name: str
    check: Check
    default: Any
    help: str
    metavar: str | None
    flag: str
    others: Mapping[str, Check]

    @property
    def is_switch(self) -> bool:
        """Return whether the flag has no value."""
        return isinstance(self.check, Switch)

    @property
    def is_repeatable(self) -> bool:
        """Return whether the flag may be given several times."""
        return isinstance(self.check, Several)

    @property
    def variable(self) -> str:
        """Return the name of the environment variable."""
        return PREFIX + self.flag.removeprefix("--").replace("-", "_").upper()

    @property
    def value_form(self) -> str | None:
        """Return the form of a value in the help, or None for a switch."""
        if self.is_switch:
            return None
        check = self.check.one if isinstance(self.check, Several) else self.check
        return self.metavar or check.form or self.name.upper()

    @property
    def description(self) -> str:
        """Return what the setting does, whether it may be repeated, and its default."""
        default = "" if self.default in (None, (), True, False) else f" (default: {self.default})"
        return self.help + ("; repeatable" if self.is_repeatable else "") + default

    def value(self, text: str) -> Any:
        """Return the value that the text of a flag or variable gives. Raises ValueError, which does not name it."""
        value = self.check.text(text)
        return not value if self.is_switch and self.default else value

    def values(self, text: str) -> tuple[Any, ...]:
        """Return the values in the text of the variable of a repeatable flag, separated as in PATH."""
        return tuple(self.value(one) for one in text.split(os.pathsep) if one)

    def but(self, **changes: Any) -> "Setting":
        """Return this setting with another default, help, check or other variables, as one command has it."""
        return replace(self, **changes)


def is_service_link(variable: str, text: str) -> bool:
    """Return whether the text is the address of a service, which is set without regard to this command."""
    return variable.endswith("_PORT") and _SERVICE_LINK.fullmatch(text) is not None


def declare(
    name: str, check: Check, default: Any, says: str,
    *, metavar: str | None = None, flag: str | None = None, others: Mapping[str, Check] = _NONE,
) -> Setting:  # fmt: skip
    """Return a setting, whose flag follows from its name unless it is given."""
    if flag is None:
        flag = f"--{'no-' if default is True else ''}{name.replace('_', '-')}"
    return Setting(name=name, check=check, default=default, help=says, metavar=metavar, flag=flag, others=others)


def setting(check: Check, default: Any, says: str, *, shown: bool = True, **more: Any) -> Any:
    """Return a field of a dataclass that declares the setting of its name. `repr` has its value if it may be `shown`.

    `more` are arguments of `declare`.
    """
    return field(default=default, repr=shown, metadata={"check": check, "default": default, "says": says, **more})


def declared(settings: type) -> dict[str, Setting]:
    """Return the settings that the fields of a dataclass declare, by their names in Python."""
    return {one.name: declare(one.name, **one.metadata) for one in fields(settings)}
