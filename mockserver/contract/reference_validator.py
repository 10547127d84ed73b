"""The engine that says why: `jsonschema`, with whole numbers and patterns as this contract means them.

It takes 40 ms to import, so `shelf` does that only where something has to be explained.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema
from referencing import Registry
from referencing.jsonschema import DRAFT202012


def _whole(_checker: object, value: object) -> bool:
    # JSON Schema counts 15.0 as an integer; a 64-bit column does not take it.
    return isinstance(value, int) and not isinstance(value, bool)


def _pattern(_validator: object, pattern: str, value: object, _schema: object) -> Iterator[jsonschema.ValidationError]:
    # Python's $ lets a line break stand at the end; that of JSON Schema's regular expressions does not.
    if isinstance(value, str) and not re.search(re.sub(r"\$$", r"\\Z", pattern), value):
        yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")


def _type(validator: Any, types: Any, value: object, _schema: object) -> Iterator[jsonschema.ValidationError]:
    # As jsonschema's own, but for the message, which nobody reads: it holds all of the value, however large.
    if not any(validator.is_type(value, one) for one in ([types] if isinstance(types, str) else types)):
        yield jsonschema.ValidationError(f"not of type {types}")


ReferenceValidator: Any = jsonschema.validators.extend(  # type: ignore[no-untyped-call]  # its stubs leave it untyped
    jsonschema.Draft202012Validator,
    validators={"pattern": _pattern, "type": _type},
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", _whole),
)


def registry(schemas: Mapping[str, Mapping[str, Any]]) -> Registry[Any]:
    """What a `$ref` finds: each schema under its URI. Nothing is ever fetched."""
    return Registry().with_resources((uri, DRAFT202012.create_resource(schema)) for uri, schema in schemas.items())
