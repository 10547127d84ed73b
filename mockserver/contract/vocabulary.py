"""Vocabulary: the texts of refusals that are known, as templates.

An observation names no other text, since a text of an office may quote its data.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from mockserver.contract.contract import shipped_contract

TEMPLATES = (
    # The vendor's forms, seen on live offices or in its pages. A name of the request comes before a column.
    "{name} is invalid.",
    "{Column} is required.",
    "{Column} is invalid.",
    "{Column} format must be yyyy-MM-dd HH:mm:ss.",
    "{Type} not found.",
    "{Type} does not exist.",
    "{resource} is not a valid resource.",
    "{resource} {method} {word} is not a valid method.",
    "'{name}' is not a valid parameter.",
    "Too many requests.",
    # The mock's own.
    "The path does not begin with /api/v1.",
    "There is no Authorization header.",
    "The Authorization header is invalid.",
    "The Developer Key or the Customer Key is invalid.",
    "The Customer Key is disabled.",
    "The Customer Key does not have the permission {permission}.",
    "The Content-Type is not application/json.",
    "The Content-Type must be application/json.",
    "{resource} {method} was added in version {version}.",
    "The request body could not be read.",
    "The request body is too large.",
    "The request body is not in the charset that it claims.",
    "The request body is not valid JSON.",
    "The request body must be a JSON object.",
    "'{name}' is not a documented parameter{meant}",
    "{count} more parameters are not documented.",
    "{name} is not a documented field{meant}",
    "{count} more fields are not documented.",
    "{name} cannot be set.",
    "{name} is a number in quotes.",
    "The body has a duplicate key.",
    "{name} names a hidden definition.",
    "The Dental Office has not set up any claim status (definition of category 31).",
    "ClaimTrackingNum is exhausted.",
)
"""The known texts. `{Column}` and `{Type}` are any column and type of the contract, other names are of a request."""

_TYPES = ("ClaimTracking", "Claim", "Patient", "Definition", "Preference")
_NAME = re.compile(r"\{(\w+)\}")


def template_of(text: str, names: Mapping[str, str]) -> str | None:
    """Return the known template of an observed text, or None if the text is unknown.

    `names` gives the values that stand in the text: with `{"name": "Bogus"}`, `'Bogus' is not a valid parameter.` has
    the template `'{name}' is not a valid parameter.` A column or a type stays as it is, and so does a full stop that
    is missing.
    """
    for template in TEMPLATES:
        used = [name for name in _NAME.findall(template) if name not in _kinds()]
        if not all(name in names for name in used):
            continue
        match = re.fullmatch(_pattern(template, {name: names[name] for name in used}), text)
        if match is not None:
            for name, value in match.groupdict().items():
                template = template.replace(f"{{{name}}}", value)
            return template if text.endswith(".") else template.removesuffix(".")
    return None


def is_template(text: str) -> bool:
    """Return whether `text` is what `template_of` returns for some text."""
    names = {name: f"{{{name}}}" for template in TEMPLATES for name in _NAME.findall(template)}
    return template_of(text, {name: value for name, value in names.items() if name not in _kinds()}) == text


def _pattern(template: str, values: Mapping[str, str]) -> str:
    """Return a regular expression for the texts of a template, in which names have these values."""
    parts = _NAME.split(template)
    for index in range(1, len(parts), 2):
        name = parts[index]
        parts[index] = f"(?P<{name}>{_kinds()[name]})" if name in _kinds() else re.escape(values[name])
    parts[::2] = map(re.escape, parts[::2])
    return "".join(parts).removesuffix(r"\.") + (r"\.?" if template.endswith(".") else "")


@cache
def _kinds() -> Mapping[str, str]:
    """Return a regular expression for each kind of name that is the contract's own."""
    schemas = shipped_contract().schemas.items()
    sent = [schema for name, schema in schemas if "/" in name and not name.startswith(("fixtures/", "admin/"))]
    return {"Column": _one_of({name for schema in sent for name in schema.properties}), "Type": _one_of(_TYPES)}


def _one_of(names: Iterable[str]) -> str:
    return "|".join(sorted(names))
