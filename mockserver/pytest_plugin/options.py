"""Options of the pytest plugin, each on the command line and in the configuration file."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from mockserver.recording.selection import Selection

_LISTS = {
    "only": "count only rules of this kind: documented, observed or assumed; served or refused",
    "resource": "count the rules of this resource instead of claimtrackings, or of all",
    "operation": "count the rules of this operation, like claimtrackings/create, instead of those of a resource",
    "ignore": "leave this rule out of the count",
}
_REPORT = "print the contract coverage at the end of the run"
_FAIL_UNDER = "fail if fewer percent of the rules are met"


def add_options(parser: pytest.Parser) -> None:
    """Add the options and their names in the configuration file."""
    group = parser.getgroup("opendental-mock")
    group.addoption("--opendental-mock-report", action="store_true", help=_REPORT)
    parser.addini("opendental_mock_report", _REPORT, type="bool")
    group.addoption("--opendental-mock-fail-under", type=_percent, metavar="N", help=_FAIL_UNDER)
    parser.addini("opendental_mock_fail_under", _FAIL_UNDER)
    for name, says in _LISTS.items():
        group.addoption(f"--opendental-mock-{name}", action="append", metavar="NAME", help=f"{says}; repeatable")
        parser.addini(f"opendental_mock_{name}", says, type="args")


def check_options(config: pytest.Config) -> None:
    """Raise UsageError for a value that is not a percentage, and for a name that does not exist."""
    wanted_percent(config)
    if not any(_names(config, name) for name in _LISTS):
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
    )


def _names(config: pytest.Config, name: str) -> list[str]:
    """Return the values of an option; those of the configuration file only if the command line has none."""
    names: list[str] = config.getoption(f"--opendental-mock-{name}") or config.getini(f"opendental_mock_{name}")
    return names


def _percent(text: str) -> float:
    from mockserver.api.checks import Percent  # late, so that the plugin costs a test run without a mock little

    try:
        return Percent().value(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
