"""Names in bodies: fields that give the name of what a column of the row has as a number."""

from collections.abc import Mapping

from mockserver.api.operation import Call
from mockserver.api.resources.hints import MAX_LISTED
from mockserver.office.office import Office
from mockserver.resources.fields import Field
from mockserver.resources.folder import Folders
from mockserver.suggestions import suggestion


def number_of(office: Office, call: Call, name: str, field: Field, folders: Folders) -> int:
    """Return the number of what a request names in a field. Raises Refusal if nothing has the name."""
    text, words = call.given[name], field.named.words if field.named else None
    if words is not None:
        numbers, rule = {word: int(number) for number, word in words.words.items()}, f".{name}.invalid"
        number = numbers.get(text)
    else:
        numbers, rule = _numbers(office, field, folders), f".{name}.unknown"
        number = _folded(numbers).get(text.casefold())
    if number is None:
        known = f"names are {', '.join(list(numbers)[:MAX_LISTED])}" if numbers else "the office has none"
        raise call.refusal(rule, hint=known + suggestion(text, numbers), value=text)
    return number


def default_of(office: Office, field: Field, folders: Folders) -> dict[str, int]:
    """Return the column of the number with its default, if the office has one."""
    numbers = _folded(_numbers(office, field, folders)) if field.defaults else {}
    there = [numbers[name.casefold()] for name in field.defaults if name.casefold() in numbers]
    return {field.column.attribute: there[0]} if field.column and there else {}


def _numbers(office: Office, field: Field, folders: Folders) -> dict[str, int]:
    """Return the rows that can be named, by their names: the first one of each name."""
    references, joined = field.references, field.named.joined if field.named else None
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
