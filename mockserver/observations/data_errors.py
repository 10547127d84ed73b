"""Errors of observations: everything that is wrong with the data of an observation file, each with its place."""

from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.contract.contract import Contract
from mockserver.contract.rules import Rule
from mockserver.messages import listed, shown
from mockserver.observations.vocabulary import Vocabulary
from mockserver.suggestions import suggestion
from mockserver.syntax.document import Document, Finding
from mockserver.violations import error_texts


def data_errors(document: Document, contract: Contract) -> Iterator[Finding]:
    """Yield the errors of the data of an observation file."""
    data, schema = document.data, contract.schemas["observed"]
    invalid = set()
    if not schema.allows(data):
        for error in schema.errors(data):
            for path, message in error_texts(error, "an observation file"):
                invalid.add(path[:2])
                yield document.finding(path, message, key=error.validator == "additionalProperties")
    vocabulary = Vocabulary(contract)
    rules = data.get("rules") if isinstance(data, dict) else None
    for rule, given in rules.items() if isinstance(rules, dict) else ():
        if rule not in contract.rules:
            yield document.finding(
                ("rules", rule), f"there is no rule {rule}{suggestion(rule, contract.rules)}", key=True
            )
        elif contract.rules[rule].is_of_mock:
            yield document.finding(
                ("rules", rule), f"{rule} is a rule of the mock, not of an office; leave it out", key=True
            )
        elif ("rules", rule) not in invalid:
            yield from _rule_errors(document, contract.rules[rule], given, vocabulary)


def _rule_errors(document: Document, rule: Rule, given: Mapping[str, Any], vocabulary: Vocabulary) -> Iterator[Finding]:
    path = ("rules", rule.id)
    if "text" in given and not vocabulary.has(given["text"]):
        message = f"the text {shown(given['text'])} is not in the vocabulary; leave it out"
        yield document.finding((*path, "text"), message)
    if "rows" in given and not rule.rows:
        yield document.finding((*path, "rows"), f"{rule.id} tells no number of rows; leave it out", key=True)
    name = given.get("variant", "")
    if name and name not in rule.variants:
        known = f"choose {listed(rule.variants)}" if rule.variants else "it has no variants; leave it out"
        yield document.finding((*path, "variant"), f"{rule.id} has no variant {shown(name)}; {known}")
        return
    if not name and given["outcome"] == "holds":
        name = rule.default
    elif name and given["outcome"] == "differs" and name == rule.default:
        yield document.finding((*path, "variant"), f"{name} is the rule as it stands; its outcome is holds")
    elif name and given["outcome"] != "differs" and name != rule.default:
        yield document.finding((*path, "variant"), f"{name} differs from the rule as it stands; its outcome is differs")
    elif not name:
        return  # of no known variant
    expected = rule.variants[name].status if name else rule.status
    status = given.get("status", expected)
    if status != expected and max(status, expected) >= 300:  # of a rule for several operations, 201 is fine for 200
        variant = f"the variant {name}" if name else "the rule"
        yield document.finding((*path, "status"), f"{status} is not the status of {variant}, which is {expected}")
