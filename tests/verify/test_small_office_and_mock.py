"""The small office and the mock, with the same rows, answer alike."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockserver import MockServer
from support.small_office import START, SmallOffice, frozen
from support.small_office_asks import ASKS, CREATES, UPDATES, create
from support.small_office_client import Ask, Client

OFFICE = Path(__file__).resolve().parents[1] / "support" / "small_office"
Pair = tuple[Client, Client]


def pair(folder: Path, *, excludes_none: bool = False, has_setup: bool = True) -> Iterator[Pair]:
    """Yield clients of a small office and of a mock with its rows."""
    with SmallOffice(clock=frozen(), excludes_none=excludes_none, has_setup=has_setup) as office:
        fixture = folder / "small_office.yaml"
        fixture.write_text(json.dumps(office.as_fixture()), "utf-8")
        with MockServer(fixture, now=str(START)) as mock:
            address = mock.url.removeprefix("http://").partition("/")[0]
            with Client(office.address, office.headers) as one, Client(address, mock.headers) as other:
                yield one, other


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Yield clients of both; the requests of this module write the same rows in both."""
    yield from pair(tmp_path_factory.mktemp("small_office"))


@pytest.fixture(params=[{"excludes_none": True}, {"has_setup": False}], ids=str)
def other_clients(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pair]:
    """Yield clients of both, where the status of a claim cannot be None, or where there is none to choose."""
    yield from pair(tmp_path, **request.param)


@pytest.mark.parametrize("ask", ASKS, ids=str)
def test_both_answer_alike(clients: Pair, ask: Ask) -> None:
    small_office, mock = clients
    assert small_office.ask(ask) == mock.ask(ask)


def test_both_answer_alike_where_the_office_is_set_up_otherwise(other_clients: Pair) -> None:
    small_office, mock = other_clients
    looks = [Ask(f"GET /api/v1/{resource}") for resource in ("preferences", "definitions", "claimtrackings")]
    for ask in (*CREATES, *UPDATES, *looks):
        assert small_office.ask(ask) == mock.ask(ask), ask


def test_the_office_imports_nothing_of_the_mock() -> None:
    files = sorted(OFFICE.glob("*.py"))
    assert len(files) > 10
    imported = {
        name for file in files for name in re.findall(r"^ *(?:from|import) +([\w.]+)", file.read_text("utf-8"), re.M)
    }
    foreign = {name for name in imported if name.partition(".")[0] not in sys.stdlib_module_names}
    assert {name.rpartition(".")[0] or name for name in foreign} <= {"support.small_office", "support"}
    assert [
        file.name for file in files if re.search("import.*mockserver|mockserver.*import", file.read_text("utf-8"))
    ] == []


def test_the_office_has_no_headers_of_a_mock_and_no_admin_api(clients: Pair) -> None:
    small_office, mock = clients
    _, headers = small_office.ask_with_headers(create())
    assert headers.keys() == {"server", "date", "content-type", "content-length"}
    assert any(name.startswith("x-mock") for name in mock.ask_with_headers(create())[1])
    for path in ("/__admin/", "/__admin/state", "/claimtrackings", "/api/v1/__admin"):
        assert small_office.ask(Ask(f"GET {path}")).status == 404


def test_the_office_requires_credentials_and_the_mock_does_not(clients: Pair) -> None:
    small_office, mock = clients
    without = Ask("GET /api/v1/definitions", headers={"Authorization": None})
    assert (small_office.ask(without).status, mock.ask(without).status) == (401, 200)
