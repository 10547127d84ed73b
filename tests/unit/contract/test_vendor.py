"""Tests of the list of the vendor's operations: its form, its agreement with what is served, and the cost of reading it."""

import re

import pytest

from mockserver.api.resources import OPERATIONS
from mockserver.contract.vendor import ANNOUNCED, NUMBER, UNKNOWN, VendorOperation, vendor_resources
from support.calls import calls

ALL = [(name, operation) for name, resource in vendor_resources().items() for operation in resource.operations]


def test_all_operations_are_there_once() -> None:
    assert (len(vendor_resources()), len(ALL)) == (106, 372)
    assert len({operation.name for _, operation in ALL}) == len(ALL)
    assert list(vendor_resources()) == sorted(vendor_resources())


def test_each_line_has_the_form_that_the_head_describes() -> None:
    wrong = [operation for name, operation in ALL if not has_the_form(name, operation)]
    assert wrong == []


def has_the_form(resource: str, operation: VendorOperation) -> bool:
    path = rf"/{resource}(/\{{[A-Z][A-Za-z]+\}}|/[A-Z][A-Za-z]+)*"
    version = rf"[2-9]\d\.\d(\.\d+)?|{UNKNOWN}|{ANNOUNCED}"
    return (
        operation.method in ("GET", "POST", "PUT", "DELETE")
        and bool(re.fullmatch(path, operation.path))
        and bool(re.fullmatch(version, operation.added))
        and operation.source in ("", "client", "newer-page", "observed")
    )


def test_a_version_is_text() -> None:
    """YAML would take 22.10 for the number 22.1."""
    assert {type(operation.added) for _, operation in ALL} == {str}


def test_it_has_what_the_mock_serves_with_the_same_versions() -> None:
    listed = {operation.name: operation.added for _, operation in ALL}
    assert {f"{one.method} {one.path}": one.added for one in OPERATIONS}.items() <= listed.items()


def test_tables_and_types_are_the_vendors() -> None:
    procedures = vendor_resources()["procedurelogs"]
    assert (procedures.table, procedures.type) == ("procedurelog", "Procedure")
    assert vendor_resources()["guardians"].table == ""


@pytest.mark.parametrize(
    ("resource", "method", "segments", "names"),
    [
        ("patients", "GET", [], ["GET /patients"]),
        ("patients", "GET", [NUMBER], ["GET /patients/{PatNum}"]),
        ("patients", "GET", ["simple"], ["GET /patients/Simple"]),
        ("claims", "PUT", [], ["PUT /claims/{ClaimNum}"]),
        ("claims", "PUT", [NUMBER, "STATUS"], ["PUT /claims/{ClaimNum}/Status"]),
        ("appointments", "PUT", ["Break", NUMBER], ["PUT /appointments/{AptNum}/Break"]),
        ("carriers", "GET", [NUMBER, NUMBER], ["GET /carriers/{CarrierNum}", "GET /carriers"]),
        ("patients", "PATCH", [], []),
        ("patients", "GET", ["search"], []),
    ],
)  # fmt: skip
def test_a_request_is_for_the_operation_with_its_words(
    resource: str, method: str, segments: list[str], names: list[str]
) -> None:
    requested = vendor_resources()[resource].requested(method, segments)
    assert [operation.name for operation in requested] == names


def test_reading_it_costs_some_calls_for_each_operation() -> None:
    vendor_resources.cache_clear()
    assert calls(vendor_resources) < 30 * len(ALL)  # 2.5 to 4.3 ms
