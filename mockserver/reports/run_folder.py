"""Run folder: where the servers that a command of `run` starts write what they meet, so that `run` reports it too.

Each server appends a line for each exchange to a file of its own, so that nothing is lost if its process is killed. A
`run` below another one has its folder in that of the other, so that both read it.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mockserver.contract.contract import Contract
from mockserver.contract.rules import Rule
from mockserver.journal.exchange import Exchange
from mockserver.reports.coverage import Coverage
from mockserver.resources.folder import shipped_folders

FOLDER = "OPENDENTAL_MOCK_RUN_FOLDER"
"""The environment variable by which `run` names the folder to the processes below it."""
_PREFIX, _SUFFIX = "opendental-mock-", ".jsonl"
_COUNTED = (
    "id", "method", "path", "status", "rules", "warnings", "refused_by", "is_refused_warning", "explanation", "hint",
    "unserved", "fault",
)  # fmt: skip
"""The fields of an exchange that coverage counts."""
_OF_RULE = ("id", "operation", "status", "says", "standing", "page", "only", "cause")


def counting(contract: Contract, *, strict: bool) -> Coverage:
    """Return the counters of a server. Within a run, they write what they count to its folder."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return Coverage()
    recorder = Recorder(folder, contract, strict=strict)
    return Coverage(recorder.add, recorder.clear)


class Recorder:
    """What a server writes to the folder of a run: its exchanges."""

    def __init__(self, folder: str, contract: Contract, *, strict: bool) -> None:
        self._file = Path(folder, f"{os.getpid()}-{os.urandom(8).hex()}{_SUFFIX}")
        self._contract, self._strict = contract, strict
        self._has_begun = False

    def add(self, exchange: Exchange) -> None:
        """Write an exchange, and before the first one the rules that the shipped contract does not have."""
        if not self._has_begun:
            self._has_begun = True
            names = [name for name in self._contract.folders if name not in shipped_folders()]
            own = [rule for name in names for rule in self._contract.rules.of_resource(name)]
            rules = [{name: getattr(rule, name) for name in _OF_RULE} for rule in own]
            _append(self._file, {"strict": self._strict, "rules": rules})
        _append(self._file, {"exchange": {name: getattr(exchange, name) for name in _COUNTED}})

    def clear(self) -> None:
        """Note that the server counts again from 0."""
        if self._has_begun:
            _append(self._file, {"clear": True})


def note_allowed(resources: Iterable[str]) -> None:
    """Tell the run that requests for these resources of the vendor, which are not served, may pass."""
    folder, names = os.environ.get(FOLDER), list(resources)
    if folder and names:
        _append(Path(folder, f"{os.getpid()}-allowed{_SUFFIX}"), {"allowed": names})


def _append(file: Path, entry: Mapping[str, Any]) -> None:
    with suppress(OSError), file.open("ab", buffering=0) as opened:  # the run has ended, and its folder is gone
        opened.write(json.dumps(entry).encode() + b"\n")


class RunFolder:
    """The folder of a `run`. It is removed at the end, unless it is in that of another run, which reads it then."""

    def __init__(self) -> None:
        from tempfile import TemporaryDirectory, mkdtemp  # slow to import, and each server imports this module

        outer = os.environ.get(FOLDER)
        self._own: TemporaryDirectory[str] | None = None
        self.path = ""
        if outer:
            with suppress(OSError):
                self.path = mkdtemp(prefix=_PREFIX, dir=outer)
        if not self.path:
            self._own = TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True)
            self.path = self._own.name

    def read(self) -> "Recorded":
        """Return what the servers below the run have written."""
        recorded = Recorded()
        for file in sorted(Path(self.path).rglob(f"*{_SUFFIX}")):
            recorded.add(_entries(file))
        return recorded

    def remove(self) -> None:
        """Remove the folder, if no other run reads it."""
        if self._own is not None:
            self._own.cleanup()


@dataclass(slots=True)
class Recorded:
    """What the servers below a run have met. `rules` are those that the shipped contract does not have."""

    coverage: Coverage = field(default_factory=Coverage)
    rules: dict[str, Rule] = field(default_factory=dict)
    allowed: list[str] = field(default_factory=list)
    strict: bool = False

    def add(self, entries: list[dict[str, Any]]) -> None:
        """Add the entries of one file, the exchanges only from the last time on that its server counted from 0."""
        begin = max((place for place, entry in enumerate(entries) if "clear" in entry), default=0)
        for place, entry in enumerate(entries):
            self.allowed += entry.get("allowed", ())
            self.strict = self.strict or entry.get("strict", False)
            self.rules.update((rule["id"], Rule(**rule)) for rule in entry.get("rules", ()))
            if "exchange" in entry and place >= begin:
                exchange = entry["exchange"]
                self.coverage.add(Exchange(**exchange | {"warnings": [(*one,) for one in exchange["warnings"]]}))

    def as_json(self, contract: Contract) -> dict[str, Any]:
        """Return the coverage as `Coverage.as_json` does, of a server with all rules and switches."""
        rules = {rule.id: rule for rule in contract.rules.values()} | self.rules
        switches = {rule.only for rule in rules.values()}
        return self.coverage.as_json(rules.values(), strict=self.strict, switches=switches)


def _entries(file: Path) -> list[dict[str, Any]]:
    """Return the entries of a file, up to one that a killed process has not written completely."""

    def read() -> Iterator[dict[str, Any]]:
        with suppress(ValueError):
            for line in file.read_bytes().splitlines():
                yield json.loads(line)

    return list(read())
