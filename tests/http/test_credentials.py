"""Credential tests: credentials of clients, also in wrong places, are hidden in the journal, log and report."""

import asyncio
import json
import logging
from urllib.parse import urlsplit

import pytest

from conftest import NOW
from mockserver import create_app
from mockserver.contract.contract import shipped_contract
from mockserver.journal import exchange_forms
from mockserver.journal.log_format import FORMATS
from mockserver.reports.report import report
from mockserver.reports.report_junit import as_junit
from mockserver.reports.report_text import as_text
from mockserver.web.mock import MOCK
from mockserver.web.server import Server

PATH = "/api/v1/claimtrackings"
REQUESTS = [
    (PATH, "Authorization: ODFHIR SECRET/SECRET"),
    (PATH, "Authorization: SECRET/SECRET"),
    (PATH, "Authorization: SECRET SECRET"),
    (PATH, "Proxy-Authorization: Basic SECRET"),
    (PATH, "Cookie: session=SECRET; theme=SECRET"),
    (PATH, "X-Mock-Admin-Token: SECRET SECRET"),
    (PATH, "X-Authorization: ODFHIR SECRET/SECRET"),
    (PATH, "Accept: */*\r\nAuthorization: SECRET\r\nauthorization: ODFHIR SECRET/SECRET"),
    (PATH, "User-Agent: ODFHIR SECRET/SECRET"),
    (f"{PATH}?Authorization=SECRET", ""),
    (f"{PATH}?authorization=ODFHIR+SECRET/SECRET", ""),
    (f"{PATH}?ODFHIR%20SECRET/SECRET", ""),
    (f"{PATH}?ClaimNum=15&access_token=SECRET", ""),
    (f"{PATH}?Note=http://user:SECRET@localhost/", ""),
    (f"http://user:SECRET@localhost{PATH}", ""),
    (f"http://SECRET@localhost{PATH}?key=SECRET", ""),
    (f"{PATH}?ODFHIR%20SECRET/SECRET", "Authorization: ODFHIR SECRET/SECRET\r\nContent-Type: application/json"),
    ("/api/v1/nothing?password=SECRET", ""),
]


@pytest.mark.parametrize("strict", [False, True])
async def test_no_credential_is_shown(strict: bool, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    app = create_app(now=NOW, strict=strict)
    async with asyncio.timeout(60), Server(app, port=0) as server:
        for target, fields in REQUESTS:
            headers = f"Host: localhost\r\nConnection: close\r\n{fields}".rstrip("\r\n")
            await exchanged(server, f"GET {target} HTTP/1.1\r\n{headers}\r\n\r\n")
        admin = "Host: localhost\r\nConnection: close\r\nContent-Type: application/json"
        journal = await exchanged(server, f"GET /__admin/requests HTTP/1.0\r\n{admin}\r\n\r\n")
        contract = await exchanged(server, f"GET /__admin/contract HTTP/1.0\r\n{admin}\r\n\r\n")
        held = list(app[MOCK].shared.journal)
    shown = json.loads(journal.partition("\r\n\r\n")[2])
    assert shown["total"] == len(REQUESTS)
    coverage = report(json.loads(contract.partition("\r\n\r\n")[2]))
    assert coverage.warnings
    lines = [FORMATS[form]().format(record) for form in ("text", "json") for record in caplog.records]
    assert f"GET {PATH}?Authorization=[redacted]" in "\n".join(lines)
    for seen in (
        journal,
        contract,
        as_text(coverage),
        as_junit(coverage),
        *lines,
        *(exchange_forms.as_text(exchange, shipped_contract().rules) for exchange in held),
        *map(repr, held),
    ):
        assert "SECRET" not in seen


async def exchanged(server: Server, request: str) -> str:
    url = urlsplit(server.url)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(request.encode())
    answer = await reader.read()
    writer.close()
    return answer.decode()
