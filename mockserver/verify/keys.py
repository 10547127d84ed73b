"""Keys of an office, from the environment or a file, which no message repeats."""

import os
import re
from collections.abc import Mapping

from mockserver.office.rows import ApiKey
from mockserver.settings.secret import read_secret

DEVELOPER, CUSTOMER = "OPENDENTAL_DEVELOPER_KEY", "OPENDENTAL_CUSTOMER_KEY"

_PAIR = re.compile(r"(?:ODFHIR +)?([!-.0-~]+)/([!-.0-~]+)")
_EXPECTED = "{DeveloperKey}/{CustomerKey} on one line"


class KeysError(ValueError):
    """A pair of keys is missing or malformed."""


def read_keys(source: str | None, environment: Mapping[str, str] = os.environ) -> ApiKey:
    """Return the pair of keys in `source`: the name of a variable, or `@` and the name of a file.

    Without one they are in OPENDENTAL_DEVELOPER_KEY and OPENDENTAL_CUSTOMER_KEY. Raises KeysError, which repeats no
    part of a key.
    """
    if source is None:
        pair = ApiKey(DeveloperKey=environment.get(DEVELOPER, ""), CustomerKey=environment.get(CUSTOMER, ""))
        if not (pair.DeveloperKey and pair.CustomerKey):
            raise KeysError(f"there are no keys: set {DEVELOPER} and {CUSTOMER}, or name a variable or @FILE that has"
                            f" {_EXPECTED}")  # fmt: skip
        text, place = f"{pair.DeveloperKey}/{pair.CustomerKey}", f"{DEVELOPER} and {CUSTOMER}"
    elif source.startswith("@"):
        place = source[1:]
        try:
            text = read_secret(place)
        except ValueError as error:
            raise KeysError(f"{place}: {error}") from None
    elif source in environment:
        text, place = environment[source].strip(), f"the variable {source}"
    elif _PAIR.fullmatch(source):
        raise KeysError("keys do not belong on a command line, which others can read; name a variable or @FILE")
    else:
        raise KeysError(f"there is no variable {source}; set it, or name a file as @FILE")
    found = _PAIR.fullmatch(text)
    if found is None:
        raise KeysError(f"{place} does not hold {_EXPECTED}")
    return ApiKey(DeveloperKey=found[1], CustomerKey=found[2])
