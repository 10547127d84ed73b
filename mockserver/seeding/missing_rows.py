"""Missing rows: those that imported rows name and that are not there, with the requests that would fetch them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from mockserver.contract.contract import Contract
from mockserver.messages import listed, number_of
from mockserver.office.office import is_older
from mockserver.resources.folder import Folder

_SHOWN = 5  # requests

_Where = tuple[tuple[str, Any], ...]


def missing_rows(
    tables: Mapping[str, Mapping[int, Mapping[str, Any]]], contract: Contract, version: str
) -> Iterator[str]:
    """Yield a sentence on the missing rows of each table, with the requests that an office of that version serves."""
    missing: defaultdict[tuple[str, _Where], dict[int, None]] = defaultdict(dict)
    naming: defaultdict[tuple[str, _Where], list[str]] = defaultdict(list)
    for table, rows in tables.items():
        for column, reference in contract.tables[table].references.items():
            named = {row[column] for row in rows.values() if row.get(column, reference.none)}
            named -= {reference.none, *tables.get(reference.table, ())}
            if named:
                place = (reference.table, tuple(reference.where.items()))
                missing[place] |= dict.fromkeys(sorted(named))
                naming[place].append(f"{table}.{column}")
    for (table, where), numbers in missing.items():
        folder = contract.folders.of_table(table)
        assert folder is not None  # a reference names the table of a resource
        count = f"{number_of(len(numbers), 'row')} {'is' if len(numbers) == 1 else 'are'} missing"
        requests = _requests(folder, numbers, where, version)
        yield f"{table}: {count}, named by {listed(naming[table, where])}: {requests}"


def _requests(folder: Folder, numbers: Mapping[int, None], where: _Where, version: str) -> str:
    get = folder.operations.get("get")
    if get is not None and not is_older(version, get.added):
        shown = [f"GET /{folder.name}/{number}" for number in [*numbers][:_SHOWN]]
        return ", ".join(shown) + (f" and {len(numbers) - _SHOWN} more" if len(numbers) > _SHOWN else "")
    query = [f"{name}={value}" for name, value in where]
    for list_ in (spec for spec in folder.operations.values() if spec.kind == "list" and not spec.path):
        query += [f"{hides.unless}=true" for hides in list_.hides if hides.unless]
    return f"GET /{folder.name}{'?' if query else ''}{'&'.join(query)}"
