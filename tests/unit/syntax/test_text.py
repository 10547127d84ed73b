"""Tests of text of others: valid wherever it comes from, and printable for people."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockserver.syntax.strict_json import ObjectWithDuplicateKey, decode, decode_body
from mockserver.syntax.text import printable, printable_lines, valid_json, valid_text, valid_value
from support.effort import examples

HALVES = ["\ud83d", "\ude00"]
TEXTS = st.lists(st.sampled_from([*HALVES, "\\", '"', "u", "d83d", "\0", "é"]) | st.characters()).map("".join)
VALUES = st.recursive(TEXTS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=5)


@examples(500)
@given(VALUES)
@example("\ud83d\ud83d\ude00\ude00")
@example("\\\ud83d\\\\\ude00")
def test_json_has_no_lone_surrogates_and_everything_else_at_its_position(value: Any) -> None:
    text = json.dumps(value)
    valid = valid_json(text)
    assert len(valid) == len(text)
    assert json.loads(valid) == valid_value(json.loads(text))
    json.dumps(json.loads(valid), ensure_ascii=False).encode()


@examples(500)
@given(st.text(st.sampled_from('\\u"dD83eE0c{}:,\0\n'), max_size=40))
def test_what_is_no_json_fails_as_before(text: str) -> None:
    def outcome(text: str) -> Any:
        try:
            return valid_value(json.loads(text))
        except json.JSONDecodeError as error:
            return error.msg, error.pos

    assert outcome(valid_json(text)) == outcome(text)


def test_keys_that_become_equal_are_duplicates() -> None:
    assert valid_json(r'{"\ud800": 1, "\udfff": 2}') == r'{"\ufffd": 1, "\ufffd": 2}'


def test_the_first_value_of_a_duplicate_key_is_valid_text_too() -> None:
    value = decode(r'{"a": "\ud800", "a": ["\udfff"]}')
    assert isinstance(value, ObjectWithDuplicateKey)
    assert (value.first, value) == ({"a": "\ufffd"}, {"a": ["\ufffd"]})


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'"a\\ud800"', "a\ufffd"), ('"é"'.encode("utf-16"), "é"), (b'"\\ud83d\\ude00"', "\U0001f600"),
    ],
)  # fmt: skip
def test_body_is_read_as_valid_text(body: bytes, value: str) -> None:
    assert decode_body(body) == value


def test_surrogate_in_utf_8_is_no_json() -> None:
    with pytest.raises(ValueError, match="utf-8"):
        decode_body(b'"\xed\xa0\x80"')


def test_values_of_python_get_valid_texts_and_keys() -> None:
    given = {"\ud800": ["\udfff", ("a", 1)], "x": None}
    assert valid_value(given) == {"\ufffd": ["\ufffd", ["a", 1]], "x": None}
    assert valid_text("a\ud800\udfffb") == "a\ufffd\ufffdb"


@pytest.mark.parametrize(
    ("character", "written"),
    [
        ("\n", "\\x0a"), ("\x1b", "\\x1b"), ("\x85", "\\x85"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"),
        ("\u202e", "\\u202e"), ("\u2066", "\\u2066"), ("\ufeff", "\\ufeff"), ("\udce9", "\\udce9"),
        ("\U000e0001", "\\U000e0001"), ("é", "é"), (" ", " "),
    ],
)  # fmt: skip
def test_control_characters_are_escaped(character: str, written: str) -> None:
    assert printable(f"a{character}b") == f"a{written}b"


def test_lines_stay_lines() -> None:
    assert printable_lines("a\x07\nb\r\n") == "a\\x07\nb\\x0d\n"
