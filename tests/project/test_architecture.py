"""The page on the architecture describes the code as it is."""

import importlib
import re
import socket
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from mockserver import MockServer

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "mockserver"
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
WALK = re.findall(r"^\| \d+ \| `([\w/]+)\.py` \| `([\w.]+)` \|", PAGE, re.M)
STEPS = [(f"mockserver.{path.replace('/', '.')}", function) for path, function in WALK]
FIRST = STEPS[0]

Call = tuple[int, str, str]


def test_the_picture_has_the_layers_of_the_import_contract_in_order() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    assert re.findall(r'^ +L\d+\["<b>(.+?)</b>', PAGE, re.M) == layers


def test_the_arrows_of_the_picture_lead_from_its_top_layer_to_its_bottom() -> None:
    nodes = re.findall(r"^ +(L\d+)\[", PAGE, re.M)
    (arrows,) = re.findall(r"^ +(L\d+(?: --> L\d+)+)$", PAGE, re.M)
    assert arrows.split(" --> ") == nodes
    assert PAGE.count("-->") == len(nodes) - 1


def test_the_steps_are_numbered_one_by_one() -> None:
    numbers = re.findall(r"^\| (\d+) \|", PAGE, re.M)
    assert [int(number) for number in numbers] == list(range(1, len(STEPS) + 1))


@pytest.mark.parametrize(("module", "function"), STEPS)
def test_each_step_is_a_function_of_its_module(module: str, function: str) -> None:
    found: Any = importlib.import_module(module)
    for name in function.split("."):
        found = getattr(found, name)
    assert callable(found)
    assert found.__module__ == module


def test_a_post_makes_the_calls_of_the_page_in_their_order() -> None:
    with recorded_calls() as calls:
        create_a_claim_tracking()
    names = [(module, function) for _, module, function in calls]
    begin = len(names) - 1 - names[::-1].index(FIRST)
    thread = calls[begin][0]
    made = [(module, function) for ident, module, function in calls[begin:] if ident == thread]
    assert first_of_each([call for call in made if call in STEPS]) == STEPS
    modules = {module for module, _ in STEPS}
    called = [module for module, _ in made if module in modules]
    assert first_of_each(called) == first_of_each([module for module, _ in STEPS])


def test_every_path_on_the_page_exists() -> None:
    quoted = re.findall(r"`([\w.-]+(?:/[\w.-]*)+|[\w.-]+\.(?:py|toml|yaml|json|md))`", PAGE)
    assert len(quoted) > len(STEPS)
    assert [path for path in quoted if not (ROOT / path).exists() and not (PACKAGE / path).exists()] == []


@contextmanager
def recorded_calls() -> Iterator[list[Call]]:
    """Record the calls of this package's functions in threads that start meanwhile, as thread, module and function."""
    calls: list[Call] = []

    def record(frame: FrameType, event: str, _argument: object) -> None:
        if event != "call" or not frame.f_code.co_filename.endswith(".py"):  # methods of dataclasses are generated
            return
        module = frame.f_globals.get("__name__", "")
        if module.startswith("mockserver."):
            # A closure counts as the function that made it.
            function = frame.f_code.co_qualname.partition(".<locals>")[0]
            calls.append((threading.get_ident(), module, function))

    before = threading.getprofile()
    threading.setprofile(record)
    try:
        yield calls
    finally:
        threading.setprofile(before)


def create_a_claim_tracking() -> None:
    """Send a POST in one segment to a server in a thread of its own, after a GET that has it read the resource."""
    body = b'{"ClaimNum": 15}'
    with MockServer() as server:
        host, _, port = server.url.removeprefix("http://").partition("/")[0].partition(":")
        headers = {"Host": f"{host}:{port}", **server.headers, "Content-Type": "application/json"}
        headers["Content-Length"] = str(len(body))
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        with socket.create_connection((host, int(port)), timeout=10) as client:
            client.sendall(f"GET /api/v1/claimtrackings?Limit=1 HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
            assert client.recv(65_536).startswith(b"HTTP/1.1 200 ")
            client.sendall(f"POST /api/v1/claimtrackings HTTP/1.1\r\n{head}\r\n".encode() + body)
            assert client.recv(65_536).startswith(b"HTTP/1.1 201 ")


def first_of_each(values: list[Any]) -> list[Any]:
    """Return the values in the order of their first occurrence."""
    return list(dict.fromkeys(values))
