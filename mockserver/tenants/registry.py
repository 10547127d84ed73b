"""Tenant registry: the office of each request, either shared or, with --office-per-key, one per customer key."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator

from mockserver.tenants.tenant import Tenant

log = logging.getLogger("mockserver")

MAX_TENANTS = 256
IDLE_SECONDS = 3600.0


class Tenants:
    """The shared office and, with `per_key`, a copy of it for each customer key.

    Copies are limited: beyond MAX_TENANTS the least recently used one is evicted, and so is one that was not used for
    IDLE_SECONDS.
    """

    def __init__(
        self,
        shared: Tenant,
        *,
        per_key: bool = False,
        max_tenants: int = MAX_TENANTS,
        idle: float = IDLE_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.shared = shared
        self.per_key = per_key
        self._max_tenants = max_tenants
        self._idle = idle
        self._monotonic = monotonic
        self._by_key: OrderedDict[str, tuple[Tenant, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._by_key)

    def __iter__(self) -> Iterator[Tenant]:
        yield self.shared
        yield from (tenant for tenant, _ in tuple(self._by_key.values()))

    def of_request(self, customer_key: str | None) -> Tenant:
        """Return the tenant of a request with that key. A key that is not in the fixture shares the office."""
        if not self.per_key or customer_key is None:
            return self.shared
        known = self.shared.office.apikey
        return self.of_key(customer_key) if not known or customer_key in known else self.shared

    def of_key(self, customer_key: str) -> Tenant:
        """Return the tenant of a key: at its first use a copy of the fixture's office."""
        now = self._monotonic()
        while self._by_key and now - (oldest := next(iter(self._by_key.values())))[1] > self._idle:
            self._evict(logging.INFO, f"it was not used for {now - oldest[1]:.0f} s")
        found = self._by_key.get(customer_key)
        tenant = found[0] if found is not None else self.shared.copy()
        if found is None:
            self.shared.changes.note()
        self._by_key[customer_key] = (tenant, now)
        self._by_key.move_to_end(customer_key)
        while len(self._by_key) > self._max_tenants:
            self._evict(
                logging.WARNING, f"there are at most {self._max_tenants} offices, and it was the least recently used"
            )
        return tenant

    def by_key(self) -> dict[str, Tenant]:
        """Return the offices that customer keys have, without counting that as a use."""
        return {key: tenant for key, (tenant, _) in self._by_key.items()}

    def _evict(self, level: int, why: str) -> None:
        """Evict the least recently used office."""
        _, (tenant, _) = self._by_key.popitem(last=False)
        tenant.drop()
        # Without the key, which is a credential.
        log.log(level, "evicted a customer key's office with %d requests in its journal: %s", len(tenant.journal), why)
