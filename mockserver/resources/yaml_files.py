"""YAML files of the contract."""

from pathlib import Path
from typing import Any

from mockserver.errors import ContractUnusable
from mockserver.syntax.strict_yaml import load
from mockserver.syntax.yaml_events import YamlError


def read_yaml(file: Path) -> Any:
    """Return the data of a file. Raises FileNotFoundError, and ContractUnusable, which names the file."""
    try:
        return load(file.read_text(encoding="utf-8"))
    except YamlError as error:
        raise ContractUnusable(f"{file}: {error}", file) from None
