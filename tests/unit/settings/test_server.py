"""Settings tests: the same errors from Python and on the command line, each reported once."""

from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mockserver import AsyncMockServer, MockServer, create_app, load_office
from mockserver.cli import main
from mockserver.settings.server import SETTINGS, AppKeywords, ServerKeywords, Settings, ThreadKeywords
from mockserver.web.mock import MOCK

MAKERS = [create_app, AsyncMockServer, MockServer]


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
@pytest.mark.parametrize(
    ("setting", "error", "words"),
    [
        ({"mode": "Remote"}, ValueError, "mode: invalid choice 'Remote' (choose remote, local or service)"),
        ({"mode": "cloud"}, ValueError, "mode: invalid choice 'cloud' (choose remote, local or service)"),
        ({"mode": None}, TypeError, "mode: invalid choice None (choose remote, local or service)"),
        ({"journal_size": -1}, ValueError, "journal_size: -1 is not a whole number from 1 to 999999999999"),
        ({"journal_bytes": 0}, ValueError, "journal_bytes: 0 is not a whole number from 1 to 999999999999"),
        ({"journal_size": "5"}, TypeError, "journal_size: '5' is not a whole number from 1 to 999999999999"),
        ({"journal_size": True}, TypeError, "journal_size: True is not a whole number from 1 to 999999999999"),
        ({"strict": "yes"}, TypeError, "strict: 'yes' is not True or False"),
        ({"admin_token": ""}, ValueError, "admin_token: it is blank, which would open the admin API to everyone"),
        ({"admin_token": " \t"}, ValueError, "admin_token: it is blank, which would open the admin API to everyone"),
        (
            {"admin_token": "two\nlines"},
            ValueError,
            "admin_token: it has spaces around it, or characters that a header",
        ),
        ({"admin_token": " x"}, ValueError, "admin_token: it has spaces around it, or characters that a header"),
        ({"admin_token": b"secret"}, TypeError, "admin_token: it must be text, and is of type bytes"),
        (
            {"now": "noon"},
            ValueError,
            "now: 'noon' is not a time of the form yyyy-MM-dd HH:mm:ss, like '2023-07-26 09:",
        ),
        ({"now": 5}, TypeError, "now: 5 is neither text of the form yyyy-MM-dd HH:mm:ss nor a datetime"),
        ({"now": ""}, ValueError, "now: '' is not a time of the form yyyy-MM-dd HH:mm:ss"),
        ({"fixtures": " "}, ValueError, "fixtures: it is blank; leave it out for the default"),
        ({"fixtures": 5}, TypeError, "fixtures: 5 is neither a text nor a list of texts"),
        ({"fixtures": b"x"}, TypeError, "fixtures: b'x' is neither a text nor a list of texts"),
        ({"allowed_hosts": ["a", 5]}, TypeError, "allowed_hosts: 5 is not text"),
        ({"office": {}}, TypeError, "office: it must be of type Office, as load_office gives one, and is of type dict"),
        ({"stict": True}, TypeError, "there is no setting stict; did you mean strict? There are fixtures, now, office"),
        ({"qqq": True}, TypeError, "there is no setting qqq. There are fixtures, now, office, observed"),
    ],
    ids=str,
)
def test_a_setting_that_cannot_be_is_refused(
    make: Any, setting: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error) as refused:
        make(**setting)
    assert str(refused.value).startswith(words)
    assert "b'secret'" not in str(refused.value)


@pytest.mark.parametrize(("flag", "value", "setting"), [
    ("--mode", "cloud", {"mode": "cloud"}),
    ("--journal-size", "-1", {"journal_size": "-1"}),
    ("--port", "http", {"port": "http"}),
    ("--now", "noon", {"now": "noon"}),
    ("--loop", "trio", {"loop": "trio"}),
    ("--host", " ", {"host": " "}),
    ("--fixtures", "", {"fixtures": ""}),
    ("--allowed-host", " ", {"allowed_hosts": [" "]}),
    ("--admin-token", "", {"admin_token": ""}),
    ("--admin-token", " ", {"admin_token": " "}),
])  # fmt: skip
def test_the_command_line_says_the_same(
    flag: str, value: str, setting: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises((TypeError, ValueError)) as refused:
        Settings(**setting)
    with pytest.raises(SystemExit) as ended:
        main(["serve", f"{flag}={value}"])
    assert ended.value.code == 2
    assert f"argument {flag}: " + str(refused.value).partition(": ")[2] in capsys.readouterr().err


def test_an_admin_api_that_others_could_use_is_refused_in_python_too() -> None:
    with pytest.raises(ValueError, match=r"on 0\.0\.0\.0 others than this machine could use the admin API"):
        MockServer(host="0.0.0.0")
    for settings in ({"admin": False}, {"admin_token": "Sesame"}):
        Settings(host="0.0.0.0", **settings)
    Settings(host="no.such.host.invalid")  # which is reported when the server listens on it


def test_an_office_has_its_rows_and_its_clock_already() -> None:
    office = load_office("empty")
    assert create_app(office=office)[MOCK].settings.office is office
    for more in ({"fixtures": "default"}, {"now": "2023-07-26 09:47:10"}):
        with pytest.raises(ValueError, match="leave out fixtures and now"):
            create_app(office=office, **more)  # type: ignore[arg-type]


def test_settings_are_kept_in_one_form() -> None:
    settings = Settings(fixtures=Path("office.yaml"), allowed_hosts="mock.test", now=datetime(2023, 7, 26, 9))  # type: ignore[arg-type]
    assert settings.fixtures == ("office.yaml",)
    assert settings.allowed_hosts == ("mock.test",)
    assert settings.now == "2023-07-26 09:00:00"


def test_strict_headers_is_strict_too() -> None:
    assert Settings(strict_headers=True).strict


def test_nothing_shows_the_token() -> None:
    assert "Sesame" not in repr(Settings(admin_token="Sesame"))


def test_every_setting_has_a_check_and_a_keyword() -> None:
    names = {one.name for one in fields(Settings)}
    assert SETTINGS.keys() == names
    of_sockets = {"host", "port"} | {name for name in names if name.startswith("tls")}
    assert AppKeywords.__annotations__.keys() == names - of_sockets - {"loop"}
    assert ServerKeywords.__annotations__.keys() == names - {"loop"}
    assert ThreadKeywords.__annotations__.keys() == names
    for setting in SETTINGS.values():
        assert setting.default is None or setting.check.value(setting.default) == setting.default
