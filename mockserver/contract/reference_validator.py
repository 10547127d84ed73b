"""Reference validator: `jsonschema`, with this contract's definition of integers and patterns.

It explains errors. It takes 40 ms to import, so a schema imports it only when there is an error to explain.
"""

import re
from collections.abc import Iterator
from math import isfinite
from typing import Any

import jsonschema


def _whole(_checker: object, value: object) -> bool:
    # In JSON Schema 15.0 is an integer; a 64-bit column does not accept it.
    return isinstance(value, int) and not isinstance(value, bool)


def _number(_checker: object, value: object) -> bool:
    # JSON has no NaN and no infinity.
    return (type(value) is float and isfinite(value)) or (isinstance(value, int) and not isinstance(value, bool))


def _pattern(_validator: object, pattern: str, value: object, _schema: object) -> Iterator[jsonschema.ValidationError]:
    # Python's $ matches before a line break at the end; $ in JSON Schema's regular expressions does not.
    if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), value):
        yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")


def _type(validator: Any, types: Any, value: object, _schema: object) -> Iterator[jsonschema.ValidationError]:
    # As in jsonschema, except for its message, which is unused and would contain the whole value, even a large one.
    if not any(validator.is_type(value, one) for one in ([types] if isinstance(types, str) else types)):
        yield jsonschema.ValidationError(f"not of type {types}")


ReferenceValidator: Any = jsonschema.validators.extend(  # type: ignore[no-untyped-call]  # its stubs leave it untyped
    jsonschema.Draft202012Validator,
    validators={"pattern": _pattern, "type": _type},
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", _whole).redefine("number", _number),
)
