"""Admission: credentials, permission, headers, version, throttle and page size, in the vendor's order.

These checks are the same for every resource. An operation gives only its permission and version.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from mockserver.api.operation import ANONYMOUS, Call, Operation, Predicate
from mockserver.api.request import AUTHORIZATION, CONTENT_TYPE
from mockserver.errors import Refusal
from mockserver.office.office import Office
from mockserver.office.rows import ApiKey
from mockserver.settings.server import Settings

_AUTHORIZATION = re.compile(r"ODFHIR +([!-.0-~]+)/([!-.0-~]+) *", re.IGNORECASE)
_EXPECTED = "expected: Authorization: ODFHIR {DeveloperKey}/{CustomerKey}"
_MAX_REMEMBERED_LENGTH = 256  # characters of a header

COVERED: Mapping[str, Predicate] = {"api.credentials": lambda call, _: call.key is not ANONYMOUS}


class Admission:
    """The checks that a request passes before its operation runs, and the choice of its page size."""

    def __init__(self, settings: Settings) -> None:
        self._strict_headers = settings.strict_headers
        self._local = settings.mode != "remote"
        self._is_throttled = settings.throttle and not self._local

    def admit(self, operation: Operation, office: Office, headers: Mapping[str, str], call: Call) -> None:
        """Set the call's key and page size. Raises Refusal."""
        key = call.key = _key(office, headers, call)
        if operation.permission not in key.Permissions:
            hint = f"{operation.method} of {operation.resource} needs {operation.permission}"
            raise call.refusal("api.permission", hint=hint, permission=operation.permission)
        self._check_content_type(operation, headers, call)
        if office.is_older_than(operation.added):
            hint = f"this office runs {office.version}; its fixture says so under office: version"
            names = {"resource": operation.resource, "method": operation.method, "version": operation.added}
            raise call.refusal(".version", hint=hint, **names)
        if self._is_throttled:
            wait = office.throttle.wait(key, office.clock)
            if wait:
                raise Refusal("api.throttle", hint=f"wait {wait} s", retry_after=wait)
        self._set_page_size(key, call)

    def _check_content_type(self, operation: Operation, headers: Mapping[str, str], call: Call) -> None:
        content_type = headers.get(CONTENT_TYPE, "")
        if content_type == "application/json":
            return
        if content_type.partition(";")[0].strip().lower() == "application/json":
            return
        if operation.body is None:
            warn = call.warn if self._strict_headers else call.note_warning  # live offices serve it
            warn("warning.no-content-type")
            return
        raise call.refusal("api.content-type", hint="send the header Content-Type: application/json")

    def _set_page_size(self, key: ApiKey, call: Call) -> None:
        if "Enterprise" in key.Permissions:
            call.page_size, call.page_rule = (10_000 if self._local else 1_000), "api.Limit.enterprise"
        elif self._local:
            call.page_size, call.page_rule = 1_000, "api.Limit.local"


def _key(office: Office, headers: Mapping[str, str], call: Call) -> ApiKey:
    header = headers.get(AUTHORIZATION)
    if header is None:
        call.warn("warning.no-authorization")
        return ANONYMOUS
    given = _given(header)
    if given is None:
        raise call.refusal("api.credentials.malformed", hint=_EXPECTED)
    if not office.apikey:
        return given
    key = office.apikey.get(given.CustomerKey)
    if key is None or key.DeveloperKey != given.DeveloperKey:
        raise call.refusal("api.credentials.invalid", hint="the pair must be an apikey row of the fixture")
    if key.State != "Enabled":
        raise call.refusal("api.credentials.disabled", hint=f"its State is {key.State}")
    return key


def customer_key(headers: Mapping[str, str]) -> str | None:
    """Return the customer key in a request's Authorization header, if the header has the right form."""
    given = _given(headers.get(AUTHORIZATION, ""))
    return given.CustomerKey if given else None


def _given(header: str) -> ApiKey | None:
    """Return the pair of keys in an Authorization header, if it has the right form."""
    return _read_once(header) if len(header) <= _MAX_REMEMBERED_LENGTH else _read(header)


def _read(header: str) -> ApiKey | None:
    match = _AUTHORIZATION.fullmatch(header)
    return ApiKey(DeveloperKey=match[1], CustomerKey=match[2]) if match else None


_read_once = lru_cache(maxsize=1024)(_read)
