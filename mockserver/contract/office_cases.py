"""Cases for an office: those of the contract, and the reads of families, with values of the office's own rows."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import quote

from mockserver.contract.case_files import entry_case, shipped_cases
from mockserver.contract.cases import Case
from mockserver.contract.contract import shipped_contract
from mockserver.contract.families import Member, filled, members
from mockserver.contract.family_cases import wrong_value
from mockserver.contract.rules import Rule
from mockserver.office.office import is_older
from mockserver.resources.column import TIMES, Column
from mockserver.resources.folder import Folder
from mockserver.resources.operations import FIXTURE, FilterSpec, OperationSpec

_COMPARED = {"equal": "every", "from": "least"}
_LEARNED = ("Id", "IdText", "Int", "Enum", "Bool", *TIMES)
_OF_EXAMPLES = ("json", "example", "office", "version", "seen")
_UNFILLED = re.compile(r"\{[A-Za-z]+\}")
_NEVER = {"Date": "2999-12-31", "DateTime": "2999-12-31 00:00:00"}
_NOBODY, _NO_PHONE = "Qqxzzq", "99999999999999"


@cache
def office_cases() -> tuple[Case, ...]:
    """Return the cases that `verify` can play: those of the contract, and for each resource the reads of families."""
    contract = shipped_contract()
    shown = {case.rules[0] for case in shipped_cases() if case.tier == "read"}
    reads = [
        entry_case(entry)
        for folder in contract.folders.values() if folder.is_in_fixtures
        for member in members(folder, contract.folders)
        if (rule := f"{folder.name}.{member.operation.name}{member.id}") not in shown
        for entry in _entries(member, folder, contract.rules[rule])
    ]  # fmt: skip
    return (*shipped_cases(), *reads)


def is_learned(column: Column) -> bool:
    """Return whether a value of the column may be sent back to its office: no text, and no health information."""
    return column.type in _LEARNED and column.phi in ("", "none")


def needed_facts(folder: Folder, operation: OperationSpec) -> dict[str, str]:
    """Return the parameters that a list needs, each with the fact that has its value: a key that it names."""
    facts = {}
    for name in operation.required:
        column = folder.columns[operation.filters[name].column]
        resource = column.references.resource if column.references else folder.name
        facts[name] = f"{resource}.{column.name}"
    return facts


def _entries(member: Member, folder: Folder, rule: Rule) -> Iterator[dict[str, Any]]:
    """Yield the read of a member, if its family has one and its operation is a GET. The rule says what is expected."""
    operation, family = member.operation, member.family
    given = operation.filters.get(member.names.get("Filter", ""))
    kind = "nobody" if given and not is_learned(folder.columns[given.column]) and "nobody" in family else "read"
    if operation.method != "GET" or kind not in family:
        return
    case = {name: value for name, value in family["case"].items() if name not in _OF_EXAMPLES}
    names = {**member.names, **_names(folder, operation), **_names_of_filter(folder, given)}
    name = member.names.get("Filter", "")
    needed = {one: value for one, value in needed_facts(folder, operation).items() if one != name}
    query = "&".join(f"{one}={{{fact}}}" for one, fact in needed.items())
    names |= {"listing": names["place"] + (f"?{query}" if query else ""), "first": f"?{query}&" if query else "?"}
    entry = filled({**case, **family[kind]}, names)
    if entry["expect"]["status"] != rule.status or _UNFILLED.search(json.dumps([entry["call"], entry["expect"]])):
        return
    method, _, path = entry["call"].partition(" ")
    others = {name: one for name, one in entry.get("otherwise", {}).items() if name in rule.variants}
    orders = {one.name: {"status": 200, **_order(one.order)} for one in rule.variants.values() if one.order}
    yield {
        **entry, "id": f"{rule.id} at an office", "rules": [rule.id], "tier": "read",
        "call": f"{method} {quote(path, safe='/?&={}')}", "otherwise": {**others, **orders},
        "since": _since(operation, given),
    }  # fmt: skip


def _names(folder: Folder, operation: OperationSpec) -> dict[str, Any]:
    """Return the names of values in a read."""
    order = operation.order or folder.order or [folder.key]
    kinds = {folder.columns[name.removeprefix("-")].sent.get("type") for name in order if name != FIXTURE}
    queries = (f"{name}={value}" for name, one in operation.filters.items()
               if (value := _nobody(folder.columns[one.column], one)))  # fmt: skip
    nothing = next(queries, None)
    return {
        "key": f"{{{folder.name}.{folder.key}}}", "listed": f"{folder.name}.{folder.key}", "ghost": "{unknown_number}",
        **({"First": order[0].removeprefix("-"), "direction": next(iter(_order(order)))} if kinds == {"integer"}
           and len(order) == 1 else {}),
        **({"nothing": nothing} if nothing else {}),
    }  # fmt: skip


def _names_of_filter(folder: Folder, given: FilterSpec | None) -> Mapping[str, Any]:
    """Return the names of values in the read of a filter."""
    if given is None:
        return {}
    column = folder.columns[given.column]
    nobody, compared = _nobody(column, given), _COMPARED.get(given.match)
    return {
        "Column": column.name, "learned": f"{{{folder.name}.{column.name}}}", "wrong": wrong_value(column),
        **({"nobody": nobody} if nobody else {}),
        **({"compared": compared} if compared and not given.hides else {}),
    }  # fmt: skip


def _nobody(column: Column, given: FilterSpec) -> str:
    """Return a value of a filter that no row fits, or nothing if there may be such a row."""
    if given.hides or given.match == "to":
        return ""
    if given.match == "digits":
        return _NO_PHONE
    form = given.forms[0] if given.forms else column.type
    return _NOBODY[: column.sent.get("maxLength")] if column.type == "Text" else _NEVER.get(form, "")


def _order(order: Sequence[str]) -> dict[str, str]:
    """Return the expectation of rows in the order of a column."""
    return {"descending" if order[0].startswith("-") else "ascending": order[0].removeprefix("-")}


def _since(operation: OperationSpec, given: FilterSpec | None) -> str:
    """Return the version from which an office answers a read as the newest one does."""
    needed = [one.required_before for one in operation.filters.values()]
    newest = operation.added
    for version in filter(None, [*needed, given.since if given else ""]):
        newest = version if is_older(newest, version) else newest
    return newest
