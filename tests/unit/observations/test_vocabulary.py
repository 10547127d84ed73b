"""Vocabulary tests: observed texts are recognised as templates, and nothing else is."""

import pytest

from mockserver.contract.contract import shipped_contract
from mockserver.observations.vocabulary import Vocabulary

RULES = shipped_contract().rules
VOCABULARY = Vocabulary(shipped_contract())


@pytest.mark.parametrize(
    ("text", "names", "template"),
    [
        ("Claim not found.", {}, "Claim not found."),
        ("Claim not found", {}, "Claim not found"),
        ("ClaimNum is invalid.", {}, "ClaimNum is invalid."),
        ("ClaimNum 999 is invalid.", {"value": "999"}, "ClaimNum {value} is invalid."),
        ("TrackingDefNum not found", {}, "TrackingDefNum not found"),
        ("No Claim(s) found for PatNum 12827.", {"value": "12827"}, "No Claim(s) found for PatNum {value}."),
        ("Limit is required", {"name": "Bogus"}, "Limit is required"),
        ("'Bogus' is not a valid parameter.", {"name": "Bogus"}, "'{name}' is not a valid parameter."),
        ("'Bogus' is not a valid parameter", {"name": "Bogus"}, "'{name}' is not a valid parameter"),
        ("a.b is not a valid resource.", {"resource": "a.b"}, "{resource} is not a valid resource."),
        (
            "claimtrackings DELETE  is not a valid method.",
            {"resource": "claimtrackings", "method": "DELETE", "word": ""},
            "{resource} {method} {word} is not a valid method.",
        ),
    ],
)
def test_a_known_text_has_a_template(text: str, names: dict[str, str], template: str) -> None:
    assert VOCABULARY.template_of(text, names) == template
    assert VOCABULARY.has(template)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Smith is invalid.", {}),
        ("ClaimNum 999 is invalid.", {"value": "998"}),
        ("Smith not found.", {}),
        ("'Smith' is not a valid parameter.", {"name": "Bogus"}),
        ("'Bogus' is not a valid parameter.", {}),
        ("axb is not a valid resource.", {"resource": "a.b"}),
        ("Claim not found. Call Ms. Smith.", {}),
        ("Claim not found.\n", {}),
        ("", {}),
    ],
)
def test_any_other_text_is_unknown(text: str, names: dict[str, str]) -> None:
    assert VOCABULARY.template_of(text, names) is None
    assert not VOCABULARY.has(text)


def test_every_text_of_a_rule_is_known() -> None:
    texts = {text for rule in RULES.values() if not rule.is_of_mock for text in rule.texts}
    assert len(texts) > 100
    assert [text for text in texts if not VOCABULARY.has(text.replace("{Column}", "Note"))] == []
