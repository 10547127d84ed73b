"""Contract: the compiled schemas and the rules."""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from mockserver.assets import shipped
from mockserver.contract.registry import SchemaRegistry
from mockserver.contract.rules import Rule, read_rules
from mockserver.contract.schema import Schema
from mockserver.contract.standings import OBSERVED
from mockserver.errors import ContractBroken, ContractUnusable
from mockserver.messages import suggestion, violation_text
from mockserver.office.rows import sent_text
from mockserver.office.tables import PREFERENCE, TABLES

if TYPE_CHECKING:
    from mockserver.contract.observed import Observation, Observations


class Contract:
    """All schemas, by their path below `schemas/` without `.json`, and all rules, by their id."""

    def __init__(self, schemas: Mapping[str, Schema], rules: Mapping[str, Rule]) -> None:
        self.schemas = schemas
        self.rules = rules

    @property
    def variants(self) -> dict[str, str]:
        """Return the variants that are played, by the id of the rule, without those of rules as they stand."""
        return {rule.id: rule.played for rule in self.rules.values() if rule.played != rule.default}

    def with_observations(self, observations: "Observations") -> "Contract":
        """Return a contract whose rules are as they were observed: variant, text of the refusal, and standing."""
        if not observations.rules:
            return self
        observed = {one.rule: _observed(self.rules[one.rule], one, observations.labels[one.rule])
                    for one in observations.rules.values() if not one.is_unknown}  # fmt: skip
        return Contract(self.schemas, MappingProxyType({**self.rules, **observed}))

    def encoder(self, name: str, joined: Collection[str] = ()) -> "Encode":
        """Return a function that validates a row (a dataclass) against the schema `name` and returns its JSON.

        It raises ContractBroken if the row does not fit. The columns in `joined` are not the row's own: each call
        gives their values.
        """
        schema = self.schemas[name]
        columns = tuple(schema.properties)
        own = tuple(column for column in columns if column not in joined)
        texts = tuple(name for name in own if schema.properties[name].get("type") == "string")
        values = attrgetter(*own)
        # Put together by hand, which takes less than half as long as `json.dumps` of an object. A value that the schema
        # has allowed is of its column's type, and JSON writes whole numbers as Python does.
        form = "{" + ",".join(f'"{column}":%s' for column in columns) + "}"
        others = tuple(name for name in columns if name not in schema.integers)

        def encode(row: Any, joined_values: Mapping[str, str] | None = None, /) -> bytes:
            value = dict(zip(own, values(row)))  # noqa: B905  # as many by construction; `strict` takes 0.15 µs
            for column in texts:
                value[column] = sent_text(value[column])
            if joined_values is not None:
                given = value | {column: sent_text(text) for column, text in joined_values.items()}
                value = {column: given[column] for column in columns}
            if not schema.allows(value):
                why = "; ".join(f"{error.json_path} {violation_text(error)}" for error in schema.errors(value))
                raise ContractBroken(f"{name}: {why}")
            for column in others:
                value[column] = _dump(value[column])
            return (form % tuple(value.values())).encode()

        return encode

    def encoders(self) -> dict[str, "Encode"]:
        """Return the encoder of each table of an office, by the table's name."""
        return {spec.name: self.encoder(spec.schema, tuple(spec.joined)) for spec in (*TABLES, PREFERENCE)}


def _observed(rule: Rule, one: "Observation", label: str) -> Rule:
    """Return the rule with the variant that was observed. A rule that holds is played as it stands."""
    name = one.variant or rule.default
    played = rule.variants[name] if name != rule.default else rule
    return replace(
        rule, status=played.status, says=played.says, standing=OBSERVED, played=name, observed=label,
        text=one.text or played.text, own_text=played.text, consequence=played.consequence,
    )  # fmt: skip


class Encode(Protocol):
    """A function that returns the encoded bytes of a row."""

    def __call__(self, row: Any, joined_values: Mapping[str, str] | None = None, /) -> bytes: ...


_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def load_contract(folder: Path) -> Contract:
    """Read and validate all schemas and rules below `folder`. Raises ContractUnusable, which names the file."""
    contents = {
        path.relative_to(folder).with_suffix("").as_posix(): _read_json(path)
        for path in sorted(folder.rglob("*.json"))
        if not path.name.endswith(".schema.json")  # for editors, in an older dialect
    }
    registry = SchemaRegistry(contents)
    for name in contents:
        registry.check(name)
    schemas = {name: Schema(name, registry) for name in contents}
    rules: dict[str, Rule] = {}
    for path in sorted(folder.rglob("rules.yaml")):
        for rule in read_rules(path):
            if rule.id in rules:
                raise ContractUnusable(f"{path}: the rule {rule.id} is defined twice")
            rules[rule.id] = rule
    for name, schema in schemas.items():
        for part in (schema.contents, *schema.properties.values()):
            for rule_id in part.get("x-rules", {}).values():
                if rule_id not in rules:
                    close = suggestion(rule_id, rules)
                    raise ContractUnusable(f"{folder / name}.json: there is no rule {rule_id}{close}")
    return Contract(MappingProxyType(schemas), MappingProxyType(rules))


@cache
def shipped_contract() -> Contract:
    """Return the contract of this package, read once."""
    return load_contract(shipped("schemas"))


def _read_json(path: Path) -> dict[str, Any]:
    try:
        contents = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ContractUnusable(f"{path}: not JSON: {error}") from None
    if not isinstance(contents, dict):
        raise ContractUnusable(f"{path}: a schema is an object")
    return contents
