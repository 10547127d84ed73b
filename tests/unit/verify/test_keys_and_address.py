"""Tests of keys and addresses: where keys come from, where they may be sent, and that no message repeats them."""

from pathlib import Path

import pytest

from mockserver.office.rows import ApiKey
from mockserver.verify.address import AddressError, check_address
from mockserver.verify.keys import CUSTOMER, DEVELOPER, KeysError, read_keys

PAIR = ApiKey(DeveloperKey="Dev1", CustomerKey="Cust2")


def test_keys_come_from_the_two_variables() -> None:
    assert read_keys(None, {DEVELOPER: "Dev1", CUSTOMER: "Cust2"}) == PAIR


@pytest.mark.parametrize("text", ["Dev1/Cust2", "ODFHIR Dev1/Cust2", " Dev1/Cust2\n"])
def test_keys_come_from_a_named_variable_or_a_file(text: str, tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(text)
    assert read_keys("OFFICE", {"OFFICE": text}) == PAIR
    assert read_keys(f"@{file}", {}) == PAIR


@pytest.mark.parametrize(
    ("source", "environment", "told"),
    [
        (None, {}, f"set {DEVELOPER} and {CUSTOMER}"),
        (None, {DEVELOPER: "Dev1", CUSTOMER: ""}, f"set {DEVELOPER} and {CUSTOMER}"),
        (None, {DEVELOPER: "Dev1", CUSTOMER: "Sec/ret"}, "does not hold {DeveloperKey}/{CustomerKey}"),
        ("OFFICE", {}, "there is no variable OFFICE"),
        ("OFFICE", {"OFFICE": "Secret"}, "the variable OFFICE does not hold"),
        ("OFFICE", {"OFFICE": ""}, "the variable OFFICE does not hold"),
        ("Secret/Secret", {}, "do not belong on a command line"),
        ("@no/such/file", {}, "no/such/file: No such file"),
    ],
)
def test_missing_keys_are_told_and_never_repeated(source: str | None, environment: dict[str, str], told: str) -> None:
    with pytest.raises(KeysError) as caught:
        read_keys(source, environment)
    assert told in str(caught.value)
    assert "Sec" not in str(caught.value)


def test_a_file_that_is_not_text_is_no_traceback(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(KeysError, match="not UTF-8; save the file as UTF-8"):
        read_keys(f"@{file}", {})


@pytest.mark.parametrize(
    "url",
    ["https://api.opendental.com/api/v1", "http://127.0.0.1:30222/api/v1/", "http://localhost/api/v1",
     "http://[::1]:1/api/v1", "https://proxy.example/od/api/v1"],
)  # fmt: skip
def test_https_and_this_machine_are_allowed(url: str) -> None:
    assert check_address(url).hostname


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://api.opendental.com/api/v1", "unencrypted"),
        ("http://localhost.example/api/v1", "unencrypted"),
        ("ftp://127.0.0.1/api/v1", "not a URL"),
        ("https:///api/v1", "not a URL"),
        ("https://Dev:Cust@api.opendental.com/api/v1", "--keys-from"),
        ("https://api.opendental.com/api/v1?key=1", "--keys-from"),
        ("https://api.opendental.com", "does not end with /api/v1"),
    ],
)
def test_other_addresses_are_refused(url: str, told: str) -> None:
    with pytest.raises(AddressError, match=told):
        check_address(url)
