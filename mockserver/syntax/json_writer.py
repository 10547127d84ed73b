"""JSON writer: arrays in pieces, of which each is one element on a line of its own."""

from collections.abc import Iterable, Iterator


def array(elements: Iterable[str]) -> Iterator[str]:
    """Yield the pieces of an array whose elements are JSON already."""
    before = "[\n"
    for element in elements:
        yield before + element
        before = ",\n"
    yield "\n]" if before == ",\n" else "[]"
