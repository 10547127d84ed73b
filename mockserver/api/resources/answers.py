"""Answers: rows with the columns that an operation answers, and with the time at which they leave."""

import json
from collections.abc import Callable
from typing import Any

from mockserver.api.operation import Call, Result
from mockserver.office.clock import LENGTHS
from mockserver.office.office import Office
from mockserver.office.pages import Page
from mockserver.resources.folder import Folder
from mockserver.resources.operations import OperationSpec

Run = Callable[[Office, Call], Result]


def row_name(spec: OperationSpec, folder: Folder) -> str:
    """Return the name of the schema of a row in the answer of an operation."""
    return f"{folder.name}/row" if folder.row_of(spec) is folder.row else f"{folder.name}/{spec.name}.row"


def as_answered(run: Run, spec: OperationSpec, folder: Folder) -> Run:
    """Return the function that runs an operation, with its answer in the columns of the operation.

    A row is encoded with all of them, and was validated so. That of each operation is a part of it.
    """
    columns = folder.columns_of(spec)
    times = tuple(column for column in columns.values() if column.set_on == "answer")
    is_whole = len(columns) == len(folder.columns)
    if is_whole and not times:
        return run

    def shorten(body: bytes) -> bytes:
        row = json.loads(body)
        return json.dumps({name: row[name] for name in columns}, ensure_ascii=False, separators=(",", ":")).encode()

    def answer(office: Office, call: Call) -> Result:
        result = run(office, call)
        if not is_whole:
            result = _converted(result, spec.name, shorten)
        if times:
            now = office.clock.text()
            # No text in a row has these bytes: a quotation mark in it is escaped.
            places = [
                (f'"{column.name}":"{column.sent["default"]}"'.encode(),
                 f'"{column.name}":"{now[:LENGTHS[column.type]]}"'.encode()) for column in times
            ]  # fmt: skip

            def stamp(body: bytes) -> bytes:
                for place, time in places:
                    body = body.replace(place, time)
                return body

            result = _converted(result, now, stamp)
        return result

    return answer


def _converted(result: Any, key: str, convert: Callable[[bytes], bytes]) -> Result:
    return result.view(key, convert) if isinstance(result, Page) else result._replace(body=convert(result.body))
