"""Definition columns: the definitions that a column may name, and the refusal of any other."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from mockserver.api.listing import is_given
from mockserver.api.operation import Call, Predicate
from mockserver.api.resources.hints import MAX_LISTED, list_numbers
from mockserver.office.office import Office
from mockserver.office.tables import shipped_specs

TAKEN = "taken"


@dataclass(frozen=True)
class DefinitionColumn:
    """A column of a tracking that names a definition, or none with 0. Its rules are relative to the operation."""

    name: str

    @cached_property
    def category(self) -> int:
        """The category of the definitions that it may name."""
        return int(shipped_specs()["claimtracking"].references[self.name].where["Category"])

    @property
    def covered(self) -> Mapping[str, Predicate]:
        """Return the rule that a call with a definition covers."""
        name = self.name
        return {
            f".{name}": is_given(
                name, lambda call, _: call.given[name] != 0 and not (call.variants and self._took_another(call))
            )
        }

    def check(self, office: Office, call: Call) -> None:
        """Raise Refusal if the column is given and does not name a definition of its category."""
        def_num = call.given.get(self.name, 0)
        if def_num == 0:
            return
        record = office.definition.get(def_num)
        if record is not None and record.row.Category == self.category:
            if record.row.IsHidden:
                call.warn("warning.hidden-definition", name=self.name)
            return
        rule = f".{self.name}.unknown" if record is None else f".{self.name}.category"
        if def_num > 0 and call.plays(rule, TAKEN):
            call.rules.append(call.absolute(rule))
            return
        fit = [record.number for record in office.definition.having("Category", self.category)]
        hint = (
            f"definitions of category {self.category} in this office: {list_numbers(tuple(fit[:MAX_LISTED]), len(fit))}"
        )
        raise call.refusal(rule, hint=hint)

    def _took_another(self, call: Call) -> bool:
        rules = (f".{self.name}.unknown", f".{self.name}.category")
        return any(call.plays(rule, TAKEN) and call.absolute(rule) in call.rules for rule in rules)
