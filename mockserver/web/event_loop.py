"""Event loop of a server: uvloop if it is installed, otherwise asyncio's."""

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

Got = TypeVar("Got")


class NoSuchLoop(ValueError):
    """The requested event loop is not available."""


class Loop:
    """A kind of event loop: asyncio, uvloop, or auto for uvloop if it is installed. Raises NoSuchLoop."""

    def __init__(self, wanted: str = "auto") -> None:
        uvloop = None if wanted == "asyncio" else _new_uvloop()
        if wanted == "uvloop" and uvloop is None:
            raise NoSuchLoop("uvloop is not installed; pip install uvloop (Windows has none), or take asyncio")
        self._new = uvloop or _new_asyncio

    def run(self, main: Coroutine[Any, Any, Got]) -> Got:
        """Run `main` to its end on a new loop of this kind, and return its result."""
        with asyncio.Runner(loop_factory=self._new) as runner:
            return runner.run(main)


def _new_asyncio() -> asyncio.AbstractEventLoop:
    """Return a loop of asyncio that goes on while freezegun has stopped `time.monotonic`, as uvloop does."""
    loop = asyncio.new_event_loop()
    monotonic = getattr(sys.modules.get("freezegun.api"), "real_monotonic", time.monotonic)
    loop.time = monotonic  # type: ignore[method-assign]
    return loop


def _new_uvloop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # type: ignore[import-not-found,unused-ignore]  # it need not be installed
    except ImportError:
        return None
    new: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return new
