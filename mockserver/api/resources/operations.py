"""Operations of the API, made of the folders of the resources when one of a resource is first asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from mockserver.api.listing import is_served
from mockserver.api.operation import Call, Operation, Predicate, Result
from mockserver.api.resources.answers import as_answered, row_name
from mockserver.api.resources.lists import covered_as_data, covered_by_list, list_
from mockserver.api.resources.writes import (
    Follow,
    More,
    covered_by_write,
    create,
    delete,
    find,
    nothing_follows,
    nothing_more,
    update,
)
from mockserver.contract.contract import Contract
from mockserver.contract.rules import Rule
from mockserver.office.office import Office
from mockserver.resources.folder import Folder, Folders
from mockserver.resources.operations import OperationSpec


class Part(NamedTuple):
    """What an operation has in Python: how it runs, and the rules that a served call covers, besides those of data.

    A write as data declares it can have `more` values, and others that `follow`.
    """

    run: Callable[[Office, Call], Result] | None = None
    covered: Mapping[str, Predicate] = {}
    more: More = nothing_more
    follow: Follow = nothing_follows


class Operations:
    """The operations of all resources. `python` returns the parts in Python of those of a resource, by their names."""

    def __init__(self, contract: Contract, python: Callable[[str], Mapping[str, Part]]) -> None:
        self._contract, self._python = contract, python
        self.of = cache(self._of)
        """Returns the operations of a resource, of which there are none if it is not served."""

    @property
    def resources(self) -> list[str]:
        """The names of the resources."""
        return list(self._contract.folders)

    def _of(self, resource: str) -> tuple[Operation, ...]:
        folder = self._contract.folders.get(resource)
        if folder is None:
            return ()
        covers = self._contract.rules.with_covers(resource)
        return tuple(self._made(folder, spec, covers) for spec in folder.operations.values())

    def _all(self) -> list[Operation]:
        return [operation for resource in self.resources for operation in self.of(resource)]

    def __iter__(self) -> Iterator[Operation]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _made(self, folder: Folder, spec: OperationSpec, covers: Iterable[Rule]) -> Operation:
        contract, name = self._contract, f"{folder.name}/{spec.name}"
        python = self._python(folder.name).get(spec.name, Part())
        covered = _COVERED[spec.kind](spec, folder)
        for rule in covers:
            if rule.operation == name:
                covered[rule.id] = covered_as_data(rule.covers)
        return Operation(
            name=name, method=spec.method, status=spec.status, permission=spec.permission, added=spec.added,
            query=f"{name}.query",
            body=f"{name}.request" if spec.has_body else None, response=f"{name}.response",
            row=row_name(spec, folder),
            run=as_answered(python.run or _RUN[spec.kind](spec, folder, contract.folders, python), spec, folder),
            number=folder.key if spec.has_number else None, word=spec.path,
            refuses_unknown=bool(spec.unknown), unserved=spec.unserved,
            find=find(folder) if spec.first else None, has_answer=spec.has_answer, located=spec.location,
            covered={**covered, **python.covered},
        )  # fmt: skip


_RUN: Mapping[str, Callable[[OperationSpec, Folder, Folders, Part], Callable[[Office, Call], Result]]] = {
    "list": lambda spec, folder, folders, _part: list_(spec, folder, folders),
    "get": lambda _spec, folder, _folders, _part: find(folder),
    "create": lambda spec, folder, folders, part: create(spec, folder, folders, part.more, part.follow),
    "update": lambda spec, folder, folders, part: update(spec, folder, folders, part.more, part.follow),
    "delete": lambda _spec, folder, _folders, part: delete(folder, part.more, part.follow),
}
_COVERED: Mapping[str, Callable[[OperationSpec, Folder], dict[str, Predicate]]] = {
    "list": covered_by_list,
    "get": lambda _spec, _folder: {".row": is_served},
    "create": covered_by_write,
    "update": covered_by_write,
    "delete": covered_by_write,
}
