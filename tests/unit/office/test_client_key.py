"""Client key tests: the pair of keys that a client is told to use."""

import pytest

from mockserver.office.client_key import DUMMY_KEY, client_key
from mockserver.office.rows import ApiKey


def key(name: str, *permissions: str, state: str = "Enabled") -> ApiKey:
    return ApiKey(DeveloperKey="D", CustomerKey=name, State=state, Permissions=permissions)


READ, WRITE = key("read", "ReadAll"), key("write", "Insurance")
BOTH, MORE = key("both", "Insurance", "ReadAll"), key("more", "ReadAll", "Insurance", "Enterprise")
OFF = key("off", "ReadAll", "Insurance", state="DisabledByHQ")


@pytest.mark.parametrize(
    ("keys", "first"),
    [
        ([], DUMMY_KEY), ([OFF], DUMMY_KEY), ([OFF, READ, WRITE], READ), ([WRITE, READ], WRITE),
        ([OFF, READ, BOTH, MORE], BOTH), ([READ, MORE, BOTH], MORE),
    ],
    ids=lambda value: " ".join(one.CustomerKey for one in value) if isinstance(value, list) else "",
)  # fmt: skip
def test_first_enabled_key_that_may_read_and_write_is_chosen(keys: list[ApiKey], first: ApiKey) -> None:
    assert client_key(keys) is first
