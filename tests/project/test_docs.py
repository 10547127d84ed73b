"""Documentation tests: the documents agree with the code."""

import asyncio
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import MakeClient
from mockserver import create_app
from mockserver.api.resources import OPERATIONS
from mockserver.cli import main
from mockserver.cli.docs import _anchor, _operations
from mockserver.contract.contract import shipped_contract
from mockserver.seeding.load import load_office
from mockserver.settings.commands import SERVE
from mockserver.web.admin.filters import FILTERS
from mockserver.web.server import Server
from support import admin_page
from support.effort import parameters
from support.responses_page import filled

HERE = Path(__file__).resolve().parents[2]
RULES = shipped_contract().rules


def read(name: str) -> str:
    return (HERE / name).read_text("utf-8")


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)


def test_behaviour_page_has_every_shared_rule_with_its_standing() -> None:
    rows = re.findall(r"^\| (`[^|]+`) \| [^|]+ \| (\w+) \|", read("docs/behaviour.md"), re.M)
    said = {rule: standing for cell, standing in rows for rule in re.findall(r"`([\w.-]+)`", cell)}
    expected = {rule for rule in RULES if rule.startswith(("api.", "warning."))} | said.keys()
    assert said == {rule: RULES[rule].standing for rule in expected}


def test_the_page_on_the_admin_api_is_made_from_its_routes() -> None:
    page = read("docs/admin.md")
    assert page == admin_page.filled(page), "PYTHONPATH=tests python -m support.admin_page writes the table"
    assert len(re.findall(r"^\| `\w+ /__admin[^`]*` \| \w", page, re.M)) == len(admin_page.routes()) > 30


def test_the_handlers_of_the_admin_api_name_the_parameters_they_read() -> None:
    told = {name for route in admin_page.routes() for name in re.findall(r"`(\w+)`", admin_page.parameters(route))}
    read_names = admin_page.names_in_queries()
    assert {"limit", "wait", "office"} <= read_names
    assert read_names - {"office"} <= told, "add them to the docstring of the handler, after `Query:`"
    assert told - read_names <= set(shipped_contract().schemas["admin/clock"].properties)


def test_the_page_on_the_journal_names_every_filter() -> None:
    table = read("docs/journal.md").partition("\n## Filters\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`[^|]+`) \|", table, re.M)
    assert [name for cell in cells for name in re.findall(r"`(\w+)`", cell)] == list(FILTERS)


def test_page_on_offices_has_every_key_of_the_office_keys() -> None:
    section = read("docs/offices.md").partition("## Shipped offices")[2].partition("\n## ")[0]
    said = re.findall(r"^\| `(\w+)` \| ([\w, ]+) \| (\w+) \|$", section, re.M)
    keys = load_office("keys").apikey.values()
    assert said == [(key.CustomerKey, ", ".join(key.Permissions), key.State) for key in keys]
    assert {key.DeveloperKey for key in keys} == {"MockDeveloperKey"}


ADMIN_PAGES = "".join(read(f"docs/{name}.md") for name in ("admin", "faults", "journal"))
CURLS = [line for line in ADMIN_PAGES.splitlines() if line.startswith("curl ")]


@pytest.mark.thorough
@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on this machine")
async def test_every_curl_line_of_the_pages_on_the_admin_api_works(tmp_path: Path) -> None:
    assert len(CURLS) > 20
    async with Server(create_app(), port=0) as server:
        for line in CURLS:
            words = shlex.split(line.replace("http://127.0.0.1:30222", server.url.removesuffix("/api/v1")))
            process = await asyncio.create_subprocess_exec(
                *words, "--silent", "--show-error", "--fail-with-body", "--noproxy", "*", "--max-time", "20",
                cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            )  # fmt: skip
            said, _ = await process.communicate()
            assert process.returncode == 0, (line, said)


SHOWN = re.findall(
    r"^\$ (curl .*)\n((?:.+\n)+)", "".join(read(name) for name in ("README.md", "docs/operations.md")), re.M
)


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on this machine")
@pytest.mark.parametrize(("command", "shown"), SHOWN, ids=[command[-40:] for command, _ in SHOWN])
async def test_a_response_in_the_documents_is_what_curl_prints(command: str, shown: str) -> None:
    async with Server(create_app(), port=0) as server:
        words = shlex.split(command.replace("http://127.0.0.1:30222", server.url.removesuffix("/api/v1")))
        process = await asyncio.create_subprocess_exec(
            *words, "--silent", "--show-error", "--noproxy", "*", "--max-time", "20", stdout=asyncio.subprocess.PIPE
        )
        said = (await process.communicate())[0].decode().replace("\r\n", "\n")
    head, _, body = shown.removesuffix("```\n").rstrip("\n").rpartition("...\n")
    assert said.rpartition("\n\n")[2] == body
    assert set(head.splitlines()) <= set(said.splitlines())


@pytest.mark.thorough
def test_each_example_of_a_test_passes_when_it_is_pasted(tmp_path: Path) -> None:
    examples = re.findall(r"```python\n# (test_\w+\.py)\n(.*?)```", read("README.md") + read("docs/testing.md"), re.S)
    assert len(examples) == 2
    for name, example in examples:
        (tmp_path / name).write_text(example)
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:hypothesispytest"],
        cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert "2 passed" in ended.stdout, ended.stdout + ended.stderr


