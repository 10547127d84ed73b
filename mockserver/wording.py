"""What is wrong with a value, and what would be right, in words that a person reads once."""

import json
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

_KINDS = {
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping of names to values",
    "null": "empty",
}


def misfit(error: Any) -> str:
    """One sentence part on a `jsonschema.ValidationError`: "must be text, and is 12"."""
    return f"{_right(error)}, and is {shown(error.instance)}"


def shown(value: object) -> str:
    """`value` as JSON, cut where it is long."""
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def meant(name: str, known: Iterable[str]) -> str:
    """The end of a sentence on an unknown name: a question after the one it nearly is, or a full stop."""
    known = list(known)
    same = [other for other in known if other.lower() == name.lower()]
    close = same or get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else "."


def _right(error: Any) -> str:
    rule, value = error.validator, error.validator_value
    if rule == "type":
        quotes = value == "string" and isinstance(error.instance, int | float)
        return f"must be {_KINDS.get(value, value)}" + (", in quotes" if quotes else "")
    if rule == "enum":
        return f"must be one of {', '.join(map(str, value))}"
    if rule == "pattern":
        example = next(iter(error.schema.get("examples", ())), None)
        return f"must have the form of {example}" if example else f"must match {value}"
    return {
        "minimum": f"must be {value} or more",
        "maximum": f"must be {value} or less",
        "minLength": f"must have {value} characters or more",
        "maxLength": f"must have {value} characters or fewer",
        "uniqueItems": "must not hold a value twice",
    }.get(rule, f"must keep {rule}: {value}")
