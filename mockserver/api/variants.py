"""Variants: the answers of an office that was observed, where they are not those of the contract as it stands.

All of this is looked up once, when a server starts. The variants that neither refuse nor ignore are played where their
rule has its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mockserver.api.operation import Call, Operation, Result
from mockserver.contract.contract import Contract
from mockserver.contract.rules import Rule
from mockserver.errors import BadRequest, Refusal
from mockserver.office.office import Office

IGNORED, EMPTY = "ignored", "empty"


@dataclass(frozen=True, slots=True)
class Answer:
    """The status and the text of a refusal, as they were observed. An empty text leaves the mock's own."""

    status: int
    text: str

    def explanation(self, refusal: Refusal) -> str:
        """Return the explanation of a refusal. A text that says more than the refusal knows is not used."""
        if not self.text:
            return refusal.explanation
        try:
            return self.text.format_map({"name": _column(refusal.rule), **refusal.names})
        except KeyError:
            return refusal.explanation


def answers(contract: Contract) -> Mapping[str, Answer]:
    """Return the answer to each request that an observed rule refuses, by the id of the rule."""
    observed = (rule for rule in contract.rules.values() if rule.observed and rule.status >= 400)
    return {rule.id: Answer(rule.status, rule.text or _text_of_variant(rule)) for rule in observed}


def tolerated(contract: Contract, properties: Mapping[str, Mapping[str, object]]) -> Mapping[str, Rule]:
    """Return the properties of a schema whose invalid values the office does not refuse, each with its rule."""
    rules = {name: part["x-rules"] for name, part in properties.items() if "x-rules" in part}
    invalid = {name: contract.rules[of_it["invalid"]] for name, of_it in rules.items() if isinstance(of_it, dict)}
    return {name: rule for name, rule in invalid.items() if rule.played in (IGNORED, EMPTY)}


def with_refusals(operation: Operation, contract: Contract) -> Operation:
    """Return an operation that refuses the calls that the office refuses, although the contract serves them.

    These are calls that read. A call that writes is refused where its rule has its place, before it writes.
    """
    refused = {
        rule: holds for rule, holds in operation.covered.items()
        if operation.body is None and contract.rules[rule].status >= 400
    }  # fmt: skip
    if not refused:
        return operation

    def run(office: Office, call: Call) -> Result:
        result = operation.run(office, call)
        for rule, holds in refused.items():
            if holds(call, result):
                raise refusal_of_variant(rule)
        return result

    return replace(operation, run=run)


def refusal_of_variant(rule: str, **names: object) -> Refusal:
    """Return the refusal by a rule that serves as it stands, to be raised. Its answer has the status and the text."""
    return BadRequest("", rule=rule, names=names)


def _text_of_variant(rule: Rule) -> str:
    return rule.variants[rule.played].text if rule.played else ""


def _column(rule: str) -> str:
    """Return the column in the id of a rule: `ClaimNum` of `claimtrackings.list.ClaimNum.invalid`."""
    return rule.split(".")[-2]
