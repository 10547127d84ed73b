"""Families: the rules that hold of every operation of a kind, filled in for the resources that have one."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from mockserver.assets import shipped
from mockserver.contract.templates import replaced
from mockserver.contract.vendor import vendor_resources
from mockserver.resources.fields import Field, body_fields
from mockserver.resources.folder import Folder, Folders
from mockserver.resources.operations import FIXTURE, OperationSpec
from mockserver.resources.requests import FORMS, forms_of, is_typed
from mockserver.syntax.strict_yaml import load

_NAME = re.compile(r"\{([A-Za-z_]+)\}")
_ENTRY = ("says", "text", "cause", "only", "needs", "note", "variants")


class Member(NamedTuple):
    """A family, filled in for one operation, and for one of its parameters or fields if the family is about those."""

    family: Mapping[str, Any]
    operation: OperationSpec
    names: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The end of the id of the rule, after the operation."""
        return str(filled(self.family["id"], self.names))


def rule_entries(folder: Folder, folders: Folders) -> dict[str, dict[str, Any]]:
    """Return the entry of each rule that a resource has by a family, as its rules.yaml would write it."""
    entries = {}
    for member in members(folder, folders):
        name = f"{folder.name}.{member.operation.name}{member.id}"
        status = member.family["status"]
        entries[name] = {
            "id": name, "operation": f"{folder.name}/{member.operation.name}", "page": folder.page,
            "standing": "assumed", "status": member.operation.status if status == "written" else status,
            **{key: filled(member.family[key], member.names) for key in _ENTRY if key in member.family},
        }  # fmt: skip
    return entries


def members(folder: Folder, folders: Folders) -> Iterator[Member]:
    """Yield each family with each operation, parameter and field of a resource that it is about."""
    for operation in folder.operations.values():
        common = {
            "resource": folder.name, "Type": folder.type_name, "Key": folder.key, "added": operation.added,
            "METHOD": operation.method, "order": _order_text(folder, operation), "table": folder.table,
            "place": f"/{folder.name}/{operation.path}".removesuffix("/"),
            "end": f"/{operation.path}".removesuffix("/"),
        }  # fmt: skip
        for family in _families():
            if operation.kind in family["kinds"]:
                for names in _each(family.get("each", ""), folder, folders, operation):
                    yield Member(family, operation, {**common, **names})


def parent_type(resource: str, folders: Folders) -> str:
    """Return the vendor's name of a row of a resource, as in "Patient not found."."""
    folder = folders.get(resource)
    if folder is not None:
        return folder.type_name
    vendors = vendor_resources().get(resource)
    return (vendors.type if vendors else "") or resource.removesuffix("s").capitalize()


def filled(template: Any, names: Mapping[str, Any]) -> Any:
    """Return a template with the names in braces replaced. Other braces stay as they are."""
    return replaced(template, _NAME, lambda found: names.get(found[1], found[0]))


@cache
def _families() -> tuple[Mapping[str, Any], ...]:
    entries = load((shipped("schemas") / "api/families.yaml").read_text(encoding="utf-8"))
    return tuple(
        entry | {"kinds": [entry["kind"]] if isinstance(entry["kind"], str) else entry["kind"]} for entry in entries
    )


def _each(sort: str, folder: Folder, folders: Folders, operation: OperationSpec) -> Iterator[dict[str, Any]]:
    """Yield the names with which a family of this sort is filled in for an operation."""
    whole = {
        "": True, "bare": not operation.path, "whole": not operation.required, "located": operation.location,
        "unknown": bool(operation.unknown), "empty": not operation.empty,
    }  # fmt: skip
    if sort in whole:
        yield from [{}] if whole[sort] else []
    elif sort in ("hides", "unhides"):
        for hides in operation.hides[:1] if sort == "hides" else operation.hides:
            if hides.unless or sort == "hides":
                unless = f" unless {hides.unless} is true" if hides.unless else ""
                yield {"Column": hides.column, "values": hides.which, "unless": unless, "Filter": hides.unless}
    elif sort == "stamp":
        yield from ({"Column": column.name} for column in folder.columns.values() if column.set_on == "change")
    elif sort.startswith("field"):
        yield from _each_field(sort, folder, folders, operation)
    else:
        for name, given in operation.filters.items():
            column = folder.columns[given.column]
            applies = {
                "filter": True, "reference": column.references is not None and given.match == "equal",
                "typed": is_typed(column, given) and not given.required,
                "typed-required": is_typed(column, given) and given.required, "required": given.required,
                "moment": bool(forms_of(column, given)), "since": bool(given.since),
                "required-before": bool(given.required_before),
            }  # fmt: skip
            if applies[sort]:
                parent = parent_type(column.references.resource, folders) if column.references else ""
                yield {
                    "Filter": name, "Parent": parent,
                    "form": " or ".join(FORMS[form] for form in forms_of(column, given)),
                    "version": given.required_before if sort == "required-before" else given.since,
                }  # fmt: skip
        for hides in operation.hides if sort == "since" else ():
            if hides.since:
                yield {"Filter": hides.unless, "version": hides.since}


def _each_field(sort: str, folder: Folder, folders: Folders, operation: OperationSpec) -> Iterator[dict[str, Any]]:
    body, fields = folder.body(operation), body_fields(operation, folder)
    for name, part in body["properties"].items():
        if part.get("x-ignored"):
            yield from [{"Field": name}] if sort == "field-ignored" else []
            continue
        field = fields.get(name, Field(None))
        references = None if field.named else field.references
        other = folders.get(references.resource) if references else None
        is_checked = other is not None and other.is_in_fixtures
        applies = {
            "field": True, "field-ignored": False, "field-optional": name not in body.get("required", ()),
            "field-required": name in body.get("required", ()), "field-reference": is_checked,
            "field-where": is_checked and references is not None and bool(references.where),
            "field-named": field.named is not None and field.named.joined is not None, "field-since": "x-since" in part,
        }  # fmt: skip
        if applies[sort]:
            parent = parent_type(references.resource, folders) if references else ""
            yield {"Field": name, "Parent": parent, "version": part.get("x-since", "")}


def _order_text(folder: Folder, operation: OperationSpec) -> str:
    order = operation.order or folder.order or [folder.key]
    if list(order) == [FIXTURE]:
        return "the order in which the office has them"
    return " and ".join(
        f"{name.removeprefix('-')}{', highest first' if name.startswith('-') else ''}" for name in order
    )
