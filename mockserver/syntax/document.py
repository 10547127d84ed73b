"""Documents: the files that users write, as plain data, and the findings in them with their positions."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path as File
from typing import Any, NamedTuple

from mockserver.syntax import strict_json, strict_yaml
from mockserver.syntax.diagnostics import MAX_DIAGNOSTICS, Diagnostic, Path, Position, Positions, nearest
from mockserver.syntax.reader import MAX_VALUES
from mockserver.syntax.yaml_events import YamlError
from mockserver.work import checkpoint

MAX_BYTES = 32_000_000
"""The size of a file that is read."""

# The line breaks of YAML.
_LINE_END = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


class Finding(NamedTuple):
    """A mistake in a document. Its position is looked up, and its message is made, if it is shown.

    It is at the value at `path`, with `is_key` at its key, or at `position`. `mentions` are the other places that a
    message made by a function names.
    """

    document: "Document"
    message: str | Callable[[], str]
    path: Path = ()
    is_key: bool = False
    is_warning: bool = False
    position: Position | None = None
    mentions: tuple[tuple["Document", Path], ...] = ()


class Document:
    """The text of one file with its `data`: YAML, or JSON if `is_json`."""

    def __init__(
        self, file: str, text: str, *, is_json: bool = False, max_values: int = MAX_VALUES, max_run: int | None = None
    ) -> None:
        self.file, self.text, self.is_json = file, text, is_json
        self._max_values, self._max_run = max_values, max_run
        self.data: Any = None
        self._positions: Positions = {}

    def read(self) -> "Findings":
        """Read the data, and return its duplicate keys. Raises Unreadable."""
        try:
            if self.is_json:
                read = strict_json.read(self.text, self._max_values, self._max_run)
            else:
                read = strict_yaml.read(self.text, self._max_values)
        except YamlError as error:
            raise Unreadable(self._at(error)) from None
        self.data = read.data
        return Findings(map(self._at, read.duplicate_keys), more=read.more)

    def _at(self, error: YamlError) -> Finding:
        return Finding(self, error.message, position=(error.line, error.column))

    def finding(
        self,
        path: Path,
        message: str | Callable[[], str],
        *,
        key: bool = False,
        is_warning: bool = False,
        mentions: Iterable[tuple["Document", Path]] = (),
    ) -> Finding:
        """Return a finding at the value at `path`, or at its key."""
        return Finding(self, message, path, key, is_warning, mentions=tuple(mentions))

    def where(self, path: Path) -> str:
        """Return the position of the value at `path`, for the message of a finding that mentions it."""
        line, column = nearest(self._positions, path)
        return f"{self.file}:{line}:{column}"

    def position(self, finding: Finding) -> Position:
        """Return the position of a finding. It has been looked up."""
        return finding.position or nearest(self._positions, finding.path, key=finding.is_key)

    def look_up(self, paths: Iterable[Path]) -> None:
        """Look up the positions of values and of their keys, all in one pass over the text."""
        wanted = set(paths)
        if wanted:
            find = strict_json.positions if self.is_json else strict_yaml.positions
            self._positions = find(self.text, wanted)

    def lines(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return the texts of some lines, all in one pass."""
        wanted = set(numbers)
        lines: dict[int, str] = {}
        start = 0
        for number, match in enumerate(_LINE_END.finditer(self.text), 1):
            if number in wanted:
                lines[number] = self.text[start : match.start()]
            start = match.end()
            if len(lines) == len(wanted):
                return lines
        return dict.fromkeys(wanted, self.text[start:]) | lines

    def end(self) -> Position:
        """Return the position of the end of the text."""
        line, start = 1, 0
        for match in _LINE_END.finditer(self.text):
            line, start = line + 1, match.end()
        return line, len(self.text) - start + 1


class Unreadable(Exception):
    """A file cannot be read. `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.finding = finding


def read_file(file: File, max_bytes: int = MAX_BYTES) -> str:
    """Return the text of a file. Raises Unreadable, OSError."""
    with file.open("rb") as stream:
        raw = stream.read(max_bytes + 1)
    if len(raw) > max_bytes:
        what = f"the file is too large: {MAX_BYTES:,} bytes are read, together with the files before it"
        raise Unreadable(Finding(Document(str(file), ""), what, position=(1, 1)))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        position = before.count("\n") + 1, len(before) - before.rfind("\n")
        document = Document(str(file), raw.decode("utf-8-sig", errors="replace"))
        raise Unreadable(Finding(document, "not UTF-8; save the file as UTF-8", position=position)) from None


class Findings:
    """The findings of one load: the first MAX_DIAGNOSTICS, and the number of the others."""

    def __init__(self, findings: Iterable[Finding] = (), *, more: int = 0) -> None:
        self._shown: list[Finding] = []
        self._more = 0
        self.add(findings, more=more)

    def __bool__(self) -> bool:
        return bool(self._shown)

    @property
    def is_full(self) -> bool:
        """Return whether a further finding is only counted."""
        return len(self._shown) >= MAX_DIAGNOSTICS

    @property
    def has_more(self) -> bool:
        """Return whether there are findings that are only counted."""
        return self._more > 0

    @property
    def files(self) -> set[File]:
        """Return the files in which there are findings."""
        return {File(finding.document.file) for finding in self._shown}

    def add(self, findings: Iterable[Finding], *, more: int = 0) -> None:
        """Add findings, and the number of further ones that are only counted."""
        for finding in findings:
            checkpoint()
            if self.is_full:
                self._more += 1
            else:
                self._shown.append(finding)
        self._more += more

    def merge(self, other: "Findings") -> None:
        """Add those of another one."""
        self.add(other._shown, more=other._more)

    def placed(self) -> list[Diagnostic]:
        """Return the diagnostics in the order of their positions."""
        paths: dict[Document, list[Path]] = {}
        for finding in self._shown:
            places = [] if finding.position else [(finding.document, finding.path)]
            for document, path in (*places, *finding.mentions):
                paths.setdefault(document, []).append(path)
        for document, wanted in paths.items():
            document.look_up(wanted)
        lines: dict[Document, list[int]] = {}
        for finding in self._shown:
            lines.setdefault(finding.document, []).append(finding.document.position(finding)[0])
        texts = {document: document.lines(numbers) for document, numbers in lines.items()}
        diagnostics = {_placed(finding, texts[finding.document]) for finding in self._shown}
        return sorted({*diagnostics, *self._rest()})

    def _rest(self) -> Iterable[Diagnostic]:
        """Yield a diagnostic on those that are not shown, at the end of the last file that has one."""
        if self._more:
            document, is_warning = self._shown[-1].document, self._shown[-1].is_warning
            what = f"at least {self._more:,} more {'warnings' if is_warning else 'errors'} are not shown"
            yield Diagnostic(document.file, *document.end(), what, is_warning)


def _placed(finding: Finding, lines: Mapping[int, str]) -> Diagnostic:
    line, column = finding.document.position(finding)
    message = finding.message if isinstance(finding.message, str) else finding.message()
    return Diagnostic(finding.document.file, line, column, message, finding.is_warning, lines.get(line, ""))
