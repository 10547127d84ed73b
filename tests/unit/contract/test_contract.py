"""Contract loading tests: an invalid contract is refused before the server starts, with the name of the file."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mockserver.assets import shipped
from mockserver.contract.contract import load_contract, shipped_contract
from mockserver.errors import ContractUnusable
from mockserver.resources.folder import shipped_folders
from support.effort import parameters

ROOT = Path(__file__).resolve().parents[3]
ROW = "claimtrackings/row.json"
BODY = "claimtrackings/create.request.json"
RULES = "claimtrackings/rules.yaml"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
RULE = """
- id: {id}
  operation: any
  status: 200
  says: Something.
  page: apiclaimtrackings
  standing: {standing}
"""


def _with(line: str) -> str:
    return RULE.format(id="claimtrackings.one", standing="assumed") + f"  {line}\n"


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    """Return a copy of the shipped schemas, to change."""
    return shutil.copytree(shipped("schemas"), tmp_path / "schemas")


def schema(**contents: Any) -> str:
    return json.dumps({"$schema": DRAFT} | contents)


def row(**annotations: Any) -> str:
    """Return a row.json with one column."""
    column = {"type": "integer", "description": "Number.", **annotations}
    return schema(
        title="A", description="A.", properties={"ANum": column}, examples=[{"ANum": 1}], **{"x-table": TABLE}
    )


TABLE = {"name": "a", "key": "ANum", "page": "apias"}
SPOILT: dict[str, tuple[str, str | bytes, str]] = {
    "broken JSON": (ROW, "{", "not JSON"),
    "empty": (ROW, "", "not JSON"),
    "not UTF-8": (ROW, b'{"title": "\xff"}', "not JSON"),
    "a list": (ROW, "[]", "a schema is an object"),
    "an unknown type": (BODY, schema(type="whole"), "whole"),
    "an unknown type, and no $schema": (BODY, '{"type": "whole"}', "whole"),
    "properties that are a list": (BODY, schema(properties=[]), "properties"),
    "a bad pattern": (BODY, schema(pattern="["), "["),
    "a bad pattern in a definition that nothing uses": (BODY, schema(**{"$defs": {"one": {"pattern": "["}}}), "["),
    "a reference to no file": (ROW, schema(**{"$ref": "nowhere.json"}), "nowhere.json"),
    "a reference to no place in a file": (ROW, schema(**{"$ref": "../claims/row.json#/properties/Nothing"}), "Nothing"),
    "a reference into text": (ROW, schema(title="Row", **{"$ref": "#/title/0"}), "#/title/0"),
    "a reference to an anchor": (ROW, schema(**{"$ref": "#two"}), "#two"),
    "a reference to the network": (ROW, schema(**{"$ref": "https://example.com/row.json"}), "example.com"),
    "a reference in a definition": (ROW, schema(**{"$defs": {"one": {"$ref": "#/$defs/two"}}}), "two"),
    "a row without a table": (ROW, schema(properties={}), "x-table has the name, the key and the page"),
    "a row without its key": (ROW, schema(properties={}, **{"x-table": TABLE}), "ANum among them"),
    "a column with an unknown annotation": (ROW, row(**{"x-colour": "red"}), "ANum: x-colour is not an annotation"),
    "a column that is set never": (ROW, row(**{"x-set": "never"}), "ANum: x-set is one of create, change, answer"),
    "a number that is the time of the clock": (ROW, row(**{"x-set": "answer"}), "ANum: only a Date or a DateTime"),
    "a column that is copied in no known way": (
        ROW,
        row(**{"x-copied": "hair"}),
        "ANum: x-copied is one of numbered, last-",
    ),
    "a column with PHI of no kind": (ROW, row(**{"x-phi": "hair"}), "ANum: x-phi is one of name, date"),
    "a reference without a resource": (
        ROW,
        row(**{"x-references": {"none": 0}}),
        "ANum: x-references has some of resource",
    ),
    "rules that are no YAML": (RULES, "- id: [", ""),
    "rules that are a mapping": (RULES, "id: one", ""),
    "rules that are text": (RULES, "one", ""),
    "no rules at all": (RULES, "", ""),
    "a rule that is text": (RULES, "- one", ""),
    "a rule without a sentence": (RULES, "- {id: claimtrackings.one, operation: any, status: 200}", "says"),
    "a rule with an unknown key": (
        RULES,
        RULE.format(id="claimtrackings.one", standing="assumed") + "  colour: red",
        "colour",
    ),
    "a rule of unknown standing": (
        RULES,
        RULE.format(id="claimtrackings.one", standing="rumoured"),
        "documented, observed, assumed",
    ),
    "a rule of the mock's with a page": (
        RULES,
        RULE.format(id="claimtrackings.one", standing="mock"),
        "one: page is the vendor's",
    ),
    "a rule of the vendor's without a page": (
        RULES,
        RULE.format(id="claimtrackings.one", standing="assumed").replace("page: apiclaimtrackings", "page: ''"),
        "one: page is the vendor's page",
    ),
    "a text without a cause": (RULES, _with("text: No."), "one: a rule that has a text, and no other, has a cause"),
    "a text of an unknown cause": (RULES, _with("text: No.\n  cause: weather"), "a cause: office or request"),
    "a cause without a text": (RULES, _with("cause: office"), "one: a rule that has a text, and no other, has a cause"),
    "a variant with a text, without a cause": (RULES, _with("variants: {one: , two: {text: No.}}"), "has a cause"),
    "a schema whose rule is not there": (
        "claims/list.query.json",
        schema(properties={"PatNum": {"x-rules": {"invalid": "claims.list.PatNum.invlaid"}}}),
        "there is no rule claims.list.PatNum.invlaid; did you mean claims.list.PatNum.invalid?",
    ),
    "a rule whose status is text": (
        RULES,
        RULE.format(id="claimtrackings.one", standing="assumed").replace("200", "OK"),
        "one: status is a whole",
    ),
    "a text that is a number": (RULES, _with("text: 5\n  cause: office"), "one: text is a text"),
    "variants that are a list": (RULES, _with("variants: [one, two]"), "one: variants is a mapping of two or more"),
    "a single variant": (RULES, _with("variants: {one: }"), "one: variants is a mapping of two or more"),
    "a variant that is a number": (RULES, _with("variants: {one: , two: 5}"), "one: the variant two is a sentence"),
    "a variant with an unknown key": (
        RULES,
        _with("variants: {one: , two: {say: x}}"),
        "one: the variant two is a sent",
    ),
    "a variant whose status is text": (
        RULES,
        _with("variants: {one: , two: {status: high}}"),
        "a whole number as its st",
    ),
    "a first variant of another status": (RULES, _with("variants: {one: {status: 404}, two: }"), "its status 200"),
    "a rule that is observed in the contract": (
        RULES,
        _with("observed: 25.4.48"),
        "one: only an observation has observed",
    ),
    "a rule twice in a file": (RULES, RULE.format(id="claimtrackings.one", standing="assumed") * 2, "one"),
    "a rule that another file has": (RULES, RULE.format(id="api.body.json", standing="assumed"), "api.body.json"),
}


@pytest.mark.parametrize("name", parameters(SPOILT, quick=[*SPOILT][::2]))
def test_invalid_contract_file_is_named_with_its_error(schemas: Path, name: str) -> None:
    file, contents, told = SPOILT[name]
    (schemas / file).write_bytes(contents if isinstance(contents, bytes) else contents.encode())
    with pytest.raises(ContractUnusable) as caught:
        load_contract(schemas).check()
    assert file in str(caught.value).replace("\\", "/")
    assert told in str(caught.value)


def test_the_copy_as_it_was_is_a_contract(schemas: Path) -> None:
    contract = load_contract(schemas)
    contract.check()
    files = set(schemas.rglob("*.json")) - {schemas / "api/types.json"}
    names = {path.relative_to(schemas).with_suffix("").as_posix() for path in files}
    assert names < set(contract.schemas), "there are derived ones too"
    assert contract.rules


def test_an_app_is_not_made_of_a_broken_contract(tmp_path: Path) -> None:
    for folder in ("mockserver", "schemas", "fixtures"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "schemas" / ROW).write_text(schema(type="whole"), encoding="utf-8")
    code = """
