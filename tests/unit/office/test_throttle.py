"""Throttle tests: the seconds that a customer key waits."""

import pytest

from mockserver.office.clock import Clock
from mockserver.office.rows import ApiKey
from mockserver.office.throttle import Throttle


def key(*permissions: str, customer: str = "Cust") -> ApiKey:
    return ApiKey(DeveloperKey="Dev", CustomerKey=customer, Permissions=permissions)


@pytest.mark.parametrize(
    ("permissions", "seconds", "retry_after"),
    [
        pytest.param(("ReadAll", "Insurance"), 1.0, 1, id="1 s"),
        pytest.param(("ReadAll",), 5.0, 5, id="5 s with ReadAll alone"),
        pytest.param(("ReadAll", "Insurance", "Enterprise"), 0.5, 1, id="0.5 s with Enterprise"),
    ],
)
def test_a_key_waits_as_long_as_its_permissions_say(
    permissions: tuple[str, ...], seconds: float, retry_after: int
) -> None:
    clock = Clock(monotonic=lambda: 100.0)
    throttle = Throttle()
    assert throttle.wait(key(*permissions), clock) == 0
    assert throttle.wait(key(*permissions), clock) == retry_after
    clock.advance(seconds - 0.125)
    assert throttle.wait(key(*permissions), clock) == 1
    clock.advance(0.125)
    assert throttle.wait(key(*permissions), clock) == 0
    assert throttle.wait(key(*permissions), clock) == retry_after


def test_keys_wait_for_themselves_alone() -> None:
    clock = Clock(monotonic=lambda: 100.0)
    throttle = Throttle()
    assert throttle.wait(key("ReadAll", customer="A"), clock) == 0
    assert throttle.wait(key("ReadAll", customer="B"), clock) == 0


def test_the_throttle_forgets_keys_that_may_ask_again() -> None:
    clock = Clock(monotonic=lambda: 100.0)
    throttle = Throttle()
    for number in range(25_000):
        assert throttle.wait(key("ReadAll", customer=str(number)), clock) == 0
        clock.advance(0.01)
    assert len(throttle._free_at) <= 10_000


def test_a_reset_admits_every_key() -> None:
    clock = Clock(monotonic=lambda: 100.0)
    throttle = Throttle()
    assert throttle.wait(key("ReadAll"), clock) == 0
    throttle.reset()
    assert throttle.wait(key("ReadAll"), clock) == 0
