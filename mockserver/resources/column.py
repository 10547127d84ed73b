"""Columns: what a `row.json` declares of each column of a table."""

import re
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from mockserver.errors import Misdeclared

TIMES = ("Date", "DateTime")
"""The types whose values in a fixture may be relative to its start."""

_ONE_LINE = r"^[^\r\n]*$"
_IN_BRACES = re.compile(r"([^{}]*)\{(\w+)\}")
_TRUTH = {"true": True, "false": False}
_ANNOTATIONS = (
    "x-references",
    "x-joined",
    "x-words",
    "x-set",
    "x-phi",
    "x-copied",
    "x-since",
    "x-in",
    "x-attribute",
    "x-fixture",
    "x-type",
)
_SET = ("create", "change", "answer")
_COPIED = ("numbered", "last-name", "first-name")
_PHI = ("name", "date", "birthdate", "phone", "email", "address", "ssn", "text", "none")


class Reference(NamedTuple):
    """A column that names a row of another resource, or of its own.

    `column` is the column that it names, "" for the primary key. The row has the values of `where`. `none` is the value
    that names no row; without one every value has to.
    """

    resource: str
    column: str = ""
    where: Mapping[str, Any] = MappingProxyType({})
    none: Any = None


class Joined(NamedTuple):
    """A column that the answer takes from the row that the column `by` names: its column `column`.

    Or a text of several of its columns, with their names in braces: `{LName}, {FName}`. One that is empty is left out
    with the text before it.
    """

    by: str
    column: str

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The columns that it is made of, each with the text before it."""
        return _IN_BRACES.findall(self.column) or [("", self.column)]


class Words(NamedTuple):
    """A column that is the name of the number in the column `by`; of a number without a name, the number as text."""

    by: str
    words: Mapping[str, str]


class Column:
    """One column: the schema of its value in an answer (`sent`), with everything that the annotations say of it.

    `attribute` is its name in fixtures and in Python; a boolean that has another name there is a bool. `set_on` says
    when the server sets it: create, change, or answer.
    `phi` is the kind of protected health information that it holds ("" if the row does not say), and `copied` says how
    a copy of a row differs in it. `answered_by` names the operations whose answers have the column, if not all have it.
    Raises Misdeclared if an annotation is not one.
    """

    def __init__(self, name: str, part: Mapping[str, Any], *, is_key: bool) -> None:
        if unknown := next((key for key in part if key.startswith("x-") and key not in _ANNOTATIONS), None):
            known = ", ".join(_ANNOTATIONS)
            raise Misdeclared(f"{name}: {unknown} is not an annotation; there are {known}", "properties", name, unknown)
        self.name, self.is_key = name, is_key
        self.attribute: str = part.get("x-attribute", name)
        self.type: str = part.get("x-type", "Enum" if "enum" in part else "")
        self.sent = {key: value for key, value in part.items() if key not in _ANNOTATIONS or key == "x-type"}
        self.references = _made(Reference, name, "x-references", part)
        self.joined = _made(Joined, name, "x-joined", part)
        self.words = _made(Words, name, "x-words", part)
        self.set_on: str = part.get("x-set", "")
        self.phi: str = part.get("x-phi", "")
        self.copied: str = part.get("x-copied", "")
        self.since: str = part.get("x-since", "")
        self.answered_by: tuple[str, ...] = tuple(part.get("x-in", ()))
        self._fixture: Mapping[str, Any] = part.get("x-fixture", {})
        if self.set_on and self.set_on not in _SET:
            raise Misdeclared(f"{name}: x-set is one of {', '.join(_SET)}", "properties", name, "x-set")
        if self.set_on == "answer" and self.type not in TIMES:
            what = f"{name}: only a Date or a DateTime is computed as the row leaves: the time of the office's clock"
            raise Misdeclared(what, "properties", name, "x-set")
        if self.phi and self.phi not in _PHI:
            raise Misdeclared(f"{name}: x-phi is one of {', '.join(_PHI)}", "properties", name, "x-phi")
        if self.copied and (self.copied not in _COPIED or self.sent.get("type") != "string"):
            what = f"{name}: x-copied is one of {', '.join(_COPIED)}, in a column of text"
            raise Misdeclared(what, "properties", name, "x-copied")

    @property
    def is_stored(self) -> bool:
        """Whether a row has the column itself."""
        return not (self.joined or self.words or self.set_on == "answer")

    @property
    def is_number_as_text(self) -> bool:
        """Whether it names a row, whose number a row has as a number and an answer as text."""
        return self.type == "IdText" and self.references is not None

    @property
    def default(self) -> Any:
        """The value of a new row, or None if there is none. A time that the server sets is `now`."""
        if self.is_key or (self.references and self.references.none is None):
            return None
        if self.truth and self.attribute != self.name:
            return self.sent.get("default") == self.truth[True]
        if self.set_on and self.type in TIMES:
            return "now"
        default = self.sent.get("default")
        return self.stored(default) if self.is_number_as_text or self.type == "Ids" else default

    @property
    def is_required(self) -> bool:
        """Whether a fixture has to give it, whatever the table says: there is no value that could stand for it."""
        return self.is_stored and not self.is_key and self.default is None

    @cached_property
    def truth(self) -> Mapping[bool, str]:
        """The words for true and false, if the column is a boolean in the form of text."""
        words = self.sent.get("enum", ())
        if {str(word).lower() for word in words} != _TRUTH.keys():
            return {}
        return {_TRUTH[word.lower()]: word for word in words}

    @cached_property
    def written(self) -> dict[str, Any]:
        """The schema of its value in a fixture."""
        part = {"title": self.attribute, **self.sent, **self._fixture}
        part = {key: value for key, value in part.items() if key != "default"}
        if part.get("pattern") == _ONE_LINE:  # a line break is stored, and the API sends it as a space
            del part["pattern"]
        if self.type in TIMES:
            part["description"] += " Or relative to the start of the office: now-3d."
        if self.is_stored and self.default is not None:
            part["default"] = self.sent["default"] if self.type == "Ids" else self.default
        if self.truth:
            part |= {"type": ["boolean", "string"], "enum": [True, False, *self.truth.values()], "examples": [True]}
            part["default"] = self.default in (True, self.truth[True])
        return part

    def is_none(self, value: Any) -> bool:
        """Return whether a value of a real office stands for the default: null, or a blank in the place of a word.

        The vendor's own software reads a blank TrackingType as the first one.
        """
        return value is None or (value == "" and "enum" in self.sent and "" not in self.sent["enum"])

    def stored(self, value: Any) -> Any:
        """Return a value of a fixture in the type of the column, as 250 becomes 250.0, and true becomes "true".

        The words for true and false are those of the column, however a request writes them. Money as text has two
        decimals if the default of the column has them.
        """
        if self.truth:
            truth = value if isinstance(value, bool) else _TRUTH[value.lower()]
            word = self.truth[truth]
            return word if self.attribute == self.name else word == self.truth[True]
        if self.type == "Ids":
            return tuple(value)
        kind = self.sent.get("type")
        if kind == "number":
            return float(value)
        if self.is_number_as_text:
            return int(value)
        if self.type == "MoneyText":
            return _money_text(value, decimals="." in self.sent["default"])
        if kind == "integer":
            return int(value)
        return str(value) if kind == "string" else value


def _money_text(value: Any, *, decimals: bool) -> str:
    """Return money as text: with two decimals, or with as many as it needs. The latter is kept if it is text."""
    if decimals:
        return f"{float(value):.2f}"
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _made(kind: Any, name: str, annotation: str, part: Mapping[str, Any]) -> Any:
    """Return an annotation as its class. Raises Misdeclared."""
    if annotation not in part:
        return None
    try:
        return kind(**part[annotation])
    except TypeError:
        names = ", ".join(kind._fields)
        what = f"{name}: {annotation} has some of {names}, and {kind._fields[0]} always"
        raise Misdeclared(what, "properties", name, annotation) from None
