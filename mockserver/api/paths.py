"""Why a method and path that no operation has are refused: is there such a resource, such a method?"""

import re
from collections.abc import Iterable
from typing import NoReturn

from mockserver.api.operation import Operation
from mockserver.errors import BadRequest, NotFound

BASE_PATH = "/api/v1"
_NUMBER = re.compile(r"-?[0-9]+")


def refuse_path(method: str, path: str, operations: Iterable[Operation]) -> NoReturn:
    """Raise the refusal for a method and path that no operation has.

    The vendor looks at the resource first, then at the method; a number after the resource is a primary key,
    any other word there a part of the method's name.
    """
    segments = path.removeprefix(BASE_PATH).strip("/").split("/") if _below_base(path) else path[1:].split("/")
    resource, rest = segments[0], [part for part in segments[1:] if part]
    there = [operation for operation in operations if operation.resource == resource]
    if not there:
        names = sorted({operation.resource for operation in operations})
        raise NotFound(
            f"{resource} is not a valid resource.",
            rule="api.resource.unknown",
            hint=f"resources here: {', '.join(f'{BASE_PATH}/{name}' for name in names)}",
        )
    word = " ".join(part for part in rest if not _NUMBER.fullmatch(part))
    if not word:
        for operation in there:
            if operation.method == method and operation.number is not None and not rest:
                raise BadRequest(f"{operation.number.column} is required.", rule=operation.number.required)
    methods = ", ".join(sorted({operation.method for operation in there}))
    raise BadRequest(
        f"{resource} {method} {word} is not a valid method.",
        rule="api.method.unknown",
        hint=f"{resource} has {methods}",
    )


def _below_base(path: str) -> bool:
    return path == BASE_PATH or path.startswith(BASE_PATH + "/")
