"""Validator tests: the fast validator agrees with the reference, on every schema, for valid and invalid values."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

import jsonschema
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mockserver.contract.contract import shipped_contract
from mockserver.contract.reference_validator import ReferenceValidator
from mockserver.contract.schema import Schema
from mockserver.errors import ContractBroken, Refusal
from mockserver.resources.folder import shipped_folders
from mockserver.violations import violation_text
from support.effort import examples, parameters, some

SCHEMAS = shipped_contract().schemas
ENOUGH = some(4_000)  # values of each schema, of which at least so many are right, and as many wrong:
OF_EACH_KIND = some(100)
MAX_ROUNDS = 50
OTHERS = shipped_folders().keys() - {"claimtrackings", "commlogs"} | {"office"}  # which has every table
QUICK = [name for name in SCHEMAS if name.partition("/")[0] not in OTHERS]
LENGTHS = [0, 1, 10, 1000, 1001, 65_535, 65_536]
EDGES = [0, 1, -1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64, 2**200, 1000, 1001, 65_535, 65_536]
TEXTS = [
    "", "a", "StatusHistory", "2023-07-20 14:05:45", "2023-07-20 14:05:45\n", "2023-13-01 00:00:00", "23.2.4", "23.2",
    "a\r\nb", "é\U0001f600", "\ud800", "\u0663", "default", "Enabled", "any", "before", "status",
]  # fmt: skip


@st.composite
def one_branch(draw: st.DrawFn, choice: st.SearchStrategy[Any]) -> Any:
    """Return `choice` as one alternative among others; `|` would add all of its own alternatives to them."""
    return draw(choice)


atoms = one_branch(
    st.none() | st.booleans() | st.sampled_from(EDGES) | st.integers() | st.floats()
    | st.sampled_from([15.0, 1e300]) | st.sampled_from(TEXTS)
    | one_branch(st.text(max_size=20) | st.sampled_from(LENGTHS).map("x".__mul__))
)  # fmt: skip
anything = st.recursive(atoms, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner))


def near(part: Mapping[str, Any], name: str, noise: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return a strategy for values that `part` of the schema `name` allows, with some `noise` in them."""
    if "enum" in part:
        return st.sampled_from(part["enum"]) | noise
    if "properties" in part:
        members = {key: near(inner, name, noise) for key, inner in part["properties"].items()}
        required = {key: value for key, value in members.items() if key in part.get("required", ())}
        optional = {key: value for key, value in members.items() if key not in required}
        return st.fixed_dictionaries(required, optional=optional) | noise
    if "items" in part:
        longest = 1 if "properties" in part["items"] else 3  # several rows cost more and show no more than one
        return st.lists(near(part["items"], name, noise), max_size=longest, unique_by=repr) | noise
    if part.get("examples"):
        return st.sampled_from(part["examples"]) | noise
    low = part.get("minimum", 0)
    right = {"integer": st.integers(low, low + 100), "boolean": st.booleans(), "string": st.just("text")}
    return right.get(str(part.get("type")), st.just(1)) | noise


def values(name: str) -> st.SearchStrategy[Any]:
    """Return a strategy for values that are valid, almost valid, or arbitrary."""
    contents = SCHEMAS[name].contents
    right, nearly_right = near(contents, name, st.nothing()), one_branch(near(contents, name, atoms))
    examples = [st.sampled_from(contents["examples"])] if "examples" in contents else []
    return st.one_of(right, *examples, nearly_right, one_branch(anything))


def others(name: str) -> st.SearchStrategy[list[Any]]:
    """Return a strategy for replacements of parts of a value: parts that are valid elsewhere in the schema, or any
    values.

    Most of them come from a seed: drawn one by one, they would take longer than both validators.
    """
    contents = SCHEMAS[name].contents
    parts = [near(part, name, st.nothing()) for part in contents.get("items", contents).get("properties", {}).values()]
    right = one_branch(st.one_of(near(contents, name, st.nothing()), *parts))
    drawn = st.lists(right | atoms, min_size=5, max_size=5, unique_by=repr)
    return st.tuples(drawn, st.integers(0, 2**64).map(at_random)).map(lambda both: [*both[0], *both[1]])


def at_random(seed: int) -> list[Any]:
    """Return texts and whole numbers of all lengths, always the same for a seed."""
    chance = Random(seed)
    texts = ["".join(chance.choices("0123456789-: .aZé\n\U0001f600", k=chance.randrange(20))) for _ in range(8)]
    numbers = [chance.choice((1, -1)) * chance.getrandbits(chance.randrange(1, 70)) for _ in range(10)]
    moments = [f"20{chance.randrange(100):02}-{chance.randrange(14):02}-28 {chance.randrange(26):02}:00:00"]
    return [*texts, *numbers, *moments, *chance.sample(TEXTS, 3), *chance.sample(EDGES, 3)]


