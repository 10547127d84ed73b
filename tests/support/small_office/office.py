"""Small office: a dental office behind HTTP, which plays the vendor's API for tests."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock, Thread
from types import TracebackType

from support.small_office import door, lookups, trackings
from support.small_office.behaviour import Behaviour, Refused
from support.small_office.clocks import Clock, ticking
from support.small_office.data import DISABLED_KEYS, FULL_KEYS, READ_ONLY_KEYS, SECRET_NOTES, Row
from support.small_office.faults import Fault, Faults
from support.small_office.fixture import fixture
from support.small_office.messages import Answer, Request
from support.small_office.server import Reply, Server
from support.small_office.store import Store
from support.small_office.wire import Response, answered, refused, spoiled

Run = Callable[[Request, Store, Behaviour], Answer]
RunNumbered = Callable[[Request, Store, Behaviour, str], Answer]

_WHOLE: Mapping[tuple[str, str], Run] = {
    ("GET", "claimtrackings"): trackings.list_trackings,
    ("POST", "claimtrackings"): trackings.create_tracking,
    ("GET", "definitions"): lookups.list_definitions,
    ("GET", "claims"): lookups.list_claims,
    ("GET", "preferences"): lookups.list_preferences,
}
_NUMBERED: Mapping[tuple[str, str], RunNumbered] = {
    ("PUT", "claimtrackings"): trackings.update_tracking,
    ("GET", "claims"): lookups.get_claim,
}


@dataclass(frozen=True)
class Seen:
    """A request that the office has received. `status` is that of the response; None if it was reset."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float
    status: int | None


class SmallOffice:
    """An office on a free port of this machine, from entering its block to leaving it.

    `choices` are variants by rule, `texts` explanations by rule, `deviations` names of DEVIATIONS. `excludes_none` is
    the preference ClaimTrackingStatusExcludesNone; without `has_setup` every claim status is hidden. With `sets_claim` a
    create sets the claim's own status too, as the desktop software does. `clock` gives the
    office's time (default: 5 s later with each reading), `monotonic` the times of the log.
    """

    keys = FULL_KEYS
    read_only_keys = READ_ONLY_KEYS
    disabled_keys = DISABLED_KEYS

    def __init__(
        self,
        *,
        choices: Mapping[str, str] | None = None,
        texts: Mapping[str, str] | None = None,
        deviations: Iterable[str] = (),
        faults: Iterable[Fault] = (),
        excludes_none: bool = False,
        has_setup: bool = True,
        sets_claim: bool = False,
        clock: Clock | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._behaviour = Behaviour(choices or {}, texts or {}, tuple(deviations))
        self._store = Store(clock or ticking(), excludes_none=excludes_none, has_setup=has_setup, sets_claim=sets_claim)
        self._faults = Faults(tuple(faults))
        self._monotonic = monotonic
        self._lock = Lock()
        self.requests: list[Seen] = []

    def __enter__(self) -> "SmallOffice":
        self._server = Server(self._respond)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.002}, name="small-office")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.stop()
        self._thread.join()

    @property
    def address(self) -> str:
        """Return host and port."""
        return self._server.address

    @property
    def url(self) -> str:
        """Return the base URL for a client, with /api/v1."""
        return f"http://{self.address}{door.BASE_PATH}"

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers of a request that the office admits."""
        return {"Authorization": f"ODFHIR {FULL_KEYS}", "Content-Type": "application/json"}

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return texts that no report may hold: halves of keys, the address, and the beginnings of notes."""
        halves = {half for keys in (FULL_KEYS, READ_ONLY_KEYS, DISABLED_KEYS) for half in keys.split("/")}
        return (*sorted(halves), self.address, *(note[:16] for note in SECRET_NOTES), "Jane Doe", "SECRET-PRACTICE")

    @property
    def rows(self) -> list[Row]:
        """Return a copy of the trackings as the office keeps them, the lowest number first."""
        with self._lock:
            return [dict(row) for _, row in sorted(self._store.trackings.items())]

    @property
    def created(self) -> list[int]:
        """Return the numbers of the trackings that were created, in order."""
        with self._lock:
            return list(self._store.created)

    @property
    def changed(self) -> list[int]:
        """Return the number of the tracking for each change, in order."""
        with self._lock:
            return list(self._store.changed)

    def as_fixture(self) -> dict[str, object]:
        """Return the office's rows, preferences and keys as a fixture of the mock."""
        with self._lock:
            return fixture(self._store)

    def _respond(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Reply:
        with self._lock:
            request = Request(method, target, headers, body, self._monotonic())
            fault = self._faults.next(request)
            response: Response | None
            if fault is None:
                response = self._run(request)
            else:
                response = spoiled(fault, self._run(request) if fault.runs else None)
            status = response.status if response else None
            self.requests.append(Seen(method, target, headers, body, request.at, status))
            return response, fault.seconds if fault and fault.kind == "slow" else 0.0

    def _run(self, request: Request) -> Response:
        """Return the office's own response."""
        store, behaviour = self._store, self._behaviour
        try:
            route = door.find(request, behaviour)
            door.admit(request, route, behaviour)
            name = (route.method, route.resource)
            if route.number is None:
                return answered(_WHOLE[name](request, store, behaviour))
            return answered(_NUMBERED[name](request, store, behaviour, route.number))
        except Refused as refusal:
            return refused(refusal, behaviour)
