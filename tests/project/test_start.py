"""Start tests: a start imports nothing that only messages or other commands need, and costs the same with more resources."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.processes import without_settings
from support.project_copy import copied, run

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
STARTED = """
import json, sys, urllib.request
from support.calls import calls

opened = []
sys.addaudithook(lambda event, values: opened.append(str(values[0])) if event == "open" else None)

def start():
    from mockserver import create_app
    create_app()

count = calls(start)
from mockserver import MockServer
with MockServer() as server:
    read = []
    for resource in sys.argv[1:]:
        urllib.request.urlopen(urllib.request.Request(server.url + "/" + resource, headers=server.headers)).close()
        read.append([path for path in opened if "schemas" in path])
print(json.dumps([count, *read]))
"""
CALLS_OF_A_FOLDER = 100
"""The calls to find the folder of a resource. To read it takes thousands."""
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
    reports = {"mockserver.reports.report", "mockserver.journal.har", "mockserver.api.openapi"}
    assert imported.isdisjoint(
        cli
        | reports
        | {"mockserver.contract.cases", "mockserver.contract.folder_mistakes", "mockserver.web.tls"}
        | {"mockserver.api.dotnet_datetime", "hmac"}
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes of this kind")
def test_a_start_reads_no_authorities_and_its_command_may(tmp_path: Path) -> None:
    pipe = tmp_path / "authorities.pem"
    os.mkfifo(pipe)  # who opens it waits for a writer
    shows = f"import os; print(os.environ['SSL_CERT_FILE'] == {str(pipe)!r})"
    ended = subprocess.run(
        [sys.executable, "-m", "mockserver", "run", "--allow-no-requests", "--", sys.executable, "-c", shows],
        env=without_settings() | {"SSL_CERT_FILE": str(pipe)}, capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout.splitlines()[0]) == (0, "True"), ended.stderr


@pytest.mark.thorough
def test_a_start_does_not_read_the_resources_that_nobody_asks_for(tmp_path: Path) -> None:
    project = copied(tmp_path)
    run(project, "-c", STARTED)  # which compiles the modules
    (before,) = json.loads(run(project, "-c", STARTED).stdout)
    for name in (f"copy{number}" for number in range(40)):
        resource = project / f"schemas/{name}s"
        resource.mkdir()
        for file in ("row.json", "operations.yaml"):
            text = (project / "schemas/employees" / file).read_text("utf-8")
            (resource / file).write_text(
                text.replace('"employee', f'"{name}').replace("Employee", name.title()), "utf-8"
            )
    after, at_start, later = json.loads(run(project, "-c", STARTED, "claimtrackings", "copy7s").stdout)
    assert [path for path in at_start if "claimtrackings" in path]
    assert not re.findall(r"\bcopy\d+s", str(at_start))
    assert {*re.findall(r"\bcopy\d+s", str(later))} == {"copy7s"}
    assert after - before < 40 * CALLS_OF_A_FOLDER
