"""Strict YAML tests: the core schema of YAML 1.2 as plain data, and errors with positions for everything else."""

from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mockserver.syntax import strict_json, yaml_events
from mockserver.syntax.diagnostics import KEY, MAX_DIAGNOSTICS, nearest
from mockserver.syntax.reader import MAX_DEPTH
from mockserver.syntax.strict_yaml import load, positions, read
from mockserver.syntax.yaml_events import YamlError
from support.effort import examples

BOUNDED = examples(400)


@pytest.fixture(params=["C", "Python"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Select each of PyYAML's parsers: the one in C is not installed everywhere."""
    name = {"C": "CSafeLoader", "Python": "SafeLoader"}[request.param]
    if not hasattr(yaml, name):
        pytest.skip("PyYAML without libyaml")
    monkeypatch.setattr(yaml_events, "_LOADER", getattr(yaml, name))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("Off", "Off"), ("y", "y"),
        ("true", True), ("True", True), ("TRUE", True), ("false", False), ("tRUE", "tRUE"), ("'true'", "true"),
        ("null", None), ("~", None), ("", None), ("Null", None), ("nULL", "nULL"), ("'~'", "~"), ("---", None),
        ("0", 0), ("12", 12), ("012", 12), ("-7", -7), ("+7", 7), ("'12'", "12"), ("9223372036854775808", 2**63),
        ("1_000", "1_000"), ("0x1F", "0x1F"), ("0o14", "0o14"), ("0b1", "0b1"), ("1:30", "1:30"), ("١٢", "١٢"),
        ("1.0", 1.0), ("1.", 1.0), (".5", 0.5), ("-1.5e3", -1500.0), ("1e3", 1000.0), ("1.2.3", "1.2.3"),
        (".inf", ".inf"), (".nan", ".nan"), (".", "."), ("+", "+"), ("1e99999", "1e99999"),
        ("2023-07-20 14:05:45", "2023-07-20 14:05:45"), ("2023-07-20", "2023-07-20"), ("12:30:45", "12:30:45"),
        ("=", "="), ("<<", "<<"), ("! 12", "12"), ("|\n a\n b\n", "a\nb\n"), (">\n a\n b\n", "a b\n"),
        ('"\\u00e9\\n"', "é\n"), ("\ufeffa", "a"), ("a # b", "a"), ("# only this", None),
    ],
    ids=lambda value: repr(value) if isinstance(value, str) else "=",
)  # fmt: skip
def test_a_scalar_is_what_the_core_schema_says(loader: None, text: str, value: object) -> None:
    loaded = load(text)
    assert loaded == value
    assert type(loaded) is type(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a: 1\nb: [x, {c: ~}]", {"a": 1, "b": ["x", {"c": None}]}, id="nested"),
        pytest.param("012: a\nno: b\n~: c\n1.0: d", {"012": "a", "no": "b", "~": "c", "1.0": "d"}, id="keys-are-text"),
        pytest.param("a: &x [1]\nb: *x", {"a": [1], "b": [1]}, id="alias"),
        pytest.param("- &x 1\n- &x 2\n- *x", [1, 2, 2], id="anchor-set-again"),
        pytest.param("&x a: b\nc: *x", {"a": "b", "c": "a"}, id="anchor-at-a-key"),
        pytest.param("a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}", {"a": {"p": 1, "q": 2}, "b": {"p": 1, "q": 3}},
                     id="a-merge-gives-way-to-a-key-after-it"),
        pytest.param("a: &x {p: 1, q: 2}\nb: {q: 3, <<: *x}", {"a": {"p": 1, "q": 2}, "b": {"p": 1, "q": 3}},
                     id="a-merge-gives-way-to-a-key-before-it"),
        pytest.param("- &x {p: 1}\n- &y {p: 2, q: 2}\n- <<: [*x, *y]", [{"p": 1}, {"p": 2, "q": 2}, {"p": 1, "q": 2}],
                     id="of-two-merged-the-first-wins"),
        pytest.param('"<<": {a: 1}', {"<<": {"a": 1}}, id="a-quoted-merge-key-is-a-key"),
    ],
)  # fmt: skip
def test_a_document_is_plain_data(loader: None, text: str, value: object) -> None:
    assert load(text) == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("a: 1\nb: 2\na: 3", "3:1: the key a is here twice; remove one", id="duplicate-key"),
        pytest.param("- {1: x, '1': y}", "1:10: the key 1 is here twice; remove one", id="duplicate-as-text"),
        pytest.param("- &x {p: 1}\n- <<: *x\n  <<: *x", "3:3: the key << is here twice; remove one",
                     id="duplicate-merge"),
        pytest.param("- &x {p: 1}\n- {<<: *x, p: 2, p: 3}", "2:18: the key p is here twice; remove one",
                     id="duplicate-after-a-merge"),
        pytest.param("a:\n  <<: [1]", "2:3: << takes a mapping or a list of mappings", id="merge-of-a-number"),
        pytest.param("a:\n  ? [b]\n  : c", "2:5: a key must be a name, not a list, a mapping or an alias",
                     id="list-as-key"),
        pytest.param("- &x a\n- *x : c", "2:3: a key must be a name, not a list, a mapping or an alias",
                     id="alias-as-key"),
        pytest.param("a: *b", "1:4: the alias *b has no anchor; put &b before it", id="alias-of-nothing"),
        pytest.param("a: &a\n  b: *a", "2:6: the alias *a has no anchor; put &a before it", id="recursive-alias"),
        pytest.param("a: !!str 1", "1:4: the tag tag:yaml.org,2002:str is not used here; leave it out", id="tag"),
        pytest.param("a: !!python/object:os.system []",
                     "1:4: the tag tag:yaml.org,2002:python/object:os.system is not used here; leave it out",
                     id="tag-of-python"),
        pytest.param("!x {a: 1}", "1:1: the tag !x is not used here; leave it out", id="tag-of-a-mapping"),
        pytest.param("a: 1\n---\nb: 2", "2:1: a second document begins here; a file holds one", id="second-document"),
        pytest.param("é: '\x07'", "1:5: the character U+0007 is not allowed in YAML; remove it", id="control-character"),
        pytest.param("a\n\x00", "2:1: the character U+0000 is not allowed in YAML; remove it", id="NUL"),
        pytest.param("éé \ud800", "1:4: the character U+D800 is not allowed in YAML; remove it", id="lone-surrogate"),
        pytest.param("a: b: c", "1:5: ': ' is not allowed here; put text that holds one in quotes, and begin the keys"
                     " of a mapping in one column", id="colon-in-text"),
        pytest.param("a: 1\n b: 2", "2:3: ': ' is not allowed here; put text that holds one in quotes, and begin the"
                     " keys of a mapping in one column", id="keys-in-two-columns"),
        pytest.param("a:\n\tb: 1", "2:1: a tab is not allowed here; indent with spaces", id="tab"),
        pytest.param("a: @b", "1:4: text that begins with @ needs quotes", id="at-sign"),
        pytest.param("a: 'b\nc: d\n", "1:4: the quoted text that begins here is not closed", id="open-quotes"),
        pytest.param("[" * 200_000, f"1:{MAX_DEPTH + 1}: nested deeper than {MAX_DEPTH} levels", id="200000-brackets"),
        pytest.param("- " * 200_000, f"1:{2 * MAX_DEPTH + 1}: nested deeper than {MAX_DEPTH} levels", id="200000-dashes"),
        pytest.param("{a: " * 200_000, f"1:{4 * MAX_DEPTH + 1}: nested deeper than {MAX_DEPTH} levels", id="200000-braces"),
    ],
)  # fmt: skip
def test_unsupported_yaml_is_refused_at_its_position(loader: None, text: str, message: str) -> None:
    with pytest.raises(YamlError) as refused:
        load(text)
    assert f"{refused.value.line}:{refused.value.column}: {refused.value.message}" == message


