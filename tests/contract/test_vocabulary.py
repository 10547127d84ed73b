"""Vocabulary tests: observed texts are recognised as templates, and nothing else is."""

import re

import pytest

from mockserver.api import admission, body, datetime_encoder, endpoint, inputs, router
from mockserver.api.resources import OPERATIONS
from mockserver.contract.contract import shipped_contract
from mockserver.contract.vocabulary import TEMPLATES, is_template, template_of

MODULES = (admission, body, datetime_encoder, endpoint, inputs, router)


@pytest.mark.parametrize(
    ("text", "names", "template"),
    [
        ("Claim not found.", {}, "Claim not found."),
        ("Claim not found", {}, "Claim not found"),
        ("ClaimNum is invalid.", {}, "ClaimNum is invalid."),
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
    assert template_of(text, names) == template
    assert is_template(template)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Smith is invalid.", {}),
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
    assert template_of(text, names) is None
    assert not is_template(text)


def test_every_text_of_the_code_and_of_the_variants_is_known() -> None:
    in_code = [rule for module in MODULES for rule in module.RULES]
    in_code += [inputs.MORE_FIELDS, inputs.MORE_PARAMETERS, admission.VERSION]
    in_code += [endpoint.number_required("ClaimNum"), endpoint.number_invalid("ClaimNum")]
    in_code += [rule for operation in OPERATIONS for rule in operation.refusals]
    for rule in in_code:
        text = re.sub(r"\{(\w+):[^}]*\}", r"{\1}", rule.explanation)  # a number without its format
        assert text in TEMPLATES or is_template(text), text
    for contract_rule in shipped_contract().rules.values():
        for variant in contract_rule.variants.values():
            assert not variant.text or variant.text in TEMPLATES or is_template(variant.text), variant.text
