"""Names in bodies: fields that give the name of what a column of the row has as a number."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mockserver.api.operation import Call
from mockserver.api.resources.hints import MAX_LISTED
from mockserver.office.office import Office
from mockserver.resources.column import Column
from mockserver.resources.folder import Folders
from mockserver.suggestions import suggestion


class Name(NamedTuple):
    """A field with names: its own column, and the column `by` of the number.

    `defaults` are the names of which the first that the office has is taken if a request gives neither.
    """

    column: Column
    by: Column
    defaults: Sequence[str] = ()

    def number(self, office: Office, call: Call, folders: Folders) -> int:
        """Return the number of what a request names. Raises Refusal if nothing has the name."""
        field, text, words = self.column.name, call.given[self.column.name], self.column.words
        if words is not None:
            numbers, rule = {word: int(number) for number, word in words.words.items()}, f".{field}.invalid"
            number = numbers.get(text)
        else:
            numbers, rule = self._numbers(office, folders), f".{field}.unknown"
            number = _folded(numbers).get(text.casefold())
        if number is None:
            known = f"names are {', '.join(list(numbers)[:MAX_LISTED])}" if numbers else "the office has none"
            raise call.refusal(rule, hint=known + suggestion(text, numbers), value=text)
        return number

    def default(self, office: Office, folders: Folders) -> dict[str, int]:
        """Return the column of the number with its default, if the office has one."""
        numbers = _folded(self._numbers(office, folders)) if self.defaults else {}
        there = [numbers[name.casefold()] for name in self.defaults if name.casefold() in numbers]
        return {self.by.attribute: there[0]} if there else {}

    def _numbers(self, office: Office, folders: Folders) -> dict[str, int]:
        """Return the rows that can be named, by their names: the first one of each name."""
        references, joined = self.by.references, self.column.joined
        other = folders.get(references.resource) if references else None
        where = references.where.items() if references else ()
        name, key = joined.column if joined else "", other.key if other else ""
        numbers: dict[str, int] = {}
        for row in office.tables[other.table] if other else ():
            if all(getattr(row, column) == value for column, value in where):
                numbers.setdefault(getattr(row, name), getattr(row, key))
        return numbers


def _folded(numbers: Mapping[str, int]) -> dict[str, int]:
    """Return the numbers by names in lower case, as the vendor's database compares texts: the first one of each."""
    return {name.casefold(): number for name, number in reversed(list(numbers.items()))}


def name_of(column: Column, columns: Mapping[str, Column], part: Mapping[str, Sequence[str]]) -> Name | None:
    """Return the names that a field with this column gives, if the column is one of names; `part` is its schema."""
    by = column.joined or column.words
    return Name(column, columns[by.by], part.get("x-default", ())) if by else None
