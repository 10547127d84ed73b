"""Options of the pytest plugin, each on the command line and in the configuration file."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from mockserver.settings.commands import FAIL_UNDER, SELECTION

if TYPE_CHECKING:
    from mockserver.recording.selection import Selection

_REPORT = "print the contract coverage at the end of the run"
_PREFIX, _INI = "--opendental-mock-", "opendental_mock_"


def add_options(parser: pytest.Parser) -> None:
    """Add the options and their names in the configuration file."""
    group = parser.getgroup("opendental-mock")
    group.addoption(f"{_PREFIX}report", action="store_true", help=_REPORT)
    parser.addini(f"{_INI}report", _REPORT, type="bool")
    group.addoption(f"{_PREFIX}fail-under", type=_percent, metavar=FAIL_UNDER.value_form, help=FAIL_UNDER.help)
    parser.addini(f"{_INI}fail_under", FAIL_UNDER.help)
    for setting in SELECTION:
        group.addoption(
            f"{_PREFIX}{setting.flag[2:]}", action="append", metavar=setting.value_form, help=setting.description
        )
        parser.addini(f"{_INI}{setting.name}", setting.help, type="args")


def check_options(config: pytest.Config) -> None:
    """Raise UsageError for a value that is not a percentage, and for a name that does not exist."""
    wanted_percent(config)
    if not any(_names(config, one.name) for one in SELECTION):
        return
    from mockserver.contract.contract import shipped_contract
    from mockserver.recording.selection import SelectionError

    rules = [asdict(rule) for rule in shipped_contract().rules.values() if rule.is_counted]
    try:
        selection(config).check(rules)
    except SelectionError as error:
        raise pytest.UsageError(f"--opendental-mock-{error.option}: {error}") from None


def is_report_wanted(config: pytest.Config) -> bool:
    """Return whether the run ends with the report."""
    is_wanted = config.getoption("--opendental-mock-report") or config.getini("opendental_mock_report")
    return bool(is_wanted) or wanted_percent(config) is not None


def wanted_percent(config: pytest.Config) -> float | None:
    """Return the percentage of rules that must be met, if there is one. Raises UsageError."""
    given: float | None = config.getoption("--opendental-mock-fail-under")
    text: str = config.getini("opendental_mock_fail_under")
    if given is not None or not text:
        return given
    try:
        return _percent(text)
    except argparse.ArgumentTypeError as error:
        raise pytest.UsageError(f"opendental_mock_fail_under: {error}") from None


def selection(config: pytest.Config) -> "Selection":
    """Return the selection of the rules that count."""
    from mockserver.recording.selection import Selection

    return Selection(
        only=_names(config, "only"),
        ignore=_names(config, "ignore"),
        resources=_names(config, "resource"),
        operations=_names(config, "operation"),
        allow_unserved=_names(config, "allow_unserved"),
    )


def _names(config: pytest.Config, name: str) -> list[str]:
    """Return the values of an option; those of the configuration file only if the command line has none."""
    option = f"{_PREFIX}{name.replace('_', '-')}"
    names: list[str] = config.getoption(option) or config.getini(f"{_INI}{name}")
    return names


def _percent(text: str) -> float:
    try:
        percent: float = FAIL_UNDER.value(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return percent
