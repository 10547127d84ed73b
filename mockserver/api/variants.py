"""Variants: the answers of an office that was observed, where they are not those of the contract as it stands.

All of this is looked up once, when a server starts. Variants that neither refuse nor ignore are played by the
code of their rule.
"""

from collections.abc import Mapping
from dataclasses import replace

from mockserver.api.operation import Call, Operation, Result
from mockserver.contract.contract import Contract
from mockserver.contract.rules import Rule
from mockserver.office.office import Office

IGNORED, EMPTY = "ignored", "empty"


def tolerated(contract: Contract, properties: Mapping[str, Mapping[str, object]]) -> Mapping[str, Rule]:
    """Return the properties of a schema whose invalid values the office does not refuse, each with its rule."""
    if not contract.is_observed:
        return {}
    rules = {name: part["x-rules"] for name, part in properties.items() if "x-rules" in part}
    invalid = {name: contract.rules[of_it["invalid"]] for name, of_it in rules.items() if isinstance(of_it, dict)}
    return {name: rule for name, rule in invalid.items() if rule.played in (IGNORED, EMPTY)}


def with_refusals(operation: Operation, contract: Contract) -> Operation:
    """Return an operation that refuses the calls that the office refuses, although the contract serves them.

    These are calls that read. A call that writes is refused by the code of its rule, before it writes.
    """
    if not contract.is_observed:
        return operation
    refused = {
        rule: holds for rule, holds in operation.covered.items()
        if not operation.writes and contract.rules[rule].status >= 400
    }  # fmt: skip
    if not refused:
        return operation

    def run(office: Office, call: Call) -> Result:
        result = operation.run(office, call)
        for rule, holds in refused.items():
            if holds(call, result):
                raise call.refusal(rule)
        return result

    return replace(operation, run=run)
