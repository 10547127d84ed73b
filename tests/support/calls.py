"""Function calls: a measure of work that is the same on every machine."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def calls(do: Callable[[], object]) -> int:
    """Return how many functions `do()` calls, those in C included."""
    count = 0

    def see(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(see)
    try:
        do()
    finally:
        sys.setprofile(before)
    return count
