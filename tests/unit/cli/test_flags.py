"""Flag tests: the precedence of flags and variables, and the help, as settings declare them."""

import argparse
import os
import re
from collections.abc import Iterable

import pytest

from mockserver.cli.flags import Flags
from mockserver.settings.checks import DEFAULT_URL
from mockserver.settings.commands import CLIENT, ENV, GATE, HAR, IMPORT, LOG_FORMAT, SERVE, VERIFY
from mockserver.settings.server import SETTINGS
from mockserver.settings.setting import Setting

OF_EACH_KIND = [SETTINGS[name] for name in ("journal_size", "allowed_hosts", "strict", "admin")]


def settled(*words: str, settings: Iterable[Setting] = OF_EACH_KIND) -> argparse.Namespace:
    """Return the values that these words give: by default of a number, a list, and switches that are off and on."""
    parser = argparse.ArgumentParser()
    Flags(parser, settings)
    options = parser.parse_args(words)
    options.settle(options)
    del options.settle
    return options


def values(options: argparse.Namespace) -> dict[str, object]:
    return {name: value for name, value in vars(options).items() if name != "notes"}


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("OPENDENTAL_")]:
        monkeypatch.delenv(name)


def test_default_applies_without_flag_and_variable() -> None:
    assert values(settled()) == {"journal_size": 1000, "allowed_hosts": (), "strict": False, "admin": True}


def test_variables_of_every_kind_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENDENTAL_MOCK_JOURNAL_SIZE", "5")
    monkeypatch.setenv("OPENDENTAL_MOCK_ALLOWED_HOST", os.pathsep.join(["one.test", "", "two.test"]))
    monkeypatch.setenv("OPENDENTAL_MOCK_STRICT", "Yes")
    monkeypatch.setenv("OPENDENTAL_MOCK_NO_ADMIN", "1")
    expected = {"journal_size": 5, "allowed_hosts": ("one.test", "two.test"), "strict": True, "admin": False}
    assert values(settled()) == expected


def test_a_flag_wins_over_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENDENTAL_MOCK_JOURNAL_SIZE", "5")
    monkeypatch.setenv("OPENDENTAL_MOCK_ALLOWED_HOST", "one.test")
    monkeypatch.setenv("OPENDENTAL_MOCK_STRICT", "0")
    monkeypatch.setenv("OPENDENTAL_MOCK_NO_ADMIN", "0")
    options = settled("--journal-size", "6", "--allowed-host", "two.test", "--strict", "--no-admin")
    assert values(options) == {"journal_size": 6, "allowed_hosts": ["two.test"], "strict": True, "admin": False}


# What Kubernetes and docker --link set for a service or container of the name opendental-mock, beside its _PORT.
LINKS = r"^OPENDENTAL_MOCK_(SERVICE_HOST|SERVICE_PORT|SERVICE_PORT_\w+|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?|NAME|ENV_\w+)$"
EVERY = [*SERVE, *CLIENT, *ENV, *GATE, *VERIFY, *IMPORT, LOG_FORMAT, HAR]


@pytest.mark.parametrize("link", ["tcp://10.0.171.239:30222", "udp://[fd00::1]:30222"])
def test_a_service_link_is_ignored_with_a_note(link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {name for setting in EVERY for name in (setting.variable, *setting.others)}
    assert [name for name in variables if re.search(LINKS, name)] == []
    for name in (name for name in variables if name.endswith("_PORT")):
        monkeypatch.setenv(name, link)
    for settings, chosen in ((SERVE, ("port", 30222)), (CLIENT, ("url", DEFAULT_URL)), (ENV, ("url", DEFAULT_URL))):
        options = settled(settings=settings)
        assert chosen in values(options).items()
        (note,) = options.notes
        assert note.startswith(f"the environment variable OPENDENTAL_MOCK_PORT is ignored: {link} is the address")


@pytest.mark.parametrize("text", ["tcp://10.0.171.239", "http://10.0.171.239:30222", "tcp://\x1b[31m:1"])
def test_a_port_that_is_no_service_link_is_refused(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENDENTAL_MOCK_PORT", text)
    with pytest.raises(SystemExit):
        settled(settings=SERVE)
    assert "environment variable OPENDENTAL_MOCK_PORT: " in capsys.readouterr().err


SERVER = {
    "OPENDENTAL_MOCK_URL": "http://one.test:1/api/v1",
    "OPENDENTAL_BASE_URL": "https://two.test/api/v1/",
    "OPENDENTAL_MOCK_PORT": "3",
}


@pytest.mark.parametrize(("words", "variables", "url"), [
    ((), {}, DEFAULT_URL),
    ((), {"OPENDENTAL_MOCK_PORT": "3"}, "http://127.0.0.1:3/api/v1"),
    ((), {"OPENDENTAL_MOCK_PORT": "0"}, DEFAULT_URL),
    ((), SERVER | {"OPENDENTAL_MOCK_URL": ""}, "https://two.test/api/v1"),
    ((), SERVER, "http://one.test:1/api/v1"),
    (("--url", "http://four.test"), SERVER, "http://four.test"),
    (("--url", "http://four.test"), {"OPENDENTAL_BASE_URL": "of another kind"}, "http://four.test"),
])  # fmt: skip
def test_a_server_is_found_by_flag_then_by_base_URL_then_by_port(  # noqa: N802
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], variables: dict[str, str], url: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert settled(*words, settings=CLIENT).url == url


def test_help_names_variables_and_the_separator() -> None:
    parser = argparse.ArgumentParser()
    Flags(parser, [*CLIENT, SETTINGS["allowed_hosts"]])
    said = " ".join(parser.format_help().split())
    assert "[OPENDENTAL_MOCK_URL, OPENDENTAL_BASE_URL, OPENDENTAL_MOCK_PORT]" in said
    assert f"[OPENDENTAL_MOCK_ALLOWED_HOST]; several values are separated by {os.pathsep}" in said
