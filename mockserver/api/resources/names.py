"""Names in bodies: fields that give the name of what a column of the row has as a number."""

from collections.abc import Mapping

from mockserver.api.operation import Call
from mockserver.api.resources.hints import MAX_LISTED
from mockserver.office.office import Office
from mockserver.resources.fields import Field
from mockserver.resources.folder import Folders


def number_of(office: Office, call: Call, name: str, field: Field, folders: Folders) -> int:
    """Return the number of what a request names in a field. Raises Refusal if nothing has the name."""
    text, words = call.given[name], field.named.words if field.named else None
    if words is not None:
        numbers: Mapping[str, int] = {word: int(number) for number, word in words.words.items()}
        rule, key = f".{name}.invalid", text
    else:
        numbers, rule, key = _numbers(office, field, folders), f".{name}.unknown", text.casefold()
    if key not in numbers:
        known = ", ".join(list(numbers)[:MAX_LISTED])
        raise call.refusal(rule, hint=f"names are {known}" if known else "the office has none", value=text)
    return numbers[key]


def default_of(office: Office, field: Field, folders: Folders) -> dict[str, int]:
    """Return the column of the number with its default, if the office has one."""
    numbers = _numbers(office, field, folders) if field.defaults else {}
    there = [numbers[name.casefold()] for name in field.defaults if name.casefold() in numbers]
    return {field.column.attribute: there[0]} if field.column and there else {}


def _numbers(office: Office, field: Field, folders: Folders) -> dict[str, int]:
    """Return the rows that can be named, by their names in lower case: the first one of each name."""
    references, joined = field.references, field.named.joined if field.named else None
    other = folders.get(references.resource) if references else None
    numbers: dict[str, int] = {}
    if references is None or other is None or joined is None:
        return numbers
    where = references.where.items()
    for row in office.tables[other.table]:
        if all(getattr(row, column) == value for column, value in where):
            numbers.setdefault(getattr(row, joined.column).casefold(), getattr(row, other.key))
    return numbers
