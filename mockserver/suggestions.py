"""Suggestions: the known name or number that a wrong one resembles."""

import re
from collections.abc import Collection, Container, Iterable, Iterator
from difflib import get_close_matches
from itertools import takewhile

from mockserver.messages import MAX_SHOWN_LENGTH, listed

# The verbs of operations for the methods of HTTP, which users give instead.
_VERBS = {"post": "create", "put": "update", "patch": "update", "get": "list"}

_WHOLE = re.compile(r"0|-?[1-9][0-9]*")
_MAX_DIGITS = 20


def closest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the one of `known` that `name` resembles, if there is one. A long name is not compared.

    `cutoff` is the least resemblance, from 0 to 1.
    """
    if len(name) > MAX_SHOWN_LENGTH:
        return None
    plain: dict[str, list[str]] = {}
    for other in known:
        plain.setdefault(_plain(other), []).append(other)
    close = get_close_matches(_plain(name), plain, n=1, cutoff=cutoff)
    # claimNum and ClaimNum are two names.
    return get_close_matches(name, plain[close[0]], n=1, cutoff=0)[0] if close else None


def closest_operation(name: str, known: Collection[str]) -> str | None:
    """Return the operation in `known` that `name` means, if there is one: `create` or `claimtrackings/post`.

    Names with other ends, such as those of rules, are found by their end too.
    """
    resource, slash, verb = name.rpartition("/")
    meant = f"{resource}{slash}{_VERBS.get(verb.lower(), verb)}"
    # Of several names with the same end, the first one.
    ends = {re.split("[/.]", other, maxsplit=1)[-1]: other for other in reversed([*known])}
    whole = None if slash else ends.get(meant.lower())
    return whole or closest(meant, known) or ends.get(closest(meant, ends) or "")


def closest_number(number: int, known: Container[object]) -> int | None:
    """Return the nearest of `known` that differs from `number` by one typing error, if there is one.

    It costs the same however many are known.
    """
    text = str(number)
    if len(text) > _MAX_DIGITS:
        return None
    others = {int(typo) for typo in _typos(text) if _WHOLE.fullmatch(typo) and _is_one_typo(text, typo)}
    return min(
        (other for other in others if other in known), key=lambda other: (abs(other - number), other), default=None
    )


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence on an unknown name: a question that suggests a known one, or a full stop."""
    close = closest(name, known)
    return f"; did you mean {close}?" if close else "."


def alternatives(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence on an unknown name: a question that suggests a known one, or the known ones.

    The end of a name is enough for a suggestion: `create` for `claimtrackings/create`; so is a method of HTTP.
    """
    known = list(known)
    close = closest_operation(name, known)
    return f"did you mean {close}?" if close else f"there are {listed(known)}."


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "").replace(" ", "")


def _typos(text: str) -> Iterator[str]:
    """Yield the texts in which a digit is wrong, missing or extra, or in which two are swapped."""
    for index in range(len(text) + 1):
        before, after = text[:index], text[index:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for digit in "0123456789":
            yield before + digit + after
            yield before + digit + after[1:]


def _is_one_typo(typed: str, suggestion: str) -> bool:
    """Return whether one digit is wrong, missing or extra, or two are swapped. Single digits are not compared."""
    same = _shared(typed, suggestion)
    end = _shared(typed[same:][::-1], suggestion[same:][::-1])
    one, other = typed[same : len(typed) - end], suggestion[same : len(suggestion) - end]
    if len(one) == len(other) == 2:
        return one == other[::-1]
    return len(one) <= 1 and len(other) <= 1 and same + end >= 2


def _shared(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
