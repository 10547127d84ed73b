"""Router: the endpoint for a method and a path, or the refusal if there is none."""

import re
from dataclasses import replace
from functools import partial
from typing import NoReturn

from mockserver.api import admission, datetime_encoder, listing
from mockserver.api.admission import Admission
from mockserver.api.endpoint import Endpoint
from mockserver.api.operation import Operation
from mockserver.api.resources.operations import Operations
from mockserver.api.unserved import Unserved, VendorApi
from mockserver.api.variants import IGNORED, with_refusals
from mockserver.contract.contract import Contract
from mockserver.contract.vendor import ANNOUNCED, NUMBER
from mockserver.errors import Refusal
from mockserver.messages import brief
from mockserver.settings.server import Settings

BASE_PATH = "/api/v1"

_NUMBER_RULE = "api.method.number"
_EMPTY = "the empty segment (//)"
_NUMBER = re.compile(r"-?[0-9]+")  # not \d, which takes the digits of every script

Found = tuple[Endpoint | Unserved, str]


class Router:
    """All operations, on both base paths, with and without a slash at the end."""

    def __init__(self, operations: Operations, contract: Contract, settings: Settings) -> None:
        self._operations, self._contract, self._settings = operations, contract, settings
        self._admission = Admission(settings)
        self._vendor = VendorApi(operations)
        self._is_number_ignored = contract.rules[_NUMBER_RULE].played == IGNORED
        self._unread = set(operations.resources)
        self._whole: dict[tuple[str, str], Found] = {}
        self._numbered: dict[tuple[str, str, str], Endpoint] = {}

    def find(self, method: str, path: str) -> Found | None:
        """Return the endpoint, and the number in its path as text. None if there is no endpoint.

        An operation that the vendor has and the mock does not has one too, which refuses all requests.
        """
        found = self._whole.get((method, path)) or self._find_numbered(method, path)
        if found is not None:
            return found
        resource, rest = _segments(path)
        if resource in self._unread:
            self._read(resource)
            return self.find(method, path)
        segments = [NUMBER if _NUMBER.fullmatch(part) else part for part in rest]
        operations = self._vendor.unserved(method, resource, segments)
        return (Unserved(operations, partial(self.refuse, method, path)), "") if operations else None

    def _find_numbered(self, method: str, path: str) -> Found | None:
        before, _, last = path.removesuffix("/").rpartition("/")
        word = ""
        if not _NUMBER.fullmatch(last):
            word = "/" + last
            before, _, last = before.rpartition("/")
        endpoint = self._numbered.get((method, before, word))
        return (endpoint, last) if endpoint is not None and _NUMBER.fullmatch(last) else None

    def _read(self, resource: str) -> None:
        """Make the endpoints of a resource."""
        for operation in self._operations.of(resource):
            shared = (admission.COVERED, datetime_encoder.COVERED, listing.covered_by_kind(operation))
            self._add(with_refusals(operation.resolved(*shared), self._contract))
        self._unread.discard(resource)

    def _add(self, operation: Operation) -> None:
        for base in (BASE_PATH, ""):
            path = f"{base}/{operation.resource}"
            if operation.number is not None:
                self._numbered[operation.method, path, operation.suffix] = self._endpoint(operation, base)
                continue
            found = (self._endpoint(operation, base), "")
            self._whole |= {(operation.method, path + operation.suffix + slash): found for slash in ("", "/")}
            if operation.is_list and self._is_number_ignored:
                ignoring = replace(operation, covered={**operation.covered, _NUMBER_RULE: listing.is_served})
                self._numbered.setdefault((operation.method, path, ""), self._endpoint(ignoring, base))

    def _endpoint(self, operation: Operation, base: str) -> Endpoint:
        return Endpoint(self._contract, self._settings, self._admission, operation, base)

    def refuse(self, method: str, path: str) -> NoReturn:
        """Raise the refusal for a method and path without an operation.

        The vendor checks the resource first, then the method. A number after the resource is a primary key, any other
        word there a part of the method's name.
        """
        resource, rest = _segments(path)
        served = self._operations.of(resource)
        of_vendor = self._vendor.resource(resource)
        if not served and of_vendor is None:
            names = sorted(self._operations.resources)
            hint = f"resources here: {', '.join(f'{BASE_PATH}/{name}' for name in names)}"
            if "//" in path:
                hint = f"leave out {_EMPTY}; {hint}"
            raise Refusal("api.resource.unknown", {"resource": resource}, hint=hint)
        word = " ".join(part for part in rest if not _NUMBER.fullmatch(part))
        if not word:
            for operation in served:
                has_number = operation.number is not None and not operation.word
                if operation.method == method and has_number and not rest:
                    raise Refusal(operation.rule(f".{operation.number}.required"))
        same = [operation for operation in served if operation.method == method]
        has_number = any(operation.number is not None for operation in same)
        is_number = method == "GET" and bool(same) and not has_number and len(rest) == 1 and not word
        if same:
            surplus = rest[1:] if has_number and rest and _NUMBER.fullmatch(rest[0]) else rest
            shown = [*([_EMPTY] if "//" in path else []), *map(brief, surplus)]
            paths = " or ".join(f"{BASE_PATH}{operation.path}" for operation in same)
            hint = f"leave out {' and '.join(shown)}: {method} is {paths}"
        else:
            operations = served or (of_vendor.operations if of_vendor is not None else ())
            methods = sorted({operation.method for operation in operations if operation.added != ANNOUNCED})
            hint = f"{resource} has {', '.join(methods) or 'no method'}"
        values = {"resource": resource, "method": method, "word": word}
        raise Refusal(_NUMBER_RULE if is_number else "api.method.unknown", values, hint=hint)


def _segments(path: str) -> tuple[str, list[str]]:
    """Return the resource in a path, and the segments after it."""
    is_below_base = path == BASE_PATH or path.startswith(BASE_PATH + "/")
    resource, *rest = path.removeprefix(BASE_PATH).strip("/").split("/") if is_below_base else path[1:].split("/")
    return resource, [part for part in rest if part]
