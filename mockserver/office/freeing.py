"""Freeing: the memory of many rows, of which each is freed by itself, so that other threads have their turns."""

import sys
import threading
from contextlib import suppress
from typing import Any

NAME = "opendental-mock freeing"
"""The name of the thread."""

_MANY = 10_000  # rows, which are freed in a few milliseconds


class Owner:
    """The owner of lists and mappings that nobody uses once it is freed itself.

    CPython frees a list of a million rows in one go, for which every thread waits. The owner empties it first.
    """

    __slots__ = ("_collections",)

    def __init__(self, *collections: list[Any] | dict[Any, Any]) -> None:
        self._collections = collections

    def __del__(self) -> None:
        # At the end of the process, which frees them too, Python 3.11 would wait for the new thread forever.
        if max(map(len, self._collections)) >= _MANY and not sys.is_finalizing():
            with suppress(RuntimeError):  # newer ones refuse it
                threading.Thread(target=_empty, args=(self._collections,), name=NAME).start()


def _empty(collections: tuple[list[Any] | dict[Any, Any], ...]) -> None:
    for collection in collections:
        remove = collection.pop if isinstance(collection, list) else collection.popitem
        while collection:
            remove()
