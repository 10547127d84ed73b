"""Editor schema: the schema of fixtures in draft 7, which all editors know, in one file without references."""

import json
from typing import Any

from mockserver.contract.contract import Contract

NAME = "fixture.schema.json"
"""The file that `init` writes beside a fixture."""


def editor_schema(contract: Contract) -> dict[str, Any]:
    """Return the schema `office`."""
    return {"$schema": "http://json-schema.org/draft-07/schema#", **_plain(contract.schemas["office"].contents)}


def as_text(schema: dict[str, Any]) -> str:
    """Return the schema as the text of its file."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _plain(part: Any) -> Any:
    """Return a schema without the annotations of this package, and without names of dialects."""
    if isinstance(part, list):
        return [_plain(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    # An example or a default is not a schema, and a property named $schema does not name a dialect.
    return {
        key: inner if key in ("examples", "default", "enum", "const") else _plain(inner)
        for key, inner in part.items()
        if not key.startswith("x-") and not (key in ("$schema", "$id") and isinstance(inner, str))
    }
