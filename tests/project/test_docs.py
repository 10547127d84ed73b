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
from mockserver.cli.docs import _operations
from mockserver.contract.contract import shipped_contract
from mockserver.seeding.load import load_office
from mockserver.settings.commands import SERVE
from mockserver.web.server import Server
from support.responses_page import filled

HERE = Path(__file__).resolve().parents[2]
RULES = shipped_contract().rules


def read(name: str) -> str:
    return (HERE / name).read_text("utf-8")


def test_behaviour_page_has_every_shared_rule_with_its_standing() -> None:
    rows = re.findall(r"^\| (`[^|]+`) \| [^|]+ \| (\w+) \|", read("docs/behaviour.md"), re.M)
    said = {rule: standing for cell, standing in rows for rule in re.findall(r"`([\w.-]+)`", cell)}
    expected = {rule for rule in RULES if rule.startswith(("api.", "warning."))} | said.keys()
    assert said == {rule: RULES[rule].standing for rule in expected}


def test_the_page_on_the_admin_api_has_every_path() -> None:
    said = set(re.findall(r"^\| `(\w+ /__admin[^`]*)` \|", read("docs/admin.md"), re.M))
    routes = (route for route in create_app().router.routes() if route.method != "HEAD" and route.resource)
    served = {f"{route.method} {route.resource.canonical}" for route in routes if route.resource}
    assert said == {path for path in served if "/__admin" in path}


def test_page_on_fixtures_has_every_key_of_the_office_keys() -> None:
    section = read("docs/fixtures.md").partition("## Shipped offices")[2].partition("\n## ")[0]
    said = re.findall(r"^\| `(\w+)` \| ([\w, ]+) \| (\w+) \|$", section, re.M)
    keys = load_office("keys").apikey.values()
    assert said == [(key.CustomerKey, ", ".join(key.Permissions), key.State) for key in keys]
    assert {key.DeveloperKey for key in keys} == {"MockDeveloperKey"}


CURLS = [line for line in read("docs/admin.md").splitlines() if line.startswith("curl ")]


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on this machine")
async def test_every_curl_line_of_the_page_on_the_admin_api_works_as_pasted(tmp_path: Path) -> None:
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


def test_the_example_in_readme_passes_when_it_is_pasted(tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(# test_my_integration\.py\n.*?)```", read("README.md"), re.S)
    (tmp_path / "test_my_integration.py").write_text(example)
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


def test_the_report_in_readme_is_what_run_prints() -> None:
    (command, shown) = re.findall(
        r"^\$ opendental-mock (run .*) -- .*\n\.\.\.\n(.*?)```", read("README.md"), re.M | re.S
    )[0]
    ended = subprocess.run(
        [sys.executable, "-m", "mockserver", *shlex.split(command), "--", sys.executable, "-c", OF_THE_REPORT],
        capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert (ended.stdout + ended.stderr).endswith("\n" + shown)


@pytest.mark.parametrize("example", re.findall(r"```python\n(from .*?)```", read("docs/testing.md"), re.S))
def test_example_in_the_page_on_testing_runs_as_pasted(example: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", example], capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert ended.returncode == 0, ended.stderr


def test_the_recipe_for_the_sdk_runs_as_pasted() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", read("docs/recipes.md"), re.S)
    run = [sys.executable, "-m", "mockserver", "run", "--strict", "--fixtures", "practice", "--", sys.executable]
    ended = subprocess.run([*run, "-c", example], capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert re.search(r"^1014 \d{4}-\d\d-\d\d 2$", ended.stdout, re.M), ended.stdout + ended.stderr


def test_the_page_on_switches_has_the_settings_of_serve() -> None:
    table = read("docs/switches.md").partition("| Flag | Description |\n|---|---|\n")[2].partition("\n\n")[0]
    rows = [f"| {one.flag} {one.value_form or ''}".rstrip() + f" | {one.description} |" for one in SERVE]
    assert table.replace("`", "").replace("\\|", "|").splitlines() == rows


@pytest.mark.parametrize("command", ["serve", "run", "verify"])
def test_a_page_names_every_flag(command: str) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "mockserver", command, "--help"],
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    ).stdout
    flags = set(re.findall(r"^  (--[a-z-]+)", said, re.M))
    text = read("docs/switches.md") + read("docs/contract-testing.md") + read("docs/verify.md")
    assert sorted(flag for flag in flags if f"`{flag}" not in text) == []


def anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_file_and_heading_that_a_document_links_to_is_there() -> None:
    for page in ("README.md", "CONTRIBUTING.md", *(f"docs/{file.name}" for file in (HERE / "docs").glob("*.md"))):
        for target, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", read(page)):
            file = (HERE / page).parent.joinpath(target) if target else HERE / page
            assert file.exists(), f"{page}: {target}"
            assert not anchor or file.suffix != ".md" or anchor in anchors(file), f"{page}: {target}#{anchor}"


def test_readme_has_the_operations_of_trackings_and_docs_has_all() -> None:
    named = {one.name: (one.method, one.path) for one in OPERATIONS}
    told = "\n".join(_operations())
    for text, resource in ((read("README.md"), "claimtrackings/"), (told, "")):
        rows = re.findall(r"^\| `([a-z]+/[a-z]+)` \| `(\w+) ([^`?\[]+)", text, re.M)
        assert {name: (method, path) for name, method, path in rows} == {
            name: request for name, request in named.items() if name.startswith(resource)
        }
    fault = shipped_contract().schemas["fixtures/fault"].properties["operation"]
    assert set(fault["enum"]) == {"any", *named}


async def test_the_exchange_on_the_page_on_the_admin_api_is_a_real_one(make_client: MakeClient) -> None:
    client = await make_client(now="2026-01-15 10:00:00")
    headers = {"Authorization": "ODFHIR A/B", "Content-Type": "application/json"}
    await client.post("/api/v1/claimtrackings", json={"ClaimNum": 99}, headers=headers)
    (real,) = (await (await client.get("/__admin/requests?limit=1")).json())["requests"]
    (shown,) = re.findall(r"```json\n(\{\n  \"id\": .*?)```", read("docs/admin.md"), re.S)
    told = json.loads(shown)
    real["request"]["headers"] = {name: real["request"]["headers"][name] for name in headers}
    assert json.dumps(real | {"ms": told["ms"]}, indent=2) == shown.strip()


def test_the_page_on_responses_is_made_from_the_rules() -> None:
    page = read("docs/responses.md")
    assert page == filled(page)
    assert len(re.findall(r"^\| \d{3} \|", page, re.M)) > 60


def test_the_page_on_the_admin_api_describes_every_field_of_a_fault() -> None:
    page = read("docs/admin.md")
    cells = re.findall(r"^\| (`[^|]+`) \|", page[page.index("## Faults") : page.index("## Effects of a reset")], re.M)
    fields = {field for cell in cells for field in re.findall(r"`(\w+)`", cell)}
    assert fields == set(shipped_contract().schemas["fixtures/fault"].properties)
