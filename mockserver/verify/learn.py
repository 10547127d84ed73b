"""Learn: values of columns in the rows that an office lists, so that reads can name rows that are there.

A fact about a column is named `claimprocs.ProcNum`. Text and health information are never among them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from mockserver.contract.cases import BASE_PATH
from mockserver.contract.office_cases import is_learned, needed_facts
from mockserver.resources.column import Column
from mockserver.resources.folder import Folder
from mockserver.resources.operations import OperationSpec
from mockserver.verify.conversation import Conversation, NoAnswerError
from mockserver.verify.facts import Facts, Row, is_number
from mockserver.verify.look import rows_of


def learn(conversation: Conversation, facts: Facts, names: Iterable[str], folders: Mapping[str, Folder]) -> None:
    """Add those of these facts that are about columns, by one request for each resource. Raises EndedError."""
    wanted: dict[str, list[str]] = {}
    for name in sorted(names):
        resource, dot, column = name.partition(".")
        if dot:
            wanted.setdefault(resource, []).append(column)
    for resource in sorted(wanted, key=lambda name: bool(needed_facts(folders[name], _list_of(folders[name])))):
        columns, folder, why, rows = wanted[resource], folders[resource], f"the office lists no {resource}", []
        try:
            rows = rows_of(conversation.ask(_path(folder, facts)))
        except KeyError as error:
            why = f"its list needs {error.args[0]}, which is not known"
        except NoAnswerError as error:
            why = str(error)
        for column in columns:
            value = _value(folder.columns[column], rows)
            facts.set(f"{resource}.{column}", value, f"{why} with different values of {column}" if rows else why)


def _list_of(folder: Folder) -> OperationSpec:
    """Return the first list of a resource."""
    return next(one for one in folder.operations.values() if one.kind == "list")


def _path(folder: Folder, facts: Facts) -> str:
    """Return the path of the first list of a resource. Raises KeyError if a value that it needs is not known."""
    operation = _list_of(folder)
    needed = {name: facts.values[fact] for name, fact in needed_facts(folder, operation).items()}
    path = f"{BASE_PATH}/{folder.name}/{operation.path}".removesuffix("/")
    return path + (f"?{urlencode(needed)}" if needed else "")


def _value(column: Column, rows: list[Row]) -> Any:
    """Return a value that some rows have and others have not; of the key that of any row."""
    value = max(_values(column, rows), key=str, default=None) if is_learned(column) else None
    is_narrower = column.is_key or any(row.get(column.name) != value for row in rows)
    return value if is_narrower else None


def _values(column: Column, rows: list[Row]) -> Iterator[Any]:
    """Yield the values of a column that have the documented form; others are not sent back to the office."""
    form = column.sent
    for row in rows:
        value = row.get(column.name)
        if "enum" in form:
            is_right = value in form["enum"] and value != ""
        elif form.get("type") == "integer":
            is_right = is_number(value)
        else:
            is_right = isinstance(value, str) and re.fullmatch(form["pattern"], value) is not None
        if is_right:
            yield value
