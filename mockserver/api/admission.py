"""Admission: credentials, permission, headers, version, throttle and page size, in the vendor's order.

Nothing here is of one resource; an operation says only which permission and version it needs.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from math import ceil

from mockserver.api.operation import Call, Operation
from mockserver.api.request import AUTHORIZATION, CONTENT_TYPE
from mockserver.api.settings import Settings
from mockserver.errors import BadRequest, TooManyRequests, Unauthorized
from mockserver.office.clock import Clock
from mockserver.office.office import Office
from mockserver.office.rows import ApiKey

_AUTHORIZATION = re.compile(r"ODFHIR +([!-.0-~]+)/([!-.0-~]+) *", re.IGNORECASE)
_EXPECTED = "expected: Authorization: ODFHIR {DeveloperKey}/{CustomerKey}"
_MAX_REMEMBERED_LENGTH = 256  # characters of a header
_NOBODY = ApiKey(DeveloperKey="", CustomerKey="")
_MOST_KEYS = 10_000


class Admission:
    """Decides whether a request may reach its operation, and how long its pages are."""

    def __init__(self, settings: Settings) -> None:
        self._strict_headers = settings.strict_headers
        self._local = settings.mode != "remote"
        self._throttle = Throttle() if settings.throttle and not self._local else None

    def admit(self, operation: Operation, office: Office, headers: Mapping[str, str], call: Call) -> ApiKey:
        """Raise the first refusal there is, or set the call's page size; who asks."""
        key = _key(office, headers, call)
        if operation.permission not in key.Permissions:
            raise Unauthorized(
                f"The Customer Key does not have the permission {operation.permission}.",
                rule="api.permission",
                hint=f"{operation.method} of {operation.resource} needs {operation.permission}",
            )
        self._check_content_type(operation, headers, call)
        if _numbers(office.version) < _numbers(operation.added.version):
            raise BadRequest(
                f"{operation.resource} {operation.method} was added in version {operation.added.version}.",
                rule=operation.added.rule,
                hint=f"this office runs {office.version}; its fixture says so under office: version",
            )
        if self._throttle is not None:
            wait = self._throttle.wait(key, office.clock)
            if wait:
                raise TooManyRequests("Too many requests.", rule="api.throttle", retry_after=wait)
        self._set_page_size(key, call)
        return key

    def _check_content_type(self, operation: Operation, headers: Mapping[str, str], call: Call) -> None:
        content_type = headers.get(CONTENT_TYPE, "")
        if content_type == "application/json":
            return
        if content_type.partition(";")[0].strip().lower() == "application/json":
            return
        if operation.body is None:
            warn = call.warn if self._strict_headers else call.note_warning  # live offices serve it
            warn("The Content-Type is not application/json.", rule="warning.no-content-type")
            return
        raise BadRequest(
            "The Content-Type must be application/json.",
            rule="api.content-type",
            hint="send the header Content-Type: application/json",
        )

    def _set_page_size(self, key: ApiKey, call: Call) -> None:
        if "Enterprise" in key.Permissions:
            call.page_size, call.page_rule = (10_000 if self._local else 1_000), "api.Limit.enterprise"
        elif self._local:
            call.page_size, call.page_rule = 1_000, "api.Limit.local"


def _key(office: Office, headers: Mapping[str, str], call: Call) -> ApiKey:
    header = headers.get(AUTHORIZATION)
    if header is None:
        call.warn("There is no Authorization header.", rule="warning.no-authorization", strictly=Unauthorized)
        return _NOBODY
    given = _given(header)
    if given is None:
        raise Unauthorized("The Authorization header is invalid.", rule="api.credentials.malformed", hint=_EXPECTED)
    if not office.apikey:
        call.meets("api.credentials")
        return given
    key = office.apikey.get(given.CustomerKey)
    if key is None or key.DeveloperKey != given.DeveloperKey:
        raise Unauthorized(
            "The Developer Key or the Customer Key is invalid.",
            rule="api.credentials.invalid",
            hint="the pair must be an apikey row of the fixture",
        )
    if key.State != "Enabled":
        raise Unauthorized(
            "The Customer Key is disabled.", rule="api.credentials.disabled", hint=f"its State is {key.State}"
        )
    call.meets("api.credentials")
    return key


def customer_key(headers: Mapping[str, str]) -> str | None:
    """The customer key that a request names, if it names one in the right form."""
    given = _given(headers.get(AUTHORIZATION, ""))
    return given.CustomerKey if given else None


def _given(header: str) -> ApiKey | None:
    """The pair of keys in an Authorization header, if it has the right form."""
    return _read_once(header) if len(header) <= _MAX_REMEMBERED_LENGTH else _read(header)


def _read(header: str) -> ApiKey | None:
    match = _AUTHORIZATION.fullmatch(header)
    return ApiKey(DeveloperKey=match[1], CustomerKey=match[2]) if match else None


_read_once = lru_cache(maxsize=1024)(_read)


@lru_cache(maxsize=64)
def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


class Throttle:
    """How long a customer key has to wait before it may ask again (vendor: API Implementation, throttling)."""

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