@pytest.mark.parametrize("text", ["{a: 1", "a: ]", "a: &", "%YAML 3.0\n---\na", "a: 1\n...\nb: 2", "a: [1,\nb: 2"])
def test_invalid_yaml_is_reported_as_such(loader: None, text: str) -> None:
    with pytest.raises(YamlError, match=r"^not YAML: "):
        load(text)


def test_as_deep_as_allowed_is_read() -> None:
    load("[" * MAX_DEPTH + "]" * MAX_DEPTH)


def test_a_bomb_of_aliases_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    with pytest.raises(YamlError, match="aliases repeat more than 1000000 values"):
        load("\n".join(lines))


def test_a_bomb_of_merges_is_refused() -> None:
    lines = ["a0: &a0 {x: 1}"]
    lines += [f"a{n}: &a{n} {{y{n}: {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}}}" for n in range(1, 30)]
    with pytest.raises(YamlError, match="aliases repeat more than 1000000 values"):
        load("\n".join(lines))


def test_aliases_do_not_lead_deeper_than_brackets_may() -> None:
    lines = ["a0: &a0 [x]"]
    lines += [f"a{n}: &a{n} {'[' * 20}*a{n - 1}{']' * 20}" for n in range(1, 5)]
    with pytest.raises(YamlError, match=f"nested deeper than {MAX_DEPTH} levels") as refused:
        load("\n".join(lines))
    assert refused.value.line == 5  # 1 + 3 * 20 levels below the fourth line, 81 below the fifth


def test_duplicate_keys_of_json_beyond_those_that_are_shown_are_counted() -> None:
    data, shown, more = strict_json.read("{" + ", ".join(['"a": 1'] * (MAX_DIAGNOSTICS + 52)) + "}")
    assert (data, len(shown), more) == ({"a": 1}, MAX_DIAGNOSTICS, 51)


