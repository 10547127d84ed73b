"""opendental-sdk tests: it reads each resource that it and the mock have, and its models take every row.

The SDK is the only public client that has a model for each row. Where it is the one that is wrong, MISTAKES says so.
"""

import inspect
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from mockserver import MockServer
from mockserver.contract.family_cases import answered_examples
from mockserver.resources.folder import Folder, shipped_folders

FOLDERS = shipped_folders()
PAGING = {"page", "per_page", "offset", "limit"}
PAGE_AND_PER_PAGE = "it sends page and per_page, which no page of the vendor names: without --strict they are ignored"
MISTAKES: Mapping[tuple[str, str], str] = {
    ("clinics", "list"): PAGE_AND_PER_PAGE,
    ("clinics", "get"): "the vendor has no GET of one clinic",
    ("definitions", "list"): PAGE_AND_PER_PAGE,
    ("definitions", "model"): "it requires id, definitions_num and name, and has none of the vendor's columns",
    ("employees", "list"): PAGE_AND_PER_PAGE,
    ("patplans", "get"): "the vendor has no GET of one patplan: it is the list, and the first argument is a PatNum",
    ("payments", "list"): PAGE_AND_PER_PAGE,
    ("payments", "get"): "the vendor has no GET of one payment",
    ("payments", "model"): "PayType is a number, and a text in the model",
    ("preferences", "get"): "the vendor has no GET of one preference",
}
"""What the SDK does wrong, by the resource and by its method, its parameter or `model`: the reason."""


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockServer]:
    """The office practice, with a version that serves every operation."""
    newest = max((spec.added for folder in FOLDERS.values() for spec in folder.operations.values()), key=version)
    layer = tmp_path_factory.mktemp("sdk") / "newest.yaml"
    layer.write_text(f"office: {{version: '{newest}'}}\n")
    with MockServer("practice", str(layer), now="2026-01-15 10:00:00") as server:
        yield server


def version(text: str) -> list[int]:
    return [int(part) for part in text.split(".")]


@pytest.fixture(scope="module")
def clients(mock: MockServer) -> Iterator[Mapping[str, Any]]:
    """The clients of the SDK by the resources that the mock has too."""
    keys = mock.headers["Authorization"].removeprefix("ODFHIR ").split("/")
    with warnings.catch_warnings(action="ignore"):  # its models are written for pydantic 1
        sdk = import_module("opendental.client").OpenDentalClient(*keys, base_url=mock.url, max_retries=0)
    yield {one.resource_name: one for one in vars(sdk).values() if getattr(one, "resource_name", "") in FOLDERS}
    sdk.session.close()


@pytest.fixture(scope="module")
def found(mock: MockServer, clients: Mapping[str, Any]) -> Mapping[tuple[str, str], str]:
    """What goes wrong, as the SDK or the mock says it."""
    return {
        (name, subject): text
        for name, client in clients.items()
        for subject, text in Reading(mock, client, FOLDERS[name]).mistakes()
    }


