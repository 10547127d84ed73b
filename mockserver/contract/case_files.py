"""Case files: the contract cases in `schemas/<resource>/cases.yaml`.

The project's own contract tests, the command `verify`, and the examples in the OpenAPI document are made of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from mockserver.contract.cases import TIERS, Case, placeholders
from mockserver.contract.expectation import Expectation, Seen
from mockserver.contract.families import filled
from mockserver.contract.family_cases import case_entries
from mockserver.errors import ContractUnusable
from mockserver.resources.folder import OPERATIONS, Folders, shipped_folders
from mockserver.resources.yaml_files import read_yaml


def load_cases(folders: Folders) -> tuple[Case, ...]:
    """Return the cases of all resources: those of each `cases.yaml`, and those of families.

    Raises ContractUnusable, which names the file.
    """
    cases = read_cases(
        folder / "cases.yaml" for folder in (folders.root / "api", *(one.path for one in folders.values()))
    )
    shown = {case.rules[0] for case in cases.values()}
    for resource in folders.values():
        _add(cases, case_entries(resource, folders, shown), resource.path / OPERATIONS)
    return tuple(cases.values())


def read_cases(paths: Iterable[Path]) -> dict[str, Case]:
    """Return the cases of these files by their id. Raises ContractUnusable, which names the file."""
    cases: dict[str, Case] = {}
    for path in paths:
        _add(cases, read_yaml(path) if path.is_file() else [], path)
    return cases


def _add(cases: dict[str, Case], entries: Iterable[dict[str, Any]], path: Path) -> None:
    for index, entry in enumerate(entries):
        try:
            found = list(_expanded(dict(entry)))
        except (TypeError, KeyError, ValueError) as error:
            raise ContractUnusable(f"{path}: the case {entry.get('id')!r}: {error}", path, (index,)) from None
        for case in found:
            if case.id in cases:
                raise ContractUnusable(f"{path}: the case {case.id!r} is there twice", path, (index,))
            cases[case.id] = case


@cache
def shipped_cases() -> tuple[Case, ...]:
    """Return the cases of this package, read once."""
    return load_cases(shipped_folders())


def _expanded(entry: dict[str, Any]) -> Iterator[Case]:
    """Yield the case of an entry, once for each value if it has several."""
    each = entry.pop("each", None)
    if each is None:
        yield entry_case(entry)
        return
    for number, (name, value) in enumerate(each.items()):
        values = value if isinstance(value, Mapping) else {"value": value}
        case = entry_case(filled(entry, values))
        yield replace(case, id=f"{case.id}: {name}", is_repeated=number > 0)


def entry_case(entry: dict[str, Any]) -> Case:
    """Return the case of an entry. Raises TypeError, KeyError, ValueError."""
    entry["expect"] = Expectation(**entry["expect"])
    entry["otherwise"] = {name: Expectation(**one) for name, one in entry.get("otherwise", {}).items()}
    entry["then"] = tuple((one["call"], Expectation(**one["expect"])) for one in entry.get("then", ()))
    entry["seen"] = Seen(**entry.get("seen", {}))
    for name in ("rules", "needs"):
        entry[name] = tuple(entry.get(name, ()))
    case = Case(**entry)
    if case.tier not in TIERS:
        raise ValueError(f"tier is one of {', '.join(TIERS)}")
    if not case.rules:
        raise ValueError("rules has at least one id")
    if (case.tier == "manual") != bool(case.state):
        raise ValueError("a case of the tier manual, and no other, says in `state` which office it needs")
    if (
        case.is_harmless
        and case.method == "POST"
        and (case.has_object or "unknown_claim" not in placeholders(case.body))
    ):
        raise ValueError("a POST may write: its tier is write, unless its body is no object and names {unknown_claim}")
    return case
