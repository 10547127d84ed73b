"""Messages: the wording of errors in values, and of suggestions for a right value."""

import json
import re
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import islice, takewhile
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
# The number of characters of a value or a name that a message quotes.
MAX_SHOWN_LENGTH = 60

_PLAIN_NAME = re.compile(r"[\w$]{1,60}")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_NUMERAL = re.compile(r"-?[0-9]+")
_WHOLE = re.compile(r"0|-?[1-9][0-9]*")
_MAX_DIGITS = 20


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
    what = _KINDS.get(schema.get("type", ""), "a value")
    if "minimum" in schema:
        return f"{what} of {schema['minimum']} or more"
    return f"{what} such as {schema['examples'][0]}" if "examples" in schema else what


def shown(value: object) -> str:
    """Return `value` as JSON, cut if it is long. A long value costs no more time than a short one."""
    text = ""
    if isinstance(value, str):
        value = value[: MAX_SHOWN_LENGTH + 1]
    for part in _ENCODER.iterencode(value):
        text += part
        if len(text) > MAX_SHOWN_LENGTH:
            break
    return brief(_NOT_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], text[: MAX_SHOWN_LENGTH + 1]))


def brief(text: str) -> str:
    """Return `text`, cut if it is long."""
    return shortened(text, MAX_SHOWN_LENGTH)


def path_text(path: Iterable[str | int]) -> str:
    """Return the path `("claimtracking", 2, "Note")` as `claimtracking[2].Note`."""
    text = ""
    for part in path:
        if isinstance(part, str) and _PLAIN_NAME.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"[{shown(part)}]"
    return text


def listed(names: Collection[Any], text: Callable[[Any], str] = str) -> str:
    """Return the first ten of `names`, each as `text` writes it, and the number of the others."""
    first = ", ".join(map(text, islice(names, 10)))
    return f"{first} and {len(names) - 10} more" if len(names) > 10 else first or "none"


def _known_names(name: str, known: list[str]) -> str:
    close = closest(name, known)
    return f"did you mean {close}?" if close else f"known are {listed(known)}"


def _reason(error: Any) -> str:
    """Return the reason why a value is required, if it is required only together with others.

    The schema of such a condition has no type, and its description is the reason.
    """
    return f"; {error.schema['description']}" if "type" not in error.schema and "description" in error.schema else ""


def shortened(text: str, max_length: int) -> str:
    """Return `text`, or its beginning and "..." if it has more than `max_length` characters."""
    return text if len(text) <= max_length else text[: max_length - 3] + "..."


def number_of(count: int, noun: str) -> str:
    """Return `count` with its noun in the singular or plural."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def closest(name: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` that `name` resembles, if there is one. A long name is not compared."""
    if len(name) > MAX_SHOWN_LENGTH:
        return None
    plain = {_plain(other): other for other in known}
    close = get_close_matches(_plain(name), plain, n=1, cutoff=0.6)
    return plain[close[0]] if close else None


def closest_operation(name: str, known: Collection[str]) -> str | None:
    """Return the operation in `known` that `name` means, if there is one: `create` or `claimtrackings/post`.

    Names with other ends, such as those of rules, are found by their end too.
    """
    resource, slash, verb = name.rpartition("/")
    meant = f"{resource}{slash}{_VERBS.get(verb.lower(), verb)}"
    # Of several names with the same end, the first one.
    ends = {re.split("[/.]", other, maxsplit=1)[-1]: other for other in reversed([*known])}
    return closest(meant, known) or ends.get(closest(meant, ends) or "")


def closest_number(number: int, known: Container[object]) -> int | None:
    """Return the nearest of `known` that differs from `number` by one typing error, if there is one.

    It costs the same however many are known.
    """
    text = str(number)
    if len(text) > _MAX_DIGITS:
        return None
    others = {int(typo) for typo in _typos(text) if _WHOLE.fullmatch(typo) and _is_one_typo(text, typo)}
    return min(
        (other for other in others if other in known), key=lambda other: (abs(other - number), other), default=None
    )


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence on an unknown name: a question that suggests a known one, or a full stop."""
    close = closest(name, known)
    return f"; did you mean {close}?" if close else "."


def alternatives(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence on an unknown name: a question that suggests a known one, or the known ones.

    The end of a name is enough for a suggestion: `create` for `claimtrackings/create`; so is a method of HTTP.
    """
    known = list(known)
    close = closest_operation(name, known)
    return f"did you mean {close}?" if close else f"there are {listed(known)}."


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")


def _typos(text: str) -> Iterator[str]:
    """Yield the texts in which a digit is wrong, missing or extra, or in which two are swapped."""
    for index in range(len(text) + 1):
        before, after = text[:index], text[index:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for digit in "0123456789":
            yield before + digit + after
            yield before + digit + after[1:]


def _is_one_typo(typed: str, suggestion: str) -> bool:
    """Return whether one digit is wrong, missing or extra, or two are swapped. Single digits are not compared."""
    same = _shared(typed, suggestion)
    end = _shared(typed[same:][::-1], suggestion[same:][::-1])
    one, other = typed[same : len(typed) - end], suggestion[same : len(suggestion) - end]
    if len(one) == len(other) == 2:
        return one == other[::-1]
    return len(one) <= 1 and len(other) <= 1 and same + end >= 2


def _shared(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


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


# The verbs of operations for the methods of HTTP, which users give instead.
_VERBS = {"post": "create", "put": "update", "patch": "update", "get": "list"}

_ENCODER = json.JSONEncoder(ensure_ascii=False, default=str)

_BOOLEANS = {
    "true": "; leave out the quotes", "yes": "; write true", "on": "; write true", "y": "; write true",
    "false": "; leave out the quotes", "no": "; write false", "off": "; write false", "n": "; write false",
}  # fmt: skip
