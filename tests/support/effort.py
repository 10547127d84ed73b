"""Test effort: quick, or thorough with --thorough or THOROUGH=1."""

import os
from typing import Any

from hypothesis import settings

VARIABLE = "THOROUGH"


def is_thorough() -> bool:
    """Return whether this run is thorough."""
    return os.environ.get(VARIABLE, "0") not in ("", "0")


def some(of: int, *, least: int = 1) -> int:
    """Return `of` in a thorough run, otherwise a tenth of it, but at least `least`."""
    return of if is_thorough() else max(of // 10, least)


def examples(thorough: int, **more: Any) -> settings:
    """Return settings for a test that Hypothesis calls `thorough` times, or fewer times in a quick run."""
    return settings(max_examples=some(thorough, least=10), deadline=None, **more)
