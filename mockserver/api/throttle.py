"""How long a customer key has to wait before it may ask again (vendor: API Implementation, throttling)."""

from math import ceil

from mockserver.office.clock import Clock
from mockserver.office.rows import ApiKey

_MOST_KEYS = 10_000


class Throttle:
    """Remembers when each customer key was last let through."""

    def __init__(self) -> None:
        self._free_at: dict[str, float] = {}

    def wait(self, key: ApiKey, clock: Clock) -> int:
        """Whole seconds that `key` has to wait; 0: it may go on, and this counts as its last request."""
        now = clock.seconds()
        left = self._free_at.get(key.CustomerKey, now) - now
        if left > 0:
            return ceil(left)
        if len(self._free_at) >= _MOST_KEYS:
            self._free_at = {name: free_at for name, free_at in self._free_at.items() if free_at > now}
        self._free_at[key.CustomerKey] = now + _interval(key)
        return 0


def _interval(key: ApiKey) -> float:
    if "Enterprise" in key.Permissions:
        return 0.5
    return 5.0 if key.Permissions == ("ReadAll",) else 1.0
