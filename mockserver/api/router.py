"""Which operation a method and a path name."""

import re
from collections.abc import Iterable

from mockserver.api.admission import Gateway
from mockserver.api.endpoint import Endpoint
from mockserver.api.operation import Operation
from mockserver.api.paths import BASE_PATH
from mockserver.api.settings import Settings
from mockserver.contract.contract import Contract

_NUMBER = re.compile(r"-?[0-9]+")  # not \d, which takes the digits of every script

Found = tuple[Endpoint, str]


class Routes:
    """Every operation, on both base paths, with and without a slash at the end."""

    def __init__(self, operations: Iterable[Operation], contract: Contract, settings: Settings) -> None:
        gateway = Gateway(settings)
        self._whole: dict[tuple[str, str], Found] = {}
        self._numbered: dict[tuple[str, str], Endpoint] = {}
        for operation in operations:
            for base in (BASE_PATH, ""):
                endpoint = Endpoint(contract, settings, gateway, operation, bare=not base)
                path = f"{base}/{operation.resource}"
                if operation.number is not None:
                    self._numbered[operation.method, path] = endpoint
                else:
                    self._whole |= {(operation.method, path + slash): (endpoint, "") for slash in ("", "/")}

    def find(self, method: str, path: str) -> Found | None:
        """The operation, and the number at the end of its path as it was written; None where there is none."""
        found = self._whole.get((method, path))
        if found is not None:
            return found
        before, _, number = path.removesuffix("/").rpartition("/")
        endpoint = self._numbered.get((method, before))
        return (endpoint, number) if endpoint is not None and _NUMBER.fullmatch(number) else None
