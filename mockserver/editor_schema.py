"""The schema of fixtures for editors: draft 7, which they all know, in one file with nothing to look up.

`python -m mockserver.editor_schema` writes schemas/fixture.schema.json anew.
"""

import json
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any

from mockserver.assets import shipped
from mockserver.contract import Contract, shipped_contract

NAME = "fixture.schema.json"


def editor_schema(contract: Contract) -> dict[str, Any]:
    """The schema `office`, with each `$ref` replaced by what it points to."""
    whole = _inlined(contract, "office", contract.schemas["office"].contents)
    return {"$schema": "http://json-schema.org/draft-07/schema#", **whole}


def as_text(schema: dict[str, Any]) -> str:
    """The schema as the file holds it."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _inlined(contract: Contract, home: str, part: Any) -> Any:
    if isinstance(part, list):
        return [_inlined(contract, home, inner) for inner in part]
    if not isinstance(part, dict):
        return part
    # In draft 7 nothing counts that stands beside a $ref.
    pointed = _pointed(contract, home, part["$ref"]) if isinstance(part.get("$ref"), str) else {}
    # An example or a default is no schema, and what is named $schema in `properties` is no dialect.
    own = {
        key: inner if key in ("examples", "default", "enum", "const") else _inlined(contract, home, inner)
        for key, inner in part.items()
        if key != "$ref" and not key.startswith("x-") and not (key in ("$schema", "$id") and isinstance(inner, str))
    }
    return {**pointed, **own}


def _pointed(contract: Contract, home: str, reference: str) -> Any:
    """What a `$ref` in the schema `home` points to, itself inlined."""
    file, _, inside = reference.partition("#")
    name = normpath(join(dirname(home), file)).removesuffix(".json")
    found: Any = contract.schemas[name].contents
    for step in inside.strip("/").split("/") if inside else ():
        found = found[step]
    return _inlined(contract, name, found)


if __name__ == "__main__":  # pragma: no cover  # writes into the checkout; a test holds what it writes
    Path(shipped("schemas") / NAME).write_text(as_text(editor_schema(shipped_contract())), encoding="utf-8")
