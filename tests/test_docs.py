"""What the documents say is what the code does."""

import asyncio
import re
import shlex
import shutil
from pathlib import Path

import pytest

from mockserver import create_app
from mockserver.contract import shipped_contract
from mockserver.server import Server

HERE = Path(__file__).resolve().parent.parent
RULES = shipped_contract().rules


def read(name: str) -> str:
    return (HERE / name).read_text("utf-8")


def test_the_page_on_behaviour_has_every_rule_that_is_of_no_one_resource_with_its_standing() -> None:
    rows = re.findall(r"^\| (`[^|]+`) \| [^|]+ \| (\w+) \|", read("docs/behaviour.md"), re.M)
    said = {rule: standing for cell, standing in rows for rule in re.findall(r"`([\w.-]+)`", cell)}
    expected = {rule for rule in RULES if rule.startswith(("api.", "warning."))} | said.keys()
    assert said == {rule: RULES[rule].standing for rule in expected}


def test_the_page_on_the_admin_api_has_every_path() -> None:
    said = set(re.findall(r"^\| `(\w+ /__admin/[^`]*)` \|", read("docs/admin.md"), re.M))
    routes = (route for route in create_app().router.routes() if route.method != "HEAD" and route.resource)
    served = {f"{route.method} {route.resource.canonical}" for route in routes if route.resource}
    assert said == {path for path in served if "/__admin" in path}


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
