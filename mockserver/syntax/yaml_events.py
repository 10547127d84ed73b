"""YAML events: those of PyYAML's parser, with the values of scalars by the core schema of YAML 1.2."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, NoReturn

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
CONSTANTS = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INTEGER = re.compile(r"[-+]?[0-9]{1,100}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?")
# Compiled only when it is used: that takes 5 ms.
_UNREADABLE = r"[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_COLON_MESSAGE = (
    "': ' is not allowed here; put text that holds one in quotes, and begin the keys of a mapping in one column"
)


class YamlError(Exception):
    """A text cannot be read; `line` and `column` are counted from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


def events(text: str) -> Iterator[Any]:
    """Yield PyYAML's events. Raises YamlError in the place of PyYAML's own errors."""
    seen = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            yield event
            seen += 1
    except yaml.MarkedYAMLError as error:
        if "maximum nesting depth" not in (error.problem or ""):
            raise _parse_error(text, error) from None
        # libyaml reads ahead, since 0.2.6 up to its own limit of 1,000 levels. PyYAML's parser reaches our limit first.
        yield from islice(yaml.parse(text, Loader=yaml.SafeLoader), seen, None)
    except (yaml.reader.ReaderError, ValueError) as error:  # ValueError: a lone surrogate, which UTF-8 cannot encode
        found = re.search(_UNREADABLE, text)
        if found is None:  # pragma: no cover  # for later releases of PyYAML, whose reader may reject more
            raise YamlError(f"not YAML: {error}", 1, 1) from None
        before = text[: found.start()]
        what = f"the character U+{ord(found[0]):04X} is not allowed in YAML; remove it"
        raise YamlError(what, before.count("\n") + 1, len(before) - before.rfind("\n")) from None


def _parse_error(text: str, error: Any) -> YamlError:
    mark = error.problem_mark or error.context_mark
    problem = error.problem or ""
    what = "not YAML: " + ", ".join(part for part in (error.context, problem) if part)
    if "cannot start any token" in problem:
        begins = text[mark.index : mark.index + 1]
        tab = begins == "\t"
        what = (
            "a tab is not allowed here; indent with spaces" if tab else f"text that begins with {begins} needs quotes"
        )
    elif "mapping values are not allowed" in problem:
        what = _COLON_MESSAGE
    elif "unexpected end of stream" in problem and error.context_mark:
        mark, what = error.context_mark, "the quoted text that begins here is not closed"
    return YamlError(what, mark.line + 1, mark.column + 1) if mark else YamlError(what, 1, 1)


def scalar(event: Any) -> Any:
    """Return the value of a scalar event."""
    text: str = event.value
    if event.tag not in (None, "!"):
        fail(event, f"the tag {event.tag} is not used here; leave it out")
    if event.tag == "!" or not event.implicit[0]:
        return text
    if text in CONSTANTS:
        return CONSTANTS[text]
    if text[0] in "0123456789-+.":
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
    return text


def position(event: Any) -> tuple[int, int]:
    """Return the line and column, counted from 1, at which an event begins."""
    return event.start_mark.line + 1, event.start_mark.column + 1


def fail(event: Any, message: str) -> NoReturn:
    """Raise a YamlError at the position of `event`."""
    line, column = position(event)
    raise YamlError(message, line, column)