def variants(value: Any, others: Sequence[Any]) -> Iterator[Any]:
    """Yield `value`, and copies in which one part is replaced by one of `others`, removed, or added."""
    yield value
    yield from others
    if isinstance(value, dict):
        for key, inner in value.items():
            yield {name: one for name, one in value.items() if name != key}
            yield from (value | {key: other} for other in variants(inner, others))
        yield from (value | {"more": other} for other in others)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            before, after = value[:index], value[index + 1 :]
            yield before + after
            yield from ([*before, other, *after] for other in variants(inner, others))
        yield from ([*value, other] for other in others)


def has_float(value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return isinstance(value, float) or any(map(has_float, inner))


def without_numbers(value: Any, schema: Schema) -> Any:
    """The value without the columns that may be floats, of which both engines say the same."""
    if not isinstance(value, dict):
        return value
    return {key: one for key, one in value.items() if "number" not in schema.properties.get(key, {}).get("type", ())}


@pytest.mark.parametrize("name", parameters(SCHEMAS, quick=QUICK))
def test_loaded_schemas_are_valid_to_the_reference_too(name: str) -> None:
    ReferenceValidator.check_schema(SCHEMAS[name].contents)


def is_of_rows(name: str) -> bool:
    """Return whether a schema is the row's under another title, or an array of it, as derived responses are."""
    folder, _, part = name.rpartition("/")
    if not part.endswith(".response") or folder == "claimtrackings":  # whose responses are files
        return False
    contents = SCHEMAS[name].contents
    row, other = ({key: value for key, value in schema.items() if key not in ("$schema", "title", "examples")}
                  for schema in (SCHEMAS[f"{folder}/row"].contents, contents.get("items", contents)))  # fmt: skip
    return row == other


@pytest.mark.parametrize("name", parameters([name for name in SCHEMAS if not is_of_rows(name)], quick=QUICK))
@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of the office, which has every table
def test_both_engines_say_the_same(name: str) -> None:
    schema = SCHEMAS[name]
    seen = {True: 0, False: 0}

    # Not derandomized, as Hypothesis is in CI: each round must draw other values.
    @settings(
        max_examples=some(40), deadline=None, database=None, derandomize=False, phases=(Phase.generate, Phase.shrink)
    )
    @given(values(name), others(name))
    def agree(value: Any, others: list[Any]) -> None:
        batch = list(variants(value, others))
        for one in batch[:: len(batch) // 500 + 1]:  # of a large value only some, from all of its parts
            said = schema.allows(one)
            if seen[said] >= ENOUGH:
                continue  # the reference takes a hundred times as long
            assert said == (next(schema.errors(one), None) is None), f"{name}: allows says {said} of {one!r}"
            if not has_float(without_numbers(one, schema)):  # on which the reference alone is asked
                seen[said] += 1

    for _ in range(MAX_ROUNDS):
        agree()
        if sum(seen.values()) >= ENOUGH and min(seen.values()) >= OF_EACH_KIND:
            break
    assert sum(seen.values()) >= ENOUGH
    assert min(seen.values()) >= OF_EACH_KIND, f"the values must be near enough to what is right: {seen}"


def test_an_amount_is_not_left_to_the_reference() -> None:
    schema = Schema("claimprocs/update.request", SCHEMAS["claimprocs/update.request"].contents)
    assert schema.allows({"InsPayAmt": 10.5, "WriteOff": "10.50"})
    assert not schema.allows({"InsPayAmt": 1e10})
    assert "_reference" not in vars(schema)
    assert not schema.allows({"ProvNum": 15.5})
    assert "_reference" in vars(schema)


@pytest.mark.parametrize(
    "name", parameters([name for name in SCHEMAS if name.endswith((".query", ".request"))], quick=QUICK)
)
def test_check_agrees_with_the_reference_and_explains_errors(name: str) -> None:
    schema = SCHEMAS[name]

    @examples(300, database=None)
    @given(st.dictionaries(st.sampled_from([*schema.properties, "more"]), atoms))
    def agree(value: dict[str, Any]) -> None:
        errors = list(schema.errors(value))
        if not errors:
            schema.check(value)
        else:
            with pytest.raises((Refusal, ContractBroken)) as refused:
                schema.check(value)
            assert isinstance(refused.value, Refusal), "every error has its rule"
            assert all(isinstance(error, jsonschema.ValidationError) for error in errors)
            missing = [
                f"{name}: {schema.properties[name]['description']}" for name in schema.contents.get("required", ())
            ]
            assert refused.value.hint in [*map(violation_text, errors), *missing]

    agree()
