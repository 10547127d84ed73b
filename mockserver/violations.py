"""Violations: the wording of errors that a JSON Schema finds, with the way out."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mockserver.messages import listed, path_text, shown
from mockserver.suggestions import closest, closest_operation

_KINDS = {
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping of names to values",
    "null": "empty",
}

_REQUIREMENTS = {
    "minimum": "be {} or more",
    "maximum": "be {} or less",
    "minLength": "have {} characters or more",
    "maxLength": "have {} characters or fewer",
    "minProperties": "have {} or more of its fields",
    "maxItems": "have {} rows or fewer",
    "uniqueItems": "not hold a value twice",
    "const": "be {}",
}

_BOOLEANS = {
    "true": "; leave out the quotes", "yes": "; write true", "on": "; write true", "y": "; write true",
    "false": "; leave out the quotes", "no": "; write false", "off": "; write false", "n": "; write false",
}  # fmt: skip

_NUMERAL = re.compile(r"-?[0-9]+")


def error_texts(
    error: Any, whole: str, above: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield the errors in a `jsonschema.ValidationError`, each as its path and a sentence.

    `whole` is the name of the value itself, for an error whose path is empty. `above` is the path to the value.
    """
    path = (*above, *error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.validator_value, bool):
        known = [name for name in error.schema["properties"] if not name.startswith("$")]
        for name in error.instance:
            if name not in error.schema["properties"]:
                yield (*path, name), f"{path_text((*path, name))} is not known; {_known_names(name, known)}"
    elif error.validator == "required":
        for name in error.validator_value:
            if name not in error.instance:
                yield (*path, name), f"{path_text((*path, name))} is missing{_reason(error)}"
    else:
        yield path, f"{path_text(path) or whole} {violation_text(error)}"


def violation_text(error: Any) -> str:
    """Return a part of a sentence on a `jsonschema.ValidationError`: "must be text, and is 12; put it in quotes"."""
    return f"must {_requirement(error)}, and is {shown(error.instance)}{_remedy(error)}"


def expected_text(schema: Mapping[str, Any]) -> str:
    """Return a description of a column's values: "a whole number of 1 or more"."""
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    kinds = schema.get("type", "")
    what = " or ".join(_KINDS.get(kind, "a value") for kind in ([kinds] if isinstance(kinds, str) else kinds))
    if "minimum" in schema:
        return f"{what} of {schema['minimum']} or more"
    return f"{what} such as {schema['examples'][0]}" if "examples" in schema else what


def _known_names(name: str, known: list[str]) -> str:
    close = closest(name, known)
    return f"did you mean {close}?" if close else f"known are {listed(known)}"


def _reason(error: Any) -> str:
    """Return the reason why a value is required, if it is required only together with others.

    The schema of such a condition has no type, and its description is the reason.
    """
    return f"; {error.schema['description']}" if "type" not in error.schema and "description" in error.schema else ""


def _requirement(error: Any) -> str:
    rule, value = error.validator, error.validator_value
    if rule == "type" and isinstance(value, str):
        return f"be {_KINDS.get(value, value)}"
    if rule in ("minLength", "minItems") and value == 1:
        return "not be empty"
    if rule == "enum":
        return f"be one of {', '.join(map(str, value))}"
    if rule == "anyOf":
        return "have " + " or ".join(listed(part.get("required", ())) for part in value)
    if rule == "type" and isinstance(value, list):
        return f"be {' or '.join(_KINDS[kind] for kind in value)}"
    if rule == "pattern":
        examples = error.schema.get("examples", ())
        return f"have the form of {' or '.join(map(str, examples))}" if examples else f"match {value}"
    return _REQUIREMENTS.get(rule, f"keep {rule}: {{}}").format(listed(value) if isinstance(value, list) else value)


def _remedy(error: Any) -> str:
    is_, wants = error.instance, error.validator_value
    if error.validator == "enum" and isinstance(is_, str):
        names = [name for name in wants if isinstance(name, str)]
        close = (closest_operation if error.schema.get("x-type") == "Operation" else closest)(is_, names)
        close = close or _described(is_, names, error.schema.get("description", ""))
        return f"; did you mean {close}?" if close else ""
    if error.validator != "type":
        return ""
    if wants == "string" and isinstance(is_, int | float):
        return "; put it in quotes"
    if wants == "string" and is_ is None:
        return '; "" is empty text'
    if "integer" in wants and isinstance(is_, str) and _NUMERAL.fullmatch(is_):
        return "; leave out the quotes"
    if wants == "boolean" and isinstance(is_, str):
        return _BOOLEANS.get(is_.lower(), "")
    return ""


def _described(word: str, names: Iterable[str], description: str) -> str | None:
    """Return the name that a description explains by a word: S for "Sent" in "S sent, R received"."""
    meanings = ((name, re.search(rf"\b{re.escape(name)} (\w+)", description)) for name in names)
    return next((name for name, meaning in meanings if meaning and meaning[1] == word.lower()), None)
