"""Hints: the numbers that a request could have named."""

from functools import lru_cache
from itertools import islice

from mockserver.office.office import Office

MAX_LISTED = 10
"""How many numbers a hint lists."""


@lru_cache(maxsize=64)  # of tables that have not changed: 4 % of the time of a refusal
def list_numbers(first: tuple[int, ...], count: int) -> str:
    """Return the first numbers, and how many more there are of `count`."""
    more = f" and {count - MAX_LISTED} more" if count > MAX_LISTED else ""
    return ", ".join(map(str, first)) + more or "none"


def there(office: Office, resource: str, table: str) -> str:
    """Return the rows of a table as a hint: "claims in this office: 1, 3"."""
    rows = office.tables[table]
    return f"{resource} in this office: {list_numbers(tuple(islice(rows.numbers(), MAX_LISTED)), len(rows))}"
