"""Options of the pytest plugin, each on the command line and in the configuration file."""

import argparse
import os
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import pytest

from mockserver.settings.commands import ALLOW_UNSERVED, CTRF, FAIL_UNDER, HAR, JUNIT, REPORT, SELECTION, SERVER
from mockserver.settings.server import SETTINGS
from mockserver.settings.setting import Setting

if TYPE_CHECKING:
    from mockserver.reports.selection import Selection

_REPORT = "print the contract coverage at the end of the run"
_PREFIX, _INI = "--opendental-mock-", "opendental_mock_"
FILES = {"junit": JUNIT, "ctrf": CTRF, "har": HAR, "report_file": REPORT}
"""The files to write, by their names in the configuration file."""
REMEDY = f"{_PREFIX}{ALLOW_UNSERVED.flag[2:]} RESOURCE lets them pass"


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
    for name, setting in FILES.items():
        group.addoption(f"{_PREFIX}{name.replace('_', '-')}", metavar=setting.value_form, help=setting.help)
        parser.addini(f"{_INI}{name}", setting.help)
    for setting in SERVER:
        kind: Literal["bool", "args", "string"] = (
            "bool" if setting.is_switch else "args" if setting.is_repeatable else "string"
        )
        parser.addini(setting.variable.lower(), setting.help, type=kind, default=None)


def check_options(config: pytest.Config) -> None:
    """Raise UsageError for a setting that is not valid, and for a name that does not exist."""
    wanted_percent(config)
    server_settings(config)
    files(config)
    if not any(_names(config, one.name) for one in SELECTION):
        return
    from mockserver.contract.contract import shipped_contract
    from mockserver.reports.selection import SelectionError

    rules = [rule for rule in shipped_contract().rules.values() if rule.is_counted]
    try:
        selection(config).check(rules)
    except SelectionError as error:
        raise pytest.UsageError(f"--opendental-mock-{error.option}: {error}") from None
    _check_use(config)


def _check_use(config: pytest.Config) -> None:
    """Raise UsageError for an option of the command line that chooses rules of a report that is not wanted."""
    if is_report_wanted(config) or files(config) or os.environ.get("GITHUB_STEP_SUMMARY"):
        return
    for setting in SELECTION:
        option = f"{_PREFIX}{setting.flag[2:]}"
        if setting is not ALLOW_UNSERVED and config.getoption(option):
            remedy = f"{_PREFIX}report, {_PREFIX}fail-under or a file of {_PREFIX}junit"
            raise pytest.UsageError(f"{option} chooses rules of a report that is not asked for; add {remedy}")


def files(config: pytest.Config) -> dict[str, str]:
    """Return the paths of the files to write, by their options. Those of the configuration file are in the rootdir.

    Raises UsageError.
    """
    wanted: dict[str, str] = {}
    for name, setting in FILES.items():
        option = f"{_PREFIX}{name.replace('_', '-')}"
        given: str = config.getoption(option) or ""
        place, folder = (option, config.invocation_params.dir) if given else (f"{_INI}{name}", config.rootpath)
        given = given or config.getini(place)
        try:
            if given:
                wanted[option] = setting.value(str(folder / given))
        except ValueError as error:
            raise pytest.UsageError(f"{place}: {error}") from None
    return wanted


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


def server_settings(config: pytest.Config, given: Mapping[str, Any] = MappingProxyType({})) -> dict[str, Any]:
    """Return the settings of a server: `given`, and those of the configuration file that it leaves out.

    Relative paths are in the rootdir. Raises UsageError.
    """
    settings = {
        name: SETTINGS[name].check.below(config.rootpath, value) if name in SETTINGS else value
        for name, value in given.items()
    }
    left_out = ("fixtures", "now") if "office" in given else ()
    for setting in SERVER:
        if setting.name in given or setting.name in left_out:
            continue
        name = setting.variable.lower()
        value = setting.check.below(config.rootpath, config.getini(name))
        if value is not None:
            try:
                settings[setting.name] = _value(setting, value)
            except ValueError as error:
                raise pytest.UsageError(f"{name}: {error}") from None
    return settings


def _value(setting: Setting, value: Any) -> Any:
    """Return the value of a setting in the configuration file, which is a bool, a list or a text."""
    if setting.is_switch:
        return value != setting.default
    return tuple(map(setting.value, value)) if setting.is_repeatable else setting.value(value)


def selection(config: pytest.Config, allow_unserved: Iterable[str] = ()) -> "Selection":
    """Return the selection of the rules that count. `allow_unserved` are resources beside those of the option."""
    from mockserver.reports.selection import Selection

    return Selection(
        only=_names(config, "only"),
        ignore=_names(config, "ignore"),
        resources=_names(config, "resource"),
        operations=_names(config, "operation"),
        allow_unserved=[*_names(config, ALLOW_UNSERVED.name), *allow_unserved],
    )


def allowed_by_markers(item: pytest.Item) -> list[str]:
    """Return the resources that the markers of a test allow not to be served. Raises TypeError, ValueError."""
    from mockserver.reports.selection import Selection

    name = ALLOW_UNSERVED.name
    given = [marker.kwargs[name] for marker in item.iter_markers("opendental_mock") if name in marker.kwargs]
    allowed = [resource for value in given for resource in ALLOW_UNSERVED.check.value(value)]
    Selection(allow_unserved=allowed).check(())
    return allowed


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
