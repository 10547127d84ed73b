"""Editor schema tests: the same rules as the loader's, with useful descriptions."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from mockserver.assets import shipped
from mockserver.contract.contract import shipped_contract
from mockserver.seeding.editor_schema import NAME, as_text, editor_schema
from mockserver.seeding.load import read_fixtures
from mockserver.syntax.strict_yaml import load

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = editor_schema(shipped_contract())
DOCS = ("README.md", "docs/fixtures.md", "docs/offices.md")
SHIPPED = sorted(shipped("fixtures").rglob("*.yaml"))


def fields(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every named field, with its part of the schema."""
    for name, part in schema.get("properties", {}).items():
        yield f"{path}{name}", part
        yield from fields(part, f"{path}{name}.")
    for inner in ("items", "else"):
        if isinstance(schema.get(inner), dict):
            yield from fields(schema[inner], f"{path}{inner}.")


def test_it_is_a_schema_of_draft_7_that_points_nowhere() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert '"$ref"' not in as_text(SCHEMA)


def test_every_field_has_title_description_and_valid_example() -> None:
    for name, part in fields(SCHEMA):
        assert part["title"], name
        assert part["description"].endswith("."), name
        for value in (*part["examples"], *([part["default"]] if "default" in part else ())):
            assert jsonschema.Draft7Validator(part).is_valid(value), (name, value)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_a_shipped_fixture_is_valid_and_has_a_description(file: Path) -> None:
    text = file.read_text("utf-8")
    if file.parent.name == "starter":
        assert text.startswith(f"# yaml-language-server: $schema={NAME}\n#\n# ")
    else:
        assert text.startswith("# ")
        assert "\n# Catches " in text or file.stem == "default"
    assert list(jsonschema.Draft7Validator(SCHEMA).iter_errors(load(text))) == []


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_a_shipped_fixture_has_nothing_to_warn_of(file: Path) -> None:
    draft = read_fixtures(str(file))
    assert [*draft.errors, *draft.warnings()] == []


BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", "".join((ROOT / name).read_text("utf-8") for name in DOCS), re.M | re.S)


@pytest.mark.parametrize("block", BLOCKS)
def test_a_fixture_in_the_documents_is_right(tmp_path: Path, block: str) -> None:
    (tmp_path / "f.yaml").write_text(block, encoding="utf-8")
    assert read_fixtures(str(tmp_path / "f.yaml")).errors == []


def test_the_page_on_offices_links_every_shipped_one() -> None:
    linked = set(re.findall(r"fixtures/([\w-]+)\.yaml\)", (ROOT / "docs/offices.md").read_text("utf-8")))
    assert linked == {file.stem for file in SHIPPED if file.parent.name != "starter"}


def test_numbers_of_random_keys_are_lost_on_javascript() -> None:
    numbers = [
        row["ClaimTrackingNum"] for row in load((shipped("fixtures") / "random-keys.yaml").read_text())["claimtracking"]
    ]
    assert len(set(numbers)) == 2
    assert len({float(number) for number in numbers}) == 1


def test_the_large_office_is_twenty_lines() -> None:
    text = (shipped("fixtures") / "large.yaml").read_text("utf-8")
    assert len(text.splitlines()) <= 20
    assert load(text)["generate"]["claimtracking"]["rows"] == 100_000


def test_the_hook_for_pre_commit_runs_check_on_fixtures_by_name() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert hook["entry"] == "opendental-mock check"
    assert hook["verbose"], "pre-commit shows the output of a hook that passes only then, and warnings are such output"
    for name, taken in {"office.yaml": True, "tests/acme.office.yml": True, "office.json": True,
                        "docker-compose.yaml": False, "backoffice.yaml": False}.items():  # fmt: skip
        assert bool(re.search(hook["files"], name)) is taken
