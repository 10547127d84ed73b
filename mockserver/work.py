"""Work that takes long, and that ends early if nobody waits for it any more."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Abandoned(Exception):
    """Nobody waits for this work any more."""


_this_thread = threading.local()


@contextmanager
def ends_with(abandoned: threading.Event) -> Iterator[None]:
    """Let `checkpoint` end the work of this thread within the block once `abandoned` is set."""
    _this_thread.abandoned = abandoned
    try:
        yield
    finally:
        del _this_thread.abandoned


def checkpoint() -> None:
    """Raise Abandoned if nobody waits for the work of this thread any more. Loops over rows and values call it."""
    abandoned: threading.Event | None = getattr(_this_thread, "abandoned", None)
    if abandoned is not None and abandoned.is_set():
        raise Abandoned
