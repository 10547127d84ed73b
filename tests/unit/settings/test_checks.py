"""Check tests: the values that each kind of setting accepts as text."""

from pathlib import Path

import pytest

from mockserver.settings.checks import (
    COUNT,
    PORT,
    Check,
    Choice,
    FilePath,
    FixtureName,
    LocalUrl,
    Moment,
    OutputFile,
    Pace,
    Percent,
    Several,
    Switch,
    Text,
    Url,
)
from mockserver.settings.secret import Token


@pytest.mark.parametrize(("check", "text", "value"), [
    (COUNT, "1", 1),
    (PORT, "65535", 65535),
    (Moment(), "2023-07-26 09:47:10", "2023-07-26 09:47:10"),
    (Url(), "http://127.0.0.1:30222/api/v1/", "http://127.0.0.1:30222/api/v1"),
    (Choice("sh", "json"), "json", "json"),
    (Switch(), "on", True),
    (Switch(), "FALSE", False),
    (Pace(), "auto", "auto"),
    (Pace(), "0.5", 0.5),
    (OutputFile(), "report.json", "report.json"),
])  # fmt: skip
def test_valid_values_are_accepted(check: Check, text: str, value: object) -> None:
    assert check.text(text) == value


@pytest.mark.parametrize(("check", "text"), [
    *((COUNT, text) for text in ("0", "-1", "1.5", "", "one", "٣", "1" * 13)),
    *((PORT, text) for text in ("65536", "-1", "٣", "")),
    *((LocalUrl(), text) for text in ("65536", "tcp://10.0.0.1:30222")),
    *((Moment(), text) for text in ("2023-07-26", "2023-02-30 00:00:00", "now")),
    *((Url(), text) for text in ("nonsense", "http://[", "ftp://127.0.0.1/", "http://a:99999", "http://a:0", "http://a:b")),
    *((Pace(), text) for text in ("fast", "-1", "3601", "nan")),
    *((Percent(), text) for text in ("101", "-1", "nan", "half")),
    *((OutputFile(), text) for text in (" ", "a\0b/c")),
    (Choice("sh", "json"), "yaml"),
    (Switch(), "perhaps"),
    (Text(), "  "),
])  # fmt: skip
def test_invalid_values_are_refused(check: Check, text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        check.text(text)


@pytest.mark.parametrize(
    "url", ["http://me:Sesame@mock.test/api/v1", "http://mock.test/?token=Sesame", "http://a/#Sesame"]
)
def test_a_url_with_a_secret_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(ValueError, match="it has a user, a query or a fragment; give a URL like http") as refused:
        Url().text(url)
    assert "Sesame" not in str(refused.value)


@pytest.mark.parametrize(("content", "problem"), [
    (b"", "it is blank"),
    (b"two\nlines", "it has spaces around it, or characters that a header cannot carry"),
    (b"@another", "it begins with @, which stands for the name of a file"),
    (b"\xff", "not UTF-8; save the file as UTF-8"),
    (None, "No such file or directory"),
])  # fmt: skip
def test_a_token_file_that_holds_no_token_is_named(content: bytes | None, problem: str, tmp_path: Path) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ValueError, match=problem) as refused:
        Token().text(f"@{file}")
    assert str(refused.value).startswith(f"{file}: ")
    assert str(content) not in str(refused.value)


def test_a_token_from_a_file_has_no_white_space_around_it(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b"\xef\xbb\xbfSesame\r\n")
    assert Token().text(f"@{tmp_path / 'token'}") == "Sesame"


def test_relative_paths_are_paths_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "default").mkdir()
    assert FilePath().below(tmp_path, "observed.yaml") == str(tmp_path / "observed.yaml")
    assert FilePath().below(tmp_path, "/observed.yaml") == str(Path("/observed.yaml"))
    names = ("empty", "default", "offices/our.yaml")
    below = ("empty", str(tmp_path / "default"), str(tmp_path / "offices" / "our.yaml"))
    assert Several(FixtureName()).below(tmp_path, names) == below
    assert COUNT.below(tmp_path, 5) == 5
