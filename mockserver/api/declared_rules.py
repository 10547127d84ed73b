"""Declared rules: the rules that code and schemas name, compared with `rules.yaml` when the app starts."""

from collections.abc import Iterable, Iterator

from mockserver.api import admission, body, datetime_encoder, endpoint, inputs, listing, router
from mockserver.api.operation import Operation
from mockserver.api.response import EXPLANATION
from mockserver.contract.contract import Contract
from mockserver.contract.schema import Schema
from mockserver.errors import ContractUnusable

_SHARED = (admission, body, datetime_encoder, endpoint, inputs, router)


def check_rules(contract: Contract, operations: Iterable[Operation]) -> None:
    """Raise ContractUnusable if code or schemas name a rule that is not there, or leave one out."""
    named = {rule.id for module in _SHARED for rule in module.RULES} | {
        *admission.COVERED, *datetime_encoder.COVERED, *listing.COVERED, EXPLANATION,
    }  # fmt: skip
    operations = tuple(operations)
    lists = {operation.resource for operation in operations if operation.is_list}
    for operation in operations:
        named.update(map(operation.rule, _of_operation(operation)))
        if operation.number is not None and not (operation.method == "GET" and operation.resource in lists):
            # Otherwise the path without a number is the list.
            named.add(operation.rule(endpoint.number_required(operation.number).id))
        for name in filter(None, (operation.query, operation.body)):
            named.update(_of_schema(contract.schemas[name]))
    known = set(contract.rules)
    if named - known:
        raise ContractUnusable(f"rules.yaml does not have {_listed(named - known)}, which the code or a schema names")
    if known - named:
        raise ContractUnusable(f"rules.yaml has {_listed(known - named)}, which neither the code nor a schema names")


def _of_operation(operation: Operation) -> Iterator[str]:
    yield admission.VERSION.id
    if operation.number is not None:
        yield endpoint.number_invalid(operation.number).id
    yield from (rule.id for rule in operation.refusals)
    yield from operation.covered


def _of_schema(schema: Schema) -> Iterator[str]:
    for part in (schema.contents, *schema.properties.values()):
        yield from part.get("x-rules", {}).values()


def _listed(rules: set[str]) -> str:
    return ", ".join(sorted(rules))
