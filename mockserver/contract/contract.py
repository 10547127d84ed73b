"""Contract: the schemas and the rules."""

from collections.abc import Collection, Sequence
from functools import cache, cached_property
from itertools import chain
from pathlib import Path

from mockserver.assets import shipped
from mockserver.contract.row_encoder import Encode, row_encoder
from mockserver.contract.rule_files import Rules
from mockserver.contract.rules import Rule
from mockserver.contract.schema import Schema
from mockserver.contract.schemas import Schemas
from mockserver.errors import ContractUnusable
from mockserver.office.office import Office
from mockserver.office.states import Wanting
from mockserver.office.tables import TableSpec, TableSpecs
from mockserver.resources.fixture_rows import fixture_rows
from mockserver.resources.folder import Folders, shipped_folders
from mockserver.suggestions import suggestion


class Contract:
    """All schemas, by their path below `schemas/` without `.json`, and all rules, by their id."""

    def __init__(self, folders: Folders, schemas: Schemas, rules: Rules) -> None:
        self.folders = folders
        self.schemas = schemas
        self.rules = rules
        self._encoders: dict[tuple[str, ...], Encode] = {}

    def check(self) -> None:
        """Read and validate everything. Raises ContractUnusable, which names the file."""
        for name in self.schemas:
            self.check_schema(name)
        for folder in self.folders.values():
            fixture_rows(folder)  # which reads every column
            folder.operations  # noqa: B018  # which reads the file

    def check_schema(self, name: str) -> None:
        """Raise ContractUnusable if a schema is not a valid one, or names a rule that is not there."""
        schema = self.schemas[name]
        schema.check_itself()
        for rule in chain.from_iterable(part.get("x-rules", {}).values() for part in schema.parts()):
            if rule not in self.rules:
                file, close = self.folders.files.path(name), suggestion(rule, self.rules)
                raise ContractUnusable(f"{file}: there is no rule {rule}{close}", file, where_of(schema, rule))

    @cached_property
    def tables(self) -> TableSpecs:
        """The tables of an office, in the order of the contract as it stands."""
        return TableSpecs(self.folders)

    @cached_property
    def variants(self) -> dict[str, str]:
        """The variants that are played, by the id of the rule, without those of rules as they stand."""
        return {rule.id: rule.played for rule in self._observed() if rule.played != rule.default}

    @cached_property
    def orders(self) -> dict[str, Sequence[str]]:
        """The orders of the rows of resources that were observed to have another one than the contract."""
        played = ((rule.operation.partition("/")[0], rule.variants[rule.played].order) for rule in self._observed()
                  if rule.played)  # fmt: skip
        # The order of equal rows says nothing if the rows are not sorted by what is equal: it comes first.
        return {resource: order for resource, order in sorted(played, key=lambda one: -len(one[1])) if order}

    @cached_property
    def page_size(self) -> int:
        """The number of rows in a page without Limit, as far as the mode and the key do not choose another one."""
        return self.rules["api.Limit.default"].rows

    def lacks(self, office: Office) -> dict[str, str]:
        """Return the rules that no client can meet at an office, each with the office that has what this one lacks."""
        wanting = Wanting(office)
        lacks = {rule.id: wanting.of(self._needs(rule)) for rule in self.rules.values()}
        return {name: shown_by for name, shown_by in lacks.items() if shown_by}

    def _needs(self, rule: Rule) -> Sequence[str]:
        """Return the needs of a rule, and that of its operation: a version that has it."""
        resource, _, name = rule.operation.partition("/")
        folder = self.folders.get(resource)
        operation = folder.operations.get(name) if folder else None
        if operation is None or f"older {operation.added}" in rule.needs:
            return rule.needs
        return (f"newer {operation.added}", *rule.needs)

    @property
    def is_observed(self) -> bool:
        """Whether an observation changes a rule."""
        return bool(self.rules.observed)

    def _observed(self) -> Collection[Rule]:
        return self.rules.observed.values()

    def encoder(self, name: str, computed: Collection[str] = ()) -> Encode:
        """Return the encoder of rows of the schema `name`; each call gives the values of the `computed` columns."""
        key = (name, *computed)
        if key not in self._encoders:
            self._encoders[key] = row_encoder(self.schemas[name], computed)
        return self._encoders[key]

    def encoder_of(self, spec: TableSpec) -> Encode:
        """Return the encoder of the rows of a table."""
        return self.encoder(spec.schema, tuple(spec.computed))


def where_of(schema: Schema, rule: str) -> tuple[str | int, ...]:
    """Return the place in a schema that names a rule."""
    named = (name for name, part in schema.properties.items() if rule in part.get("x-rules", {}).values())
    name = next(named, None)
    return ("x-rules",) if name is None else ("properties", name, "x-rules")


def load_contract(root: Path) -> Contract:
    """Return the contract in a folder, of which nothing is read before it is asked for; see `Contract.check`."""
    folders = shipped_folders() if root == shipped("schemas") else Folders(root)
    return Contract(folders, Schemas(folders), Rules(root, folders))


@cache
def shipped_contract() -> Contract:
    """Return the contract of this package, read once."""
    return load_contract(shipped("schemas"))