OF_THE_REPORT = """
import http.client, json, os, urllib.parse
url = urllib.parse.urlsplit(os.environ["OPENDENTAL_BASE_URL"])
keys = f"ODFHIR {os.environ['OPENDENTAL_DEVELOPER_KEY']}/{os.environ['OPENDENTAL_CUSTOMER_KEY']}"
tracking = {"ClaimNum": 15, "Note": "Missing attachment.", "TrackingDefNum": 340}
for method, path, body in (
    ("GET", "?ClaimNum=25", None), ("GET", "?claimnum=25", None), ("POST", "", tracking), ("POST", "", tracking),
    ("GET", "", None), ("POST", "", tracking | {"TrackingDefNum": 339}), ("PUT", "/52", {"Note": "Sent."}), ("PUT", "/99", {"Note": "Sent."}),
):
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=60)
    headers = {"Authorization": keys, "Content-Type": "application/json"}
    connection.request(method, url.path + "/claimtrackings" + path, body and json.dumps(body), headers)
    connection.getresponse().read()
    connection.close()
"""


def test_the_report_in_the_documents_is_what_run_prints() -> None:
    (command, shown) = re.findall(
        r"^\$ opendental-mock (run .*) -- .*\n\.\.\.\n(.*?)```", read("docs/coverage.md"), re.M | re.S
    )[0]
    ended = subprocess.run(
        [sys.executable, "-m", "mockserver", *shlex.split(command), "--", sys.executable, "-c", OF_THE_REPORT],
        capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert (ended.stdout + ended.stderr).endswith("\n" + shown)


ON_PYTHON = re.findall(r"```python\n(from .*?)```", read("docs/python.md"), re.S)


@pytest.mark.parametrize("example", parameters(ON_PYTHON, quick=ON_PYTHON[:1]))
def test_example_in_the_page_on_python_runs_as_pasted(example: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", example], capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr


@pytest.mark.thorough
def test_the_recipe_for_the_sdk_runs_as_pasted() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", read("docs/opendental-sdk.md"), re.S)
    run = [sys.executable, "-m", "mockserver", "run", "--strict", "--fixtures", "practice", "--", sys.executable]
    ended = subprocess.run([*run, "-c", example], capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert re.search(r"^1014 \d{4}-\d\d-\d\d 2$", ended.stdout, re.M), ended.stdout + ended.stderr


def test_the_page_on_switches_has_the_settings_of_serve() -> None:
    table = read("docs/switches.md").partition("| Flag | Description |\n|---|---|\n")[2].partition("\n\n")[0]
    rows = [f"| {one.flag} {one.value_form or ''}".rstrip() + f" | {one.description} |" for one in SERVE]
    assert table.replace("`", "").replace("\\|", "|").splitlines() == rows


@pytest.mark.parametrize("command", ["serve", "run", "verify"])
def test_a_page_names_every_flag(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    flags = set(re.findall(r"^  (--[a-z-]+)", capsys.readouterr().out, re.M))
    text = "".join(read(f"docs/{name}.md") for name in ("switches", "contract-testing", "verify-reference"))
    assert sorted(flag for flag in flags if f"`{flag}" not in text) == []


def test_everything_that_a_document_links_to_is_there() -> None:
    pages = {file: without_code(file.read_text("utf-8")) for file in (*HERE.glob("*.md"), *HERE.glob("docs/**/*.md"))}
    assert len(pages) > 40
    headings = {
        page: {_anchor(title) for title in re.findall(r"^#+ (.+)$", text, re.M)} for page, text in pages.items()
    }
    for page, text in pages.items():
        for path, anchor in re.findall(r"\]\(([^)#:\s]*)#?([^)\s:]*)\)", text):
            target = (page.parent / path).resolve() if path else page
            assert target.exists(), f"{page}: {path}"
            assert not anchor or anchor in headings[target], f"{page}: {path}#{anchor}"


def test_the_index_links_every_page() -> None:
    linked = set(re.findall(r"\]\(([\w-]+\.md)\)", read("docs/README.md")))
    assert linked == {file.name for file in (HERE / "docs").glob("*.md")} - {"README.md"}


def test_a_page_has_the_operations_of_trackings_and_docs_has_all() -> None:
    named = {one.name: (one.method, one.path) for one in OPERATIONS}
    told = "\n".join(_operations())
    for text, resource in ((read("docs/operations.md"), "claimtrackings/"), (told, "")):
        rows = re.findall(r"^\| `([a-z]+/[a-z]+)` \| `(\w+) ([^`?\[]+)", text, re.M)
        assert {name: (method, path) for name, method, path in rows} == {
            name: request for name, request in named.items() if name.startswith(resource)
        }
    fault = shipped_contract().schemas["fixtures/fault"].properties["operation"]
    assert set(fault["enum"]) == {"any", *named}


async def test_the_exchange_on_the_page_on_the_journal_is_a_real_one(make_client: MakeClient) -> None:
    client = await make_client(now="2026-01-15 10:00:00")
    headers = {"Authorization": "ODFHIR A/B", "Content-Type": "application/json"}
    await client.post("/api/v1/claimtrackings", json={"ClaimNum": 99}, headers=headers)
    (real,) = (await (await client.get("/__admin/requests?limit=1")).json())["requests"]
    (shown,) = re.findall(r"```json\n(\{\n  \"id\": .*?)```", read("docs/journal.md"), re.S)
    told = json.loads(shown)
    real["request"]["headers"] = {name: real["request"]["headers"][name] for name in headers}
    assert json.dumps(real | {"ms": told["ms"]}, indent=2) == shown.strip()


def test_the_page_on_responses_is_made_from_the_rules() -> None:
    page = read("docs/responses.md")
    assert page == filled(page)
    assert len(re.findall(r"^\| \d{3} \|", page, re.M)) > 60


def test_the_page_on_faults_describes_every_field_of_a_fault() -> None:
    cells = re.findall(r"^\| (`[^|]+`) \|", read("docs/faults.md"), re.M)
    fields = {field for cell in cells for field in re.findall(r"`(\w+)`", cell)}
    assert fields == set(shipped_contract().schemas["fixtures/fault"].properties)
