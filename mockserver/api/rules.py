"""Rules in code: refusals and warnings, each under the id of its rule in `rules.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mockserver.errors import BadRequest, Refusal


@dataclass(frozen=True, slots=True)
class RefusalRule:
    """A rule that refuses a request.

    An `id` that begins with a full stop is relative to the operation, so that operations can share a rule. `kind` is
    the class of the refusal, which has its status. `explanation` is the text of the response; names in braces in it are
    filled in.
    """

    id: str
    explanation: str
    kind: type[Refusal] = BadRequest

    def refusal(
        self,
        operation: str = "",
        names: Mapping[str, object] = MappingProxyType({}),
        *,
        hint: str = "",
        retry_after: int | None = None,
    ) -> Refusal:
        """Return the refusal of a request for `operation` (`claimtrackings/list`), to be raised."""
        explanation = self.explanation.format(**names) if names else self.explanation
        rule = absolute(self.id, operation)
        return self.kind(explanation, rule=rule, hint=hint, retry_after=retry_after, names=names)


@dataclass(frozen=True, slots=True)
class WarningRule(RefusalRule):
    """A rule on a request that the contract does not cover: refused when strict, and served with a warning otherwise.

    `explanation` is the text in both cases; `consequence` is added to it when the request is served.
    """

    consequence: str = ""

    def text(self, **names: object) -> str:
        """Return the text of the warning."""
        explanation = self.explanation.format(**names)
        return f"{explanation.removesuffix('.')}; {self.consequence}." if self.consequence else explanation


def absolute(rule: str, operation: str) -> str:
    """Return the absolute id of a rule: `.row` of the operation `claimtrackings/list` is `claimtrackings.list.row`."""
    return operation.replace("/", ".") + rule if rule.startswith(".") else rule
