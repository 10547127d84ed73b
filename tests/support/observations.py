"""Observation files for tests."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mockserver.contract.contract import shipped_contract

RULES = shipped_contract().rules
LABEL = "25.4.48, 2026-11-24"


def write_observed(
    folder: Path, rules: Mapping[str, Mapping[str, Any]], name: str = "observed.yaml", date: str = "2026-11-24"
) -> Path:
    """Write a file on an office of version 25.4.48, and return its path."""
    file = folder / name
    head = {"observed": 1, "date": date, "office": {"version": "25.4.48"}}
    file.write_text(json.dumps(head | {"rules": rules}), "utf-8")
    return file


def of_variant(rule: str, name: str) -> dict[str, Any]:
    """Return what a file says of a rule for which the office has that variant."""
    return {"outcome": "holds"} if name == RULES[rule].default else {"outcome": "differs", "variant": name}
