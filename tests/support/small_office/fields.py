"""Fields: the columns that the body of a POST or PUT sets, checked one by one."""

from collections.abc import Mapping

from support.small_office.behaviour import Behaviour
from support.small_office.data import ERROR_CATEGORY, STATUS_CATEGORY
from support.small_office.numbers import fits, whole
from support.small_office.store import Store
from support.small_office.texts import stored

CATEGORIES = {"TrackingDefNum": STATUS_CATEGORY, "TrackingErrorDefNum": ERROR_CATEGORY}
COLUMNS = (
    *("ClaimTrackingNum", "ClaimNum", "TrackingType", "UserNum", "DateTimeEntry", "Note", "TrackingDefNum"),
    "TrackingErrorDefNum",
)


class Fields:
    """The fields of a body for `operation`, which may set the columns `settable`. Raises Refused."""

    def __init__(
        self, given: Mapping[str, object], operation: str, settable: tuple[str, ...], behaviour: Behaviour
    ) -> None:
        self._operation = operation
        self._behaviour = behaviour
        for name in given:
            if name in settable:
                continue
            rule = "warning.read-only-field" if name in COLUMNS else "warning.undocumented-field"
            if behaviour.chooses(rule, "refused"):
                raise behaviour.refusal(rule, 400, f"{name} is invalid.")
        self._given = {name: given[name] for name in settable if name in given}

    def __contains__(self, name: str) -> bool:
        return name in self._given

    def claim(self) -> int:
        """Return ClaimNum. Raises Refused."""
        if "ClaimNum" not in self._given:
            status = 422 if self._behaviour.deviates("create-without-ClaimNum-422") else 400
            rule = "claimtrackings.create.ClaimNum.required"
            raise self._behaviour.refusal(rule, status, "ClaimNum is required.")
        number = self._number("ClaimNum")
        if number is not None:
            return number
        rule = "claimtrackings.create.ClaimNum.invalid"
        if self._behaviour.chooses(rule, "not-found"):
            raise self._behaviour.refusal(rule, 404, "Claim not found.")
        raise self._behaviour.refusal(rule, 400, "ClaimNum is invalid.")

    def check_types(self) -> None:
        """Check the types of Note and of the definitions, and leave out what is to be ignored. Raises Refused."""
        for name in ("Note", *CATEGORIES):
            if name not in self._given:
                continue
            is_right = isinstance(self._given[name], str) if name == "Note" else self._number(name) is not None
            rule = f"{self._operation}.{name}.invalid"
            if is_right:
                continue
            if not self._behaviour.chooses(rule, "ignored"):
                raise self._behaviour.refusal(rule, 400, f"{name} is invalid.")
            del self._given[name]

    def note(self) -> str:
        """Return the Note as the office keeps it. Raises Refused."""
        text = self._given["Note"]
        assert isinstance(text, str), "`check_types` comes first"
        return stored(text, self._behaviour)

    def definition(self, name: str, store: Store) -> int:
        """Return the definition that a column names, or 0. Raises Refused."""
        number, behaviour = self._number(name), self._behaviour
        assert number is not None, "`check_types` comes first"
        row = store.definition(number)
        if number == 0:
            return 0
        if row is None or row["Category"] != CATEGORIES[name]:
            rule = f"{self._operation}.{name}.{'unknown' if row is None else 'category'}"
            if behaviour.chooses(rule, "not-found"):
                raise behaviour.refusal(rule, 404, f"{name} not found.")
            if behaviour.chooses(rule, "refused"):
                raise behaviour.refusal(rule, 400, f"{name} is invalid.")
        elif row["IsHidden"] and behaviour.chooses("warning.hidden-definition", "refused"):
            raise behaviour.refusal("warning.hidden-definition", 400, f"{name} is invalid.")
        return number

    def _number(self, name: str) -> int | None:
        """Return a field as a whole number of 64 bits, in quotes or not; None for any other value."""
        value = self._given[name]
        if isinstance(value, str):
            number = whole(value)
            if number is not None and self._behaviour.chooses("warning.number-as-text", "refused"):
                raise self._behaviour.refusal("warning.number-as-text", 400, f"{name} is invalid.")
            return number
        return value if type(value) is int and fits(value) else None
