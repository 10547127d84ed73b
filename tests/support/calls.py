"""Function calls: a measure of work that is the same on every machine."""

import gc
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def calls(do: Callable[[], object]) -> int:
    """Return how many functions `do()` calls, those in C included, and no finalizer of other objects meanwhile."""
    count = 0

    def see(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before, collects = sys.getprofile(), gc.isenabled()
    gc.disable()
    sys.setprofile(see)
    try:
        do()
    finally:
        sys.setprofile(before)
        if collects:
            gc.enable()
    return count