class Reading:
    """The reading of one resource. A mistake is its subject, and a text."""

    def __init__(self, mock: MockServer, client: Any, folder: Folder) -> None:
        self.mock, self.client, self.folder = mock, client, folder
        (self.model,) = get_args(inspect.signature(client.list).return_annotation)
        self.rows: Sequence[Mapping[str, Any]] = self.served()

    def served(self, path: str = "") -> Any:
        return self.client.client.get(f"/{self.folder.name}{path}")

    def mistakes(self) -> Iterator[tuple[str, str]]:
        yield from self.read("list", self.rows, self.client.list)
        if hasattr(self.client, "get_all"):
            yield from self.read("list", self.rows, self.client.get_all)
        for row in self.rows:
            yield from self.read("get", [row], self.get, row)
        yield from self.filters()
        for row in self.all_rows():
            yield from self.read("model", [row], self.parse, row)

    def get(self, row: Mapping[str, Any]) -> list[Any]:
        return [self.client.get(row[self.folder.key])]

    def parse(self, row: Mapping[str, Any]) -> list[Any]:
        return [self.model(**row)]

    def filters(self) -> Iterator[tuple[str, str]]:
        """Narrow the list by each parameter of the SDK: to the rows with the highest value of its column, if it has one."""
        for name in inspect.signature(self.client.list).parameters.keys() - PAGING:
            column = self.column(name)
            value = max((row[column] for row in self.rows), default=0) if column else datetime(2026, 1, 15)
            rows = [row for row in self.rows if row[column] == value] if column else None
            yield from self.read(name, rows, self.client.list, **{name: value})

    def column(self, parameter: str) -> str | None:
        """Return the column that a parameter is named after: `status` is ClaimStatus. `modified_since` has none."""
        word = parameter.replace("_", "")
        fitting = [name for name in self.folder.columns if name.lower().endswith(word)]
        return min(fitting, key=len, default=None)

    def all_rows(self) -> Iterator[Mapping[str, Any]]:
        """Yield the rows of each list, and those of the page's examples."""
        for spec in self.folder.operations.values():
            if spec.method == "GET":
                yield from answered_examples(self.folder, FOLDERS, spec)
            if spec.kind == "list":
                yield from self.served(f"/{spec.path}" if spec.path else "")

    def numbers(self, rows: Sequence[Mapping[str, Any]]) -> list[int]:
        return [row[self.folder.key] for row in rows]

    def read(
        self,
        subject: str,
        rows: Sequence[Mapping[str, Any]] | None,
        call: Callable[..., Sequence[Any]],
        *given: Any,
        **by: Any,
    ) -> Iterator[tuple[str, str]]:
        """Read rows with the SDK, and compare their numbers. Warnings of the mock are mistakes too, and 501 is none."""
        before = len(self.mock.requests)
        try:
            numbers = self.numbers([row.model_dump(by_alias=True) for row in call(*given, **by)])
            if rows is not None and numbers != self.numbers(rows):
                yield subject, f"{numbers} instead of {self.numbers(rows)}"
        except ValidationError as error:
            yield "model", str(error)
        except import_module("opendental.exceptions").OpenDentalAPIError as error:
            if error.status_code != 501:
                yield subject, str(error)
        for exchange in self.mock.requests[before:]:
            yield from ((subject, text) for _, text in exchange.warnings)


def test_only_what_the_sdk_does_wrong_goes_wrong(found: Mapping[tuple[str, str], str]) -> None:
    assert {key: text for key, text in found.items() if key not in MISTAKES} == {}


def test_the_sdk_still_does_it_wrong(found: Mapping[tuple[str, str], str]) -> None:
    assert {key for key in MISTAKES if key[0] in FOLDERS} - found.keys() == set()


def test_what_is_read_has_rows(clients: Mapping[str, Any]) -> None:
    assert clients.keys() > {"claims", "claimprocs", "patients"}
    assert [name for name, client in clients.items() if not client.client.get(f"/{name}")] == []


def test_the_sdk_pays_the_lines_of_a_claim_and_deletes_the_check(clients: Mapping[str, Any]) -> None:
    lines, payments = clients["claimprocs"], clients["claimpayments"]
    for line in lines.list(claim_num=1012):
        lines.update(line.claim_proc_num, {"Status": "Received", "InsPayAmt": 60.5, "WriteOff": 17.5})
    payment = payments.create({"claimNum": 1012, "CheckAmt": 60.5})
    assert [line.claim_num for line in lines.list(claim_payment_num=payment.claim_payment_num)] == [1012]
    payments.delete(payment.claim_payment_num)
    assert {line.claim_payment_num for line in lines.list(claim_num=1012)} == {0}


def test_the_sdk_repeats_a_create_whose_response_is_lost(
    mock: MockServer, clients: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", mock.clock.advance)
    mock.fault(operation="claimtrackings/create", when="after", then="reset")
    before = len(mock.office.claimtracking)
    clients["claims"]._post("/claimtrackings", {"ClaimNum": 1001})
    assert len(mock.office.claimtracking) == before + 2
