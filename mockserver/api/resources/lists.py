"""Lists as data declares them: their filters, hidden rows, and the rules that they cover."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from mockserver.api.covered_rules import Condition
from mockserver.api.listing import has_rows, has_several, is_given, leaves_none
from mockserver.api.operation import Call, Predicate
from mockserver.api.resources.hints import MAX_LISTED, list_numbers, there
from mockserver.api.variants import EMPTY, IGNORED
from mockserver.office.clock import is_moment
from mockserver.office.office import Office
from mockserver.office.pages import Filter, Page
from mockserver.resources.column import Column, Reference
from mockserver.resources.folder import Folder, Folders
from mockserver.resources.operations import PARTS, FilterSpec, Hides, OperationSpec
from mockserver.resources.requests import forms_of

_EXAMPLES = {"Date": "2023-07-26", "DateTime": "2023-07-26 00:00:00"}
_DAY = len("yyyy-MM-dd")


class Parameter:
    """A parameter that narrows a list: what it refuses, and the filter that it is."""

    def __init__(self, name: str, given: FilterSpec, folder: Folder, folders: Folders) -> None:
        self.name, self._given, self._folder = name, given, folder
        self._column: Column = folder.columns[given.column]
        self.is_required_before = bool(given.required_before)
        """Whether older versions require it."""
        self._forms = forms_of(self._column, given)
        self._reference = self._column.references if given.match == "equal" else None
        other = folders.get(self._reference.resource) if self._reference and not self._reference.column else None
        self._other = other if other is not None and other.is_in_fixtures else None

    def check(self, office: Office, call: Call) -> None:
        """Raise Refusal if the parameter is missing, or its value is refused. An ignored one is removed."""
        name, given = self.name, self._given
        if given.since and name in call.given and office.is_older_than(given.since):
            call.ignore(name, f".{name}.since")
        if given.required_before and not {name, given.or_} & call.given.keys():
            self._check_required(office, call)
        if name not in call.given:
            return
        if self._forms:
            self._check_moment(call)
        elif self._reference is not None:
            self._check_reference(office, call, self._reference)

    def _check_required(self, office: Office, call: Call) -> None:
        before = self._given.required_before
        if office.is_older_than(before):
            raise call.refusal(f".{self.name}.required", hint=f"{self.name} is optional since {before}")

    def filters(self, value: Any) -> Iterator[Filter]:
        """Yield the filters for a value, of which there are none if it narrows nothing."""
        given, column = self._given, self._column
        if given.hides:
            yield from _without(column, given.hides if value == "true" else ())
        elif not (value == 0 and given.zero == "none"):
            value = given.words.get(value, value)
            stored = value if given.match in PARTS else column.stored(value)
            if given.match == "to" and column.type == "DateTime" and len(stored) == _DAY:
                stored += " 23:59:59"  # the day itself is within
            yield Filter(column.attribute, stored, given.match, tuple(given.also))

    def _check_moment(self, call: Call) -> None:
        rule, value = f".{self.name}.invalid", call.given[self.name]
        if any(is_moment(value, form) for form in self._forms):
            return
        if not call.plays(rule, IGNORED):
            raise call.refusal(rule, hint=f"give a time like {_EXAMPLES[self._forms[0]]}")
        call.ignore(self.name, rule)

    def _check_reference(self, office: Office, call: Call, reference: Reference) -> None:
        value, rule = call.given[self.name], f".{self.name}.unknown"
        if value == 0 and self._given.zero == "none":
            return
        if value == reference.none and self._given.zero == "value":
            return
        if value == reference.none or not self._is_there(office, value):
            if call.plays(rule, EMPTY):
                call.rules.append(call.absolute(rule))
                return
            raise call.refusal(rule, hint=self._there(office, reference))

    def _is_there(self, office: Office, value: int) -> bool:
        """Whether the named row is in the office: an office that writes no rows of a table has those that are named."""
        if self._decides(office):
            assert self._other is not None
            return value in office.tables[self._other.table]
        return office.tables[self._folder.table].has(self._column.attribute, self._column.stored(value))

    def _decides(self, office: Office) -> bool:
        """Whether the rows of the other table decide which numbers are there."""
        other = self._other
        return other is not None and (other.key in other.required or office.tables[other.table].is_used)

    def _there(self, office: Office, reference: Reference) -> str:
        if self._decides(office):
            assert self._other is not None
            return there(office, self._other.name, self._other.table)
        table = office.tables[self._folder.table]
        named = sorted({getattr(row, self._column.attribute) for row in table} - {reference.none})
        listed = list_numbers(tuple(named[:MAX_LISTED]), len(named))
        return f"{reference.resource} that {self._folder.name} of this office name: {listed}"


def parameters(spec: OperationSpec, folder: Folder, folders: Folders) -> tuple[Parameter, ...]:
    """Return the parameters that narrow a list."""
    return tuple(Parameter(name, given, folder, folders) for name, given in spec.filters.items())


def list_(spec: OperationSpec, folder: Folder, folders: Folders) -> Callable[[Office, Call], Page[Any]]:
    """Return the function that runs a list."""
    narrowing, table = parameters(spec, folder, folders), folder.table
    hidden = [(hides, tuple(_hidden(folder, hides)), tuple(_always_hidden(folder, hides))) for hides in spec.hides]
    by = tuple(spec.order) if list(spec.order) != list(folder.order) else ()

    def run(office: Office, call: Call) -> Page[Any]:
        # Checking all of them, of which most lists are given none, took 8 % of the time of a list of patients.
        asked = [one for one in narrowing if one.name in call.given or one.is_required_before]
        for parameter in asked:
            parameter.check(office, call)
        for hides in spec.hides:
            if hides.since and hides.unless in call.given and office.is_older_than(hides.since):
                call.ignore(hides.unless, f".{hides.unless}.since")
        given = call.given
        filters = [
            one for parameter in asked if parameter.name in given for one in parameter.filters(given[parameter.name])
        ]
        for hides, unless_asked, always in hidden:
            filters += always if _asks_for(call, hides.unless) else unless_asked + always
        return office.tables[table].page(*call.page(), tuple(filters), by)

    return run


def covered_by_list(spec: OperationSpec, folder: Folder) -> dict[str, Predicate]:
    """Return the rules of families that a list covers when it is served."""
    names = tuple(spec.filters)
    covered: dict[str, Predicate] = {
        ".row": has_rows,
        **({} if spec.required else {".all": Condition(lambda given: all(name not in given for name in names))}),
        ".order": has_several,
        **{f".{name}": _narrows(name, given) for name, given in spec.filters.items()},
    }
    if spec.empty:
        covered[f".{spec.empty}.empty"] = leaves_none(spec.empty)
    else:
        covered[".empty"] = lambda call, page: not page and not call.given.get("Offset")
    if spec.hides:
        covered[".hidden"] = lambda call, _: (
            not (call.given and all(_asks_for(call, hides.unless) for hides in spec.hides))
        )
    for hides in spec.hides:
        if hides.unless:
            covered[f".{hides.unless}"] = _shows_hidden(folder, hides)
    return covered


def covered_as_data(condition: Mapping[str, Any]) -> Predicate:
    """Return the predicate that a rule declares under `covers`; see Rule."""
    has, lacks, without = condition.get("has", {}), condition.get("lacks", {}), condition.get("without", ())

    def on_page(page: Page[Any]) -> bool:
        return _page_holds(page, has, lacks)

    def holds(call: Call, result: Any) -> bool:
        if without and any(name in call.given for name in without):
            return False
        if isinstance(result, Page):
            return result.holds(on_page)  # asked for each list, it took 8 % of a list of payments
        row = result.row
        return all(getattr(row, column) == value for column, value in has.items()) and all(
            getattr(row, column) != value for column, value in lacks.items()
        )

    return holds


def _page_holds(page: Page[Any], has: Mapping[str, Any], lacks: Mapping[str, Any]) -> bool:
    for column, value in has.items():
        if value not in page.distinct(column):
            return False
    for column, value in lacks.items():
        values = page.distinct(column)
        if len(values) == (value in values):
            return False
    return bool(page)


def _narrows(name: str, given: FilterSpec) -> Predicate:
    """Cover the rule of a parameter if a request gives it, with a value that narrows."""
    if given.hides:
        return is_given(name, lambda call, _: _asks_for(call, name))
    if given.zero == "none":
        return is_given(name, lambda call, _: call.given[name] != 0)
    return is_given(name)


def _asks_for(call: Call, name: str) -> bool:
    return bool(call.given.get(name) == "true")


def _shows_hidden(folder: Folder, hides: Hides) -> Predicate:
    """Cover the rule of a parameter that asks for hidden rows if there is one in the answer."""
    column = folder.columns[hides.column]
    stored = hides._replace(
        values=[column.stored(value) for value in hides.values],
        but=None if hides.but is None else column.stored(hides.but),
    )

    def holds(call: Call, page: Page[Any]) -> bool:
        return _asks_for(call, hides.unless) and any(map(stored.has, page.distinct(column.attribute)))

    return holds


def _hidden(folder: Folder, hides: Hides) -> Iterator[Filter]:
    column = folder.columns[hides.column]
    if hides.but is not None:
        yield Filter(column.attribute, column.stored(hides.but))
    yield from _without(column, hides.values)


def _always_hidden(folder: Folder, hides: Hides) -> Iterator[Filter]:
    return _without(folder.columns[hides.column], hides.always)


def _without(column: Column, values: Iterable[Any]) -> Iterator[Filter]:
    return (Filter(column.attribute, column.stored(value), "not") for value in values)
