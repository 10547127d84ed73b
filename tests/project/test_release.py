"""Release tests: what an owner needs for a release is there, and the version is written in one place."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mockserver.syntax.strict_yaml import load

ROOT = Path(__file__).resolve().parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
FORMS = sorted(path for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")


def test_the_version_is_written_in_one_place() -> None:
    folders = ("mockserver", "schemas", "fixtures", "docs", ".github")
    files = [
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".mjs", ".js", ".json", ".yaml", ".yml", ".md")
    ]
    files += [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "Containerfile", "action.yml")]
    assert len(files) > 200
    mention = re.compile(rf"(?:opendental.mock|__version__|\bversion)\W{{1,6}}v?{re.escape(VERSION)}\b", re.I)
    assert [path for path in files if mention.search(path.read_text("utf-8"))] == []


def test_the_changelog_begins_with_the_version() -> None:
    first = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)[0]
    assert first == VERSION


def test_the_command_prints_the_version_of_pyproject() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "mockserver", "--version"], capture_output=True, encoding="utf-8", check=True, timeout=60
    )
    assert VERSION in ended.stdout.split()


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_has_the_parts_that_the_forge_requires(path: Path) -> None:
    form: dict[str, Any] = load(path.read_text("utf-8"))
    assert form.keys() == {"name", "description", "body"}
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert len({field["id"] for field in fields}) == len(fields) > 2
    for field in fields:
        assert field["type"] in ("input", "textarea", "dropdown", "checkboxes")
        assert field["attributes"]["label"]
        assert ("options" in field["attributes"]) == (field["type"] in ("dropdown", "checkboxes"))
    assert any(field.get("validations", {}).get("required") for field in fields)


def test_there_is_a_form_for_each_kind_of_issue() -> None:
    assert [path.stem for path in FORMS] == ["bug", "resource", "vendor"]
