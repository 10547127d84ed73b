"""Throttle: the rate limit of an office, for each customer key."""

from math import ceil

from mockserver.office.clock import Clock
from mockserver.office.rows import ApiKey

_MAX_KEYS = 10_000


class Throttle:
    """The time that a customer key has to wait before its next request (vendor: API Implementation, throttling)."""

    __slots__ = ("_free_at",)

    def __init__(self) -> None:
        self._free_at: dict[str, float] = {}

    def wait(self, key: ApiKey, clock: Clock) -> int:
        """Return the whole seconds that `key` has to wait.

        With 0 the request is admitted, and counts as the key's last one.
        """
        now = clock.seconds()
        left = self._free_at.get(key.CustomerKey, now) - now
        if left > 0:
            return ceil(left)
        if len(self._free_at) >= _MAX_KEYS:
            self._free_at = {name: free_at for name, free_at in self._free_at.items() if free_at > now}
        self._free_at[key.CustomerKey] = now + _interval(key)
        return 0

    def reset(self) -> None:
        """Admit the next request of every key."""
        self._free_at.clear()


def _interval(key: ApiKey) -> float:
    if "Enterprise" in key.Permissions:
        return 0.5
    return 5.0 if key.Permissions == ("ReadAll",) else 1.0
