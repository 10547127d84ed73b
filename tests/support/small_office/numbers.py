"""Numbers: whole numbers of 64 bits, in URLs and in quotes."""

import re

from support.small_office.behaviour import Behaviour

_WHOLE = re.compile("-?[0-9]{1,19}")


def whole(text: str) -> int | None:
    """Return the whole number of 64 bits that `text` is; None for any other text."""
    return int(text) if _WHOLE.fullmatch(text) and fits(int(text)) else None


def fits(number: int) -> bool:
    """Return whether `number` has at most 64 bits."""
    return -(2**63) <= number < 2**63


def number_in_url(text: str, column: str, kind: str, rule: str, behaviour: Behaviour) -> int:
    """Return the primary key at the end of a URL. `kind` is the type of its row. Raises Refused by `rule`."""
    number = whole(text)
    if number is not None:
        return number
    if behaviour.chooses(rule, "not-found"):
        raise behaviour.refusal(rule, 404, f"{kind} not found.")
    raise behaviour.refusal(rule, 400, f"{column} is invalid.")
