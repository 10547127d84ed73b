"""Definition columns: the definitions that a column may name, and the refusal of any other."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from mockserver.api.listing import is_given
from mockserver.api.operation import Call, Predicate
from mockserver.api.resources.hints import MAX_LISTED, list_numbers
from mockserver.api.rules import RefusalRule, WarningRule
from mockserver.office.office import Office
from mockserver.office.rows import DefCategory

HIDDEN_DEFINITION = WarningRule("warning.hidden-definition", "{name} names a hidden definition.")

TAKEN = "taken"


@dataclass(frozen=True)
class DefinitionColumn:
    """A column that names a definition of `category`, or none with 0. Its rules are relative to the operation."""

    name: str
    category: DefCategory

    @cached_property
    def refusals(self) -> tuple[RefusalRule, ...]:
        """Return the rules that refuse a value. The status 400 is assumed; the page allows 404 as well."""
        return (RefusalRule(f".{self.name}.category", f"{self.name} is invalid."), HIDDEN_DEFINITION)

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
        """Raise BadRequest if the column is given and does not name a definition of its category."""
        def_num = call.given.get(self.name, 0)
        if def_num == 0:
            return
        record = office.definition.get(def_num)
        if record is None or record.row.Category != self.category:
            if def_num > 0 and call.plays(self.refusals[0].id, TAKEN):
                call.rules.append(call.absolute(self.refusals[0].id))
                return
            fit = [row.DefNum for row in office.definition if row.Category == self.category]
            hint = (
                f"definitions of category {self.category:d} in this office: {list_numbers(fit[:MAX_LISTED], len(fit))}"
            )
            raise call.refusal(self.refusals[0], hint=hint)
        if record.row.IsHidden:
            call.warn(HIDDEN_DEFINITION, name=self.name)

    def _took_another(self, call: Call) -> bool:
        rule = self.refusals[0].id
        return call.plays(rule, TAKEN) and call.absolute(rule) in call.rules
