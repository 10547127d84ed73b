"""Start tests: modules for error messages or other commands are not imported at the start of a server."""

import subprocess
import sys

import pytest

from support.processes import without_settings

SERVED = """
import sys
before = set(sys.modules)

import json, urllib.error, urllib.request
import mockserver.cli
from mockserver import MockServer

def ask(method, path, body=None):
    request = urllib.request.Request(server.url.removesuffix("/api/v1") + path, method=method, headers=server.headers)
    request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, body and json.dumps(body).encode()) as answer:
            return answer.status
    except urllib.error.HTTPError as refusal:
        return refusal.code

def late():
    return [name for name in {late} if name in sys.modules.keys() - before]

with MockServer() as server:
    print(ask("GET", "/api/v1/claimtrackings"), ask("POST", "/claimtrackings", {"ClaimNum": 15}),
          ask("PUT", "/__admin/clock", {"now": "2023-07-26 09:47:10"}), ask("GET", "/claimtrackings?ClaimNum=999"))
    print(late())
    print(ask("POST", "/claimtrackings", {"ClaimNum": "x"}), late())
"""
LATE = ("jsonschema", "referencing", "importlib.metadata", "xml.etree.ElementTree")


def test_modules_for_messages_are_imported_only_on_errors() -> None:
    code = SERVED.replace("{late}", str(LATE))
    ended = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, encoding="utf-8", timeout=60, check=True
    )
    served, imported, refused = ended.stdout.splitlines()
    assert served == "200 201 200 404"
    assert imported == "[]"
    assert refused == "400 ['jsonschema', 'referencing']"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send a process this signal")
def test_a_server_imports_nothing_that_only_other_commands_need() -> None:
    code = "import sys; from mockserver.cli import main; main(['--port', '0']); print(*sys.modules)"
    with subprocess.Popen(
        [sys.executable, "-c", code], env=without_settings(), stdout=subprocess.PIPE, encoding="utf-8"
    ) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline().startswith("http://")
            server.terminate()
            imported = set(server.communicate(timeout=60)[0].split())
        finally:
            server.kill()  # so that no failure leaves it behind
    assert {"mockserver.cli.serve", "mockserver.web.fast.fast_path"} <= imported
    cli = {f"mockserver.cli.{name}" for name in ("run", "verify", "check")}
    reports = {"mockserver.recording.report", "mockserver.recording.har", "mockserver.api.openapi"}
    assert imported.isdisjoint(cli | reports | {"mockserver.contract.cases"})