def test_reading_goes_on_after_duplicate_keys() -> None:
    value, duplicate_keys, _ = read("a: [1]\nb: x\na: [2]\nb: y\nb: z")
    assert value == {"a": [1, 2], "b": "z"}
    assert [(error.line, error.column) for error in duplicate_keys] == [(3, 1), (4, 1), (5, 1)]


def test_each_value_and_key_has_its_position() -> None:
    found = positions("a:\n  - x\n  - {b: 1}\nc: &c\n  d: e\nf: *c\n")
    assert found == {
        (): (1, 1),
        ("a", KEY): (1, 1), ("a",): (2, 3), ("a", 0): (2, 5), ("a", 1): (3, 5),
        ("a", 1, "b", KEY): (3, 6), ("a", 1, "b"): (3, 9),
        ("c", KEY): (4, 1), ("c",): (4, 4), ("c", "d", KEY): (5, 3), ("c", "d"): (5, 6),
        ("f", KEY): (6, 1), ("f",): (6, 4),
    }  # fmt: skip


def test_positions_in_json_are_those_in_yaml() -> None:
    text = '{"a": [1, {"b": "x, [y]"}],\n "c\\"d": null, "e": [[], {}]}'
    assert strict_json.positions(text) == positions(text)


@pytest.mark.parametrize(
    "text", ["a: [p]\nb: 1\na: [q]\nb: 2", '{"a": ["p"],\n"b": 1,\n"a": ["q"],\n"b": 2}'], ids=["YAML", "JSON"]
)
def test_positions_are_those_of_the_values_that_count(text: str) -> None:
    found = (strict_json.positions if text.startswith("{") else positions)(text)
    lines = {path: line for path, (line, _) in found.items()}
    assert lines["a", 0] == 1
    assert lines["a", 1] == 3
    assert lines["b",] == 4


def test_missing_position_is_that_of_the_container() -> None:
    found = positions("a:\n  - {b: 1}")
    assert nearest(found, ("a", 0, "c")) == (2, 5)
    assert nearest(found, ("a", 0, "b")) == (2, 9)
    assert nearest(found, ("a", 0, "b"), key=True) == (2, 6)
    assert nearest(found, ("z",), key=True) == (1, 1)
    assert nearest({}, ("z",)) == (1, 1)


# Text that resembles YAML, and arbitrary text.
_PIECES = [
    "a", "b", "12", "~", "true", ": ", ":", "- ", "-", "? ", ", ", "[", "]", "{", "}", "\n", "\n  ", " ", "\t",
    "&x ", "*x", "*x ", "<<: ", "<<", "!", "!!str ", "'", '"', "|", ">", "#", " #", "%", "@", "---\n", "...\n", "é",
    "\U0001f600", "\x85", "\u2028", "\ufeff", "\r", "\\", "\x00",
]  # fmt: skip
_TEXTS = st.lists(st.sampled_from(_PIECES), max_size=40).map("".join) | st.text(st.characters(), max_size=40)


@BOUNDED
@given(_TEXTS)
@example("&a b: *a\n*a : 3")
@example('"\\ud83d\\ude00"')
@example("\ud800")
def test_any_text_is_plain_data_or_refused(text: str) -> None:
    try:
        value, duplicate_keys, _ = read(text)
    except YamlError:
        return
    assert _is_plain(value)
    found = positions(text)
    assert all((error.line, error.column) in found.values() for error in duplicate_keys)


@BOUNDED
@given(_TEXTS)
def test_structure_is_the_same_as_in_pyyaml(text: str) -> None:
    try:
        value = load(text)
        reference = yaml.load(text, Loader=yaml.BaseLoader)
    except (YamlError, yaml.YAMLError):
        return
    # The base loader reads << as a name and, unlike the parser in C, a byte order mark inside a text as text.
    if "<<" not in text and "\ufeff" not in text:
        assert _agrees(value, reference)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@BOUNDED
@given(_VALUES, st.booleans(), st.sampled_from([None, True, False]))
def test_yaml_written_by_pyyaml_is_read_back(value: Any, in_unicode: bool, flow: bool | None) -> None:
    text = yaml.safe_dump(value, allow_unicode=in_unicode, default_flow_style=flow)
    assume("!!" not in text)  # a form that is a float only with a tag
    assert _agrees(load(text), yaml.load(text, Loader=yaml.BaseLoader))


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(type(key) is str and _is_plain(part) for key, part in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return value is None or type(value) in (str, int, float, bool)


def _agrees(value: Any, reference: Any) -> bool:
    """Return whether both have the same lists, mappings and keys, and the same text if `value` is text."""
    if isinstance(reference, dict):
        same_keys = isinstance(value, dict) and list(value) == list(reference)
        return same_keys and all(_agrees(value[key], part) for key, part in reference.items())
    if isinstance(reference, list):
        return isinstance(value, list) and len(value) == len(reference) and all(map(_agrees, value, reference))
    if isinstance(value, str):
        return bool(value == reference)
    return not isinstance(value, dict | list)
