"""Rule files: the rules of each resource, and those of every resource, read when one of them is asked for."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mockserver.contract.families import rule_entries
from mockserver.contract.rules import Rule, rule_of
from mockserver.contract.standings import ASSUMED
from mockserver.errors import ContractUnusable
from mockserver.resources.folder import Folders
from mockserver.resources.yaml_files import read_yaml

_FILE, _SHARED = "rules.yaml", "api"


class Rules(Mapping[str, Rule]):
    """All rules by their id, which begins with the name of the resource.

    Those of a resource are the families of its operations, and the entries of its file, which may change those of a
    family. `observed` are the rules that an office was observed to have otherwise.
    """

    def __init__(self, root: Path, folders: Folders, observed: Mapping[str, Rule] = MappingProxyType({})) -> None:
        self._root, self._folders, self.observed = root, folders, observed
        self._read: dict[str, dict[str, Rule]] = {}
        self._by_id: dict[str, Rule] = {}  # those that were asked for

    def __getitem__(self, name: str) -> Rule:
        rule = self._by_id.get(name)
        if rule is None:
            rule = self._by_id[name] = self.observed.get(name) or self._of_group(self._group(name))[name]
        return rule

    def __iter__(self) -> Iterator[str]:
        for group in (_SHARED, *self._folders):
            yield from self._of_group(group)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def of_resource(self, resource: str) -> list[Rule]:
        """Return the rules of a resource, without those of any resource."""
        return [self[name] for name in self._of_group(resource)]

    def observe(self, observed: Collection[Rule]) -> "Rules":
        """Return the same rules, with these in the place of those with their ids."""
        rules = Rules(self._root, self._folders, {**self.observed, **{rule.id: rule for rule in observed}})
        rules._read = self._read
        return rules

    def _group(self, name: str) -> str:
        resource = name.partition(".")[0]
        return resource if resource in self._folders else _SHARED

    def _of_group(self, group: str) -> dict[str, Rule]:
        if group not in self._read:
            folder = self._folders.get(group)
            path = (folder.path if folder else self._root / group) / _FILE
            entries = rule_entries(folder, self._folders) if folder else {}
            self._read[group] = self._rules(path, entries, group)
        return self._read[group]

    def _rules(self, path: Path, families: dict[str, dict[str, Any]], group: str) -> dict[str, Rule]:
        """Return the rules of a file and of families. Raises ContractUnusable, which names the file and the rule."""
        entries, places = dict(families), dict.fromkeys(families, -1)
        written = read_yaml(path) if path.is_file() or not families else ()
        index = -1
        try:
            for index, entry in enumerate(written):
                name = self._checked_id(entry, group, entries, families)
                entries[name] = {**_inherited(families.get(name, {}), entry), **entry}
                places[name] = index
            rules = {}
            for name, place in places.items():
                index = place
                rules[name] = rule_of(entries[name])
        except (TypeError, KeyError, ValueError) as error:
            raise ContractUnusable(f"{path}: {error}", path, (index,)) from None
        return rules

    def _checked_id(
        self, entry: Mapping[str, Any], group: str, entries: Mapping[str, Any], families: Mapping[str, Any]
    ) -> str:
        """Return the id of an entry. Raises ValueError if another one has it, or if it belongs to another file."""
        name: str = entry["id"]
        if name in entries and entries[name] is not families.get(name):
            raise ValueError(f"the rule {name} is defined twice")
        if self._group(name) != group:
            raise ValueError(f"the rule {name} belongs to another file, by the beginning of its id")
        return name


def _inherited(family: Mapping[str, Any], entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what an entry takes from its family: what is documented or observed has no note and no other variants.

    Nor has it a cause, if only another variant refuses.
    """
    if entry.get("standing", ASSUMED) == ASSUMED:
        return family
    dropped = ("note", "variants") if "text" in family else ("note", "variants", "cause")
    return {key: value for key, value in family.items() if key not in dropped}
