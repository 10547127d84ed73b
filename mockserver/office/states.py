"""States: what an office must have at its start, so that a client can meet a rule there."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mockserver.office.office import Office

_LONG = 100  # rows, of a page without Limit
_BOTH = {"ReadAll", "Insurance"}


class State(NamedTuple):
    """One sort of state. `holds` takes the office and the words of a need after the name of the state.

    `shown_by` says which office has it: `--fixtures NAME` if one that is shipped has, and otherwise in words, in which
    {0} is the first word.
    """

    holds: Callable[["Office", Sequence[str]], bool]
    shown_by: str


def _has_rows(office: "Office", tables: Sequence[str]) -> bool:
    return any(len(office.tables[table]) for table in tables)


def _has_definition(office: "Office", categories: Sequence[str]) -> bool:
    return any(row.Category in map(int, categories) for row in office.definition)


def _has_other_definition(office: "Office", categories: Sequence[str]) -> bool:
    return any(row.Category not in map(int, categories) for row in office.definition)


STATES: Mapping[str, State] = {
    "rows": State(_has_rows, "a fixture with rows of {0}"),
    "claim": State(lambda office, _: bool(len(office.claim)), "--fixtures default"),
    # A client can create trackings itself, if there is a claim.
    "tracking": State(lambda office, _: _has_rows(office, ("claim", "claimtracking")), "--fixtures default"),
    "definition": State(_has_definition, "--fixtures default"),
    "other-definition": State(_has_other_definition, "--fixtures default"),
    "idle-claim": State(
        lambda office, _: any(not office.claimtracking.has("ClaimNum", number) for number in office.claim.numbers()),
        "--fixtures default",
    ),
    "other-type": State(
        lambda office, _: any(row.TrackingType != "StatusHistory" for row in office.claimtracking), "--fixtures default"
    ),
    "user": State(lambda office, _: any(row.UserNum for row in office.claimtracking), "--fixtures default"),
    "excludes-none": State(
        lambda office, _: office.preference.ClaimTrackingStatusExcludesNone, "--fixtures status-required"
    ),
    "allows-none": State(lambda office, _: not office.preference.ClaimTrackingStatusExcludesNone, "--fixtures default"),
    "keys": State(lambda office, _: bool(office.apikey), "--fixtures keys"),
    "disabled-key": State(
        lambda office, _: any(key.State != "Enabled" for key in office.apikey.values()), "--fixtures keys"
    ),
    "limited-key": State(
        lambda office, _: any(not _BOTH.issubset(key.Permissions) for key in office.apikey.values()), "--fixtures keys"
    ),
    "enterprise-key": State(
        lambda office, _: any("Enterprise" in key.Permissions for key in office.apikey.values()), "--fixtures keys"
    ),
    "long-page": State(lambda office, _: len(office.claimtracking) > _LONG, "--fixtures paging"),
    "older": State(lambda office, words: office.is_older_than(words[0]), "a fixture with a version below {0}"),
    "newer": State(lambda office, words: not office.is_older_than(words[0]), "a fixture with the version {0} or above"),
    "exhausted": State(lambda office, words: office.tables[words[0]].is_full, "a fixture with the highest number"),
}
"""The sorts of states, by the names that `needs` of rules begin with."""

_OLD_VERSION = "older 23.2.5"  # which the shipped office is


def shown_by(need: str) -> str:
    """Return which office has what a rule needs."""
    name, *words = need.split()
    return "--fixtures old-version" if need == _OLD_VERSION else STATES[name].shown_by.format(*words)


class Wanting:
    """The needs of rules that an office does not meet."""

    def __init__(self, office: "Office") -> None:
        self._office = office
        self._known: dict[str, str] = {}

    def of(self, needs: Sequence[str]) -> str:
        """Return which office has the first of these needs that this office lacks, or nothing if it lacks none."""
        return next(filter(None, map(self._of_one, needs)), "")

    def _of_one(self, need: str) -> str:
        if need not in self._known:
            name, *words = need.split()
            self._known[need] = "" if STATES[name].holds(self._office, words) else shown_by(need)
        return self._known[need]
