"""Flag tests: the precedence of flags and variables, and their valid values."""

import argparse
import os
from collections.abc import Callable

import pytest

from mockserver.api import checks
from mockserver.cli import flags

COUNT, PORT = flags.of_text(checks.COUNT), flags.of_text(checks.PORT)


def settled(*words: str) -> argparse.Namespace:
    """Return the values of those words, for a flag with a number, one with a list, and a switch."""
    parser = argparse.ArgumentParser()
    flag = flags.Flags(parser)
    flag.add("--journal-size", COUNT, 1000, "how many")
    flag.add("--allowed-host", flags.word, [], "a name")
    flag.add_switch("--strict", "refuse")
    options = parser.parse_args(words)
    flag.settle(options)
    return options


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("OPENDENTAL_")]:
        monkeypatch.delenv(name)


def test_default_applies_without_flag_and_variable() -> None:
    assert vars(settled()) == {"journal_size": 1000, "allowed_host": [], "strict": False}


def test_variables_of_every_kind_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENDENTAL_MOCK_JOURNAL_SIZE", "5")
    monkeypatch.setenv("OPENDENTAL_MOCK_ALLOWED_HOST", os.pathsep.join(["one.test", "", "two.test"]))
    monkeypatch.setenv("OPENDENTAL_MOCK_STRICT", "Yes")
    assert vars(settled()) == {"journal_size": 5, "allowed_host": ["one.test", "two.test"], "strict": True}


def test_a_flag_wins_over_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENDENTAL_MOCK_JOURNAL_SIZE", "5")
    monkeypatch.setenv("OPENDENTAL_MOCK_ALLOWED_HOST", "one.test")
    monkeypatch.setenv("OPENDENTAL_MOCK_STRICT", "0")
    options = settled("--journal-size", "6", "--allowed-host", "two.test", "--strict")
    assert vars(options) == {"journal_size": 6, "allowed_host": ["two.test"], "strict": True}


SERVER = {
    "OPENDENTAL_MOCK_URL": "http://one.test:1/api/v1",
    "OPENDENTAL_BASE_URL": "https://two.test/api/v1/",
    "OPENDENTAL_MOCK_PORT": "3",
}


@pytest.mark.parametrize(("words", "variables", "url"), [
    ((), {}, flags.DEFAULT_URL),
    ((), {"OPENDENTAL_MOCK_PORT": "3"}, "http://127.0.0.1:3/api/v1"),
    ((), {"OPENDENTAL_MOCK_PORT": "0"}, flags.DEFAULT_URL),
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
    parser = argparse.ArgumentParser()
    flag = flags.Flags(parser)
    flag.add_server()
    options = parser.parse_args(words)
    flag.settle(options)
    assert options.url == url


def test_help_names_variables_and_the_separator() -> None:
    parser = argparse.ArgumentParser()
    flag = flags.Flags(parser)
    flag.add_server()
    flag.add("--allowed-host", flags.word, [], "a name")
    said = " ".join(parser.format_help().split())
    assert "[OPENDENTAL_MOCK_URL, OPENDENTAL_BASE_URL, OPENDENTAL_MOCK_PORT]" in said
    assert f"[OPENDENTAL_MOCK_ALLOWED_HOST]; several values are separated by {os.pathsep}" in said


@pytest.mark.parametrize(("kind", "text", "value"), [
    (COUNT, "1", 1),
    (PORT, "65535", 65535),
    (flags.moment, "2023-07-26 09:47:10", "2023-07-26 09:47:10"),
    (flags.url, "http://127.0.0.1:30222/api/v1/", "http://127.0.0.1:30222/api/v1"),
    (flags.one_of("sh", "json"), "json", "json"),
    (flags.switch, "on", True),
    (flags.switch, "FALSE", False),
])  # fmt: skip
def test_valid_values_are_accepted(kind: Callable[[str], object], text: str, value: object) -> None:
    assert kind(text) == value


@pytest.mark.parametrize(("kind", "text"), [
    *((COUNT, text) for text in ("0", "-1", "1.5", "", "one", "٣", "1" * 13)),
    *((PORT, text) for text in ("65536", "-1", "٣", "")),
    *((flags.moment, text) for text in ("2023-07-26", "2023-02-30 00:00:00", "now")),
    *((flags.url, text) for text in ("nonsense", "http://[", "ftp://127.0.0.1/")),
    (flags.one_of("sh", "json"), "yaml"),
    (flags.switch, "perhaps"),
    (flags.word, "  "),
])  # fmt: skip
def test_invalid_values_are_refused(kind: Callable[[str], object], text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        kind(text)
