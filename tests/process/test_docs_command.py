"""Tests of `docs`: one page with everything, the same everywhere."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mockserver import assets
from mockserver.cli import main
from mockserver.contract.contract import shipped_contract

ROOT = Path(__file__).resolve().parents[2]
HEADING = re.compile(r"^(#+) (.+)$", re.M)


@pytest.fixture
def page(capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["docs"]) == 0
    return capsys.readouterr().out


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)


def test_it_has_every_page_below_its_one_title(page: str) -> None:
    titles = [title for marks, title in HEADING.findall(without_code(page)) if marks == "#"]
    assert titles == [f"opendental-mock {assets.version()}"]
    for file in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for marks, title in HEADING.findall(without_code(file.read_text("utf-8"))):
            assert f"\n#{marks} {title}\n" in page, file
    assert "0001" not in "".join(title for _, title in HEADING.findall(page))


def test_code_is_left_as_it_is(page: str) -> None:
    assert "\n# test_my_integration.py\n" in page


def test_each_link_works_on_the_one_page(page: str) -> None:
    text = without_code(page)
    anchors = [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for _, title in HEADING.findall(text)]
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    assert [target for target in targets if not (target.startswith("https://") or anchors.count(target[1:]) == 1)] == []
    for said in (
        "[docs/page.md](#the-page)", "[contract-testing.md](#contract-testing)", "[docs/README.md](#documentation)",
        "[limits.md](#sizes)", "`paging` (`fixtures/paging.yaml`)", "| test_strict.py |", "[uvloop](https://github.com/MagicStack/uvloop)",
    ):  # fmt: skip
        assert said in text, said


def test_it_has_every_rule_with_its_standing(page: str) -> None:
    rows = dict(re.findall(r"^\| `([\w.-]+)` \| [\w/]+ \| \d+ \| (\w+) \|", page.partition("\n## Rules\n")[2], re.M))
    assert rows == {rule.id: rule.standing for rule in shipped_contract().rules.values()}


def test_it_has_every_office_with_its_purpose(page: str) -> None:
    offices = dict(re.findall(r"^- `([\w-]+)`: (.+)$", page.partition("\n## Offices by name\n")[2], re.M))
    assert offices.keys() == {file.stem for file in (ROOT / "fixtures").glob("*.yaml")}
    assert offices["empty"].startswith("An office without the vendor's one-time set-up: it has claims, but")
    assert offices["empty"].endswith("fail on [] or on an empty note.")


def test_it_has_the_help_of_every_command_on_each_terminal(page: str) -> None:
    environment = {**os.environ, "COLUMNS": "40", "PYTHONHASHSEED": "1"}
    ended = subprocess.run(
        [sys.executable, "-m", "mockserver", "docs"],
        env=environment, capture_output=True, encoding="utf-8", check=True, timeout=60,
    )  # fmt: skip
    # The name of the program is that of this process.
    assert re.sub("usage: .*", "", ended.stdout) == re.sub("usage: .*", "", page)
    commands = re.findall("^### opendental-mock (\\w+)\n\n```text\nusage: opendental-mock (\\w+)", page, re.M)
    assert [one for one, _ in commands] == [other for _, other in commands]
    assert {"serve", "run", "init", "check", "export", "report", "openapi", "health", "env", "docs"} <= {
        one for one, _ in commands
    }
    assert "  --fail-under N " in page


def test_without_a_checkout_readme_comes_from_the_metadata(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    in_checkout = assets.readme()
    monkeypatch.setattr(assets, "shipped", lambda folder: tmp_path / folder)
    assert assets.readme().splitlines()[0] == in_checkout.splitlines()[0] == "# opendental-mock"
