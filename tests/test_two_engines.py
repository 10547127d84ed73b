"""The engine that answers yes or no agrees with the reference, on every schema, right and wrong."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.contract import shipped_contract
from mockserver.errors import BadRequest, ContractBroken
from mockserver.reference import Reference

SCHEMAS = shipped_contract().schemas
EDGES = [0, 1, -1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64, 2**200, 1000, 1001, 65_535, 65_536]
TEXTS = [
    "", "a", "StatusHistory", "2023-07-20 14:05:45", "2023-07-20 14:05:45\n", "2023-13-01 00:00:00", "23.2.4", "23.2",
    "a\r\nb", "é\U0001f600", "\ud800", "\u0663", "default", "Enabled", "any", "before", "status",
]  # fmt: skip
atoms = (
    st.none() | st.booleans() | st.sampled_from(EDGES) | st.integers() | st.floats()
    | st.sampled_from([15.0, 1e300]) | st.sampled_from(TEXTS) | st.text(max_size=20)
    | st.sampled_from([65_535, 65_536]).map("x".__mul__)
)  # fmt: skip
anything = st.recursive(atoms, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner))


def near(part: Mapping[str, Any], name: str, noise: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Values that `part` of the schema `name` allows, and `noise` here and there."""
    if "$ref" in part:
        file, _, inside = part["$ref"].partition("#/properties/")
        home = "" if file.startswith("../") else name.rpartition("/")[0]
        base = f"{home}/{file}".strip("/").removeprefix("../").removesuffix(".json")
        found = SCHEMAS[base].contents
        return near(found["properties"][inside] if inside else found, base, noise)
    if "enum" in part:
        return st.sampled_from(part["enum"]) | noise
    if "properties" in part:
        members = {key: near(inner, name, noise) for key, inner in part["properties"].items()}
        required = {key: value for key, value in members.items() if key in part.get("required", ())}
        optional = {key: value for key, value in members.items() if key not in required}
        return st.fixed_dictionaries(required, optional=optional) | noise
    if "items" in part:
        return st.lists(near(part["items"], name, noise), max_size=3, unique_by=repr) | noise
    if part.get("examples"):
        return st.sampled_from(part["examples"]) | noise
    low = part.get("minimum", 0)
    right = {"integer": st.integers(low, low + 100), "boolean": st.booleans(), "string": st.just("text")}
    return right.get(str(part.get("type")), st.just(1)) | noise


def values(name: str) -> st.SearchStrategy[Any]:
    contents = SCHEMAS[name].contents
    more = st.dictionaries(st.sampled_from(["more", *contents.get("properties", {})]), atoms)
    return near(contents, name, st.nothing()) | near(contents, name, atoms) | more | anything


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_one_engine_has_checked_at_load_is_a_schema_to_the_reference_too(name: str) -> None:
    Reference.check_schema(SCHEMAS[name].contents)


@pytest.mark.parametrize("name", SCHEMAS)
def test_both_engines_say_the_same(name: str) -> None:
    schema = SCHEMAS[name]
    seen = {True: 0, False: 0}

    @settings(max_examples=600, deadline=None, database=None)
    @given(values(name))
    def agree(value: Any) -> None:
        said = schema.allows(value)
        assert said == (next(schema.errors(value), None) is None)
        seen[said] += 1

    agree()
    assert seen[True] >= 10, "the values must be near enough to what is right"
    assert seen[False] >= 10


@pytest.mark.parametrize("name", [name for name in SCHEMAS if name.endswith((".query", ".request"))])
def test_a_value_passes_its_check_exactly_where_the_reference_allows_it(name: str) -> None:
    schema = SCHEMAS[name]

    @settings(max_examples=300, deadline=None, database=None)
    @given(st.dictionaries(st.sampled_from([*schema.properties, "more"]), atoms))
    def agree(value: dict[str, Any]) -> None:
        right = next(schema.errors(value), None) is None
        if right:
            schema.check(value)
        else:
            with pytest.raises((BadRequest, ContractBroken)) as refused:
                schema.check(value)
            assert refused.type is BadRequest, "every misfit has its rule"

    agree()