import sys
sys.path.insert(0, sys.argv[1])
import mockserver
from mockserver.errors import ContractUnusable
from mockserver.resources.folder import shipped_folders
try:
    mockserver.create_app()
except ContractUnusable as error:
    print(error)
"""
    ended = subprocess.run(
        [sys.executable, "-I", "-c", code, str(tmp_path)], capture_output=True, encoding="utf-8", timeout=60, check=True
    )
    assert ROW in ended.stdout.replace("\\", "/")


def test_the_rules_that_declare_what_covers_them_are_all_found() -> None:
    rules = shipped_contract().rules
    found = {resource: rules.with_covers(resource) for resource in shipped_folders()}
    assert found == {name: [rule for rule in rules.of_resource(name) if rule.covers] for name in shipped_folders()}
    assert found["claimprocs"]
    assert not found["claimtrackings"]


def test_a_rule_without_an_observation_plays_its_first_variant(schemas: Path) -> None:
    rule = load_contract(schemas).rules["claimtrackings.list.ClaimNum.invalid"]
    assert [(one.name, one.status) for one in rule.variants.values()] == [
        ("refused", 400),
        ("not-found", 404),
        ("ignored", 200),
    ]
    assert (rule.played, rule.default, rule.observed, rule.text) == ("refused", "refused", "", "ClaimNum is invalid.")
    assert rule.variants["refused"].says == rule.says
    assert (rule.shown_standing, rule.basis) == ("assumed", "assumed")


def test_each_variant_has_its_own_sentence_and_a_status_of_the_vendor(schemas: Path) -> None:
    for rule in load_contract(schemas).rules.values():
        says = [one.says for one in rule.variants.values()]
        assert len(set(says)) == len(says), rule.id
        for one in rule.variants.values():
            assert one.status in (200, 201, 400, 401, 404, 405), rule.id  # 405 is what a method might be, and never was
            assert one.text or one.status < 400 or rule.id == "api.explanation", (rule.id, one.name)
