"""House style tests: rules on names and texts that no linter checks."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATHS = sorted(path for folder in ("mockserver", "tests") for path in (ROOT / folder).rglob("*.py"))


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Return the text of each module by its path."""
    return {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in PATHS}


def test_names_of_tests_are_shorter_than_70_characters(texts: dict[str, str]) -> None:
    names = {
        f"{path}::{name}"
        for path, text in texts.items()
        for name in re.findall(r"^ *(?:async )?def (test_\w+)", text, re.M)
    }
    assert len(names) > 1_000
    assert [name for name in sorted(names) if len(name.partition("::")[2]) >= 70] == []


def test_docstrings_of_modules_begin_with_a_noun_phrase(texts: dict[str, str]) -> None:
    first_words = {path: re.match(r'(?:#.*\n)*r?"""([^\s"]+)', text) for path, text in texts.items()}
    assert [path for path, word in first_words.items() if word is None] == []
    wrong = ("What", "Who", "Where", "How", "That")
    assert [path for path, word in first_words.items() if word is not None and word[1] in wrong] == []


def test_no_test_imports_a_test(texts: dict[str, str]) -> None:
    test = r"^(?:from|import) (?!aiohttp)(?:\w+\.)*test_\w+"
    assert [path for path, text in texts.items() if re.search(test, text, re.M)] == []
