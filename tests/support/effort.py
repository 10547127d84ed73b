"""Test effort: quick, or thorough with --thorough or THOROUGH=1."""

import os
from collections.abc import Container, Iterable
from typing import Any

import pytest
from hypothesis import settings

VARIABLE = "THOROUGH"


def is_thorough() -> bool:
    """Return whether this run is thorough."""
    return os.environ.get(VARIABLE, "0") not in ("", "0")


def some(of: int, *, least: int = 1) -> int:
    """Return `of` in a thorough run, otherwise a tenth of it, but at least `least`."""
    return of if is_thorough() else max(of // 10, least)


def parameters(values: Iterable[Any], *, quick: Container[Any]) -> list[Any]:
    """Return each value as a parameter of a test. A quick run tries those that are in `quick`."""
    return [pytest.param(value, marks=thorough_unless(quick=value in quick)) for value in values]


def thorough_unless(*, quick: bool) -> tuple[pytest.MarkDecorator, ...]:
    """Return the marks of a parameter, or of a test."""
    return () if quick else (pytest.mark.thorough,)


def examples(thorough: int, **more: Any) -> settings:
    """Return settings for a test that Hypothesis calls `thorough` times, or fewer times in a quick run."""
    return settings(max_examples=some(thorough, least=10), deadline=None, **more)
