"""Flags: the flags of a command and their environment variables, as its settings declare them."""

import argparse
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mockserver.settings.checks import Check
from mockserver.settings.setting import Setting, is_service_link


class Flags:
    """The flags of a parser. A flag overrides its variable, and the variable the default.

    An invalid value ends the command, whether it comes from a flag or from a variable that is used.
    """

    def __init__(self, parser: argparse.ArgumentParser, settings: Iterable[Setting]) -> None:
        self._parser = parser
        self._settings = tuple(settings)
        for setting in self._settings:
            self._add(setting)
        parser.set_defaults(settle=self.settle)

    def settle(self, options: argparse.Namespace) -> None:
        """Set each setting that no flag gave to the value of its variable, or else to its default.

        `notes` of the options become a line on each variable that is ignored.
        """
        options.notes = []
        for setting in self._settings:
            if getattr(options, setting.name) is None:
                setattr(options, setting.name, self._from_environment(setting, options.notes))

    def _add(self, setting: Setting) -> None:
        variables = f"[{', '.join(_variables(setting))}]"
        if setting.is_repeatable:
            variables += f"; several values are separated by {os.pathsep}"
        says = f"{setting.description} {variables}".replace("%", "%%")
        if setting.is_switch:
            self._parser.add_argument(
                setting.flag, dest=setting.name, action="store_const", const=not setting.default, help=says
            )
        else:
            self._parser.add_argument(
                setting.flag, dest=setting.name, type=of_text(setting.check), help=says, metavar=setting.value_form,
                action="append" if setting.is_repeatable else "store",
            )  # fmt: skip

    def _from_environment(self, setting: Setting, notes: list[str]) -> object:
        """Return the value of the first variable that is set, neither empty nor a service link, or else the default."""
        for name, check in _variables(setting).items():
            text = os.environ.get(name, "")
            if is_service_link(name, text):
                notes.append(
                    f"the environment variable {name} is ignored: {text} is the address of a service of that name,"
                    f" as Kubernetes or docker --link sets it; use {setting.flag}, or name the service otherwise"
                )
            elif text:
                try:
                    if name != setting.variable:
                        return check.text(text)
                    return setting.values(text) if setting.is_repeatable else setting.value(text)
                except ValueError as error:
                    self._parser.error(f"environment variable {name}: {error}")
        return setting.default


def of_text(check: Check) -> Callable[[str], Any]:
    """Return a type of argument with the values that `check` accepts."""

    def kind(text: str) -> Any:
        try:
            return check.text(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return kind


def _variables(setting: Setting) -> Mapping[str, Check]:
    return {setting.variable: setting.check, **setting.others}
