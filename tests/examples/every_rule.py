"""Coverage example: a script that plays the contract cases, and so covers every rule of the contract.

    opendental-mock run --strict --resource all --fail-under 100 -- python tests/examples/every_rule.py

The tests of a real integration cover only the rules that it relies on. The cases are in `schemas/<resource>/cases.yaml`
of the package; this file sends them with the standard library, and gives the server their offices with `connect`.
"""

import http.client
import json
import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from mockserver import connect, load_office
from mockserver.contract.case_files import shipped_cases
from mockserver.contract.cases import Case
from mockserver.contract.example_facts import EXAMPLE_FACTS
from mockserver.seeding.export import Export

BASE = urlsplit(os.environ["OPENDENTAL_BASE_URL"])
KEYS = f"ODFHIR {os.environ['OPENDENTAL_DEVELOPER_KEY']}/{os.environ['OPENDENTAL_CUSTOMER_KEY']}"
HEADERS = {"Authorization": KEYS, "Content-Type": "application/json"}
MOCK = connect()


def send(method: str, path: str, body: bytes | None = None, headers: dict[str, str] = HEADERS) -> tuple[int, bytes]:
    """Send a request, and return the status and the body of the response."""
    connection = http.client.HTTPConnection(str(BASE.hostname), BASE.port or 80, timeout=30)
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    answer = response.read()
    connection.close()
    return response.status, answer


def prepare(case: Case) -> dict[str, str]:
    """Give the server the office that a case needs, and return headers with a key of that office."""
    MOCK.reset()
    if case.office == "default":
        return HEADERS
    with tempfile.TemporaryDirectory() as folder:
        fixture = case.office
        if not isinstance(fixture, str):
            file = Path(folder, "office.json")
            file.write_text(json.dumps(fixture), encoding="utf-8")
            fixture = str(file)
        office = load_office(fixture)
    MOCK.office.replace("".join(Export(office).as_json()))
    if not office.apikey:
        return HEADERS
    key = next(iter(office.apikey.values()))  # it may read and write, or is the only one
    return {**HEADERS, "Authorization": f"ODFHIR {key.DeveloperKey}/{key.CustomerKey}"}


def play(case: Case) -> None:
    """Send the request of a case, and check the status of the response."""
    headers = prepare(case)
    request = case.request(EXAMPLE_FACTS)
    given = {name: value for name, value in {**headers, **request.headers}.items() if value is not None}
    status, answer = send(request.method, request.path, request.body, given)
    assert status == case.expect.status, f"{case.id}: {status} {answer.decode()}"


# Without the cases that --strict refuses, those that need a server with other settings, such as --throttle, and those of
# what the mock does not serve, for which a run fails.
CASES = [case for case in shipped_cases() if not case.warns and not case.settings and case.expect.status != 501]

for case in CASES:
    play(case)
