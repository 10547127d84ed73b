"""House style tests: rules on names and texts that no linter checks."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATHS = sorted(path for folder in ("mockserver", "tests") for path in (ROOT / folder).rglob("*.py"))


@pytest.fixture(scope="module")
def modules() -> dict[str, ast.Module]:
    """Return each module by its path."""
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in PATHS}


def test_names_of_tests_are_shorter_than_70_characters(modules: dict[str, ast.Module]) -> None:
    names = {
        f"{path}::{node.name}"
        for path, module in modules.items()
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }
    assert names
    assert [name for name in sorted(names) if len(name.partition("::")[2]) >= 70] == []


def test_docstrings_of_modules_begin_with_a_noun_phrase(modules: dict[str, ast.Module]) -> None:
    first_words = {path: (ast.get_docstring(module) or "").split(" ")[0] for path, module in modules.items()}
    assert [path for path, word in first_words.items() if word in ("", "What", "Who", "Where", "How", "That")] == []
