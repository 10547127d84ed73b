"""Observation files that fixtures name, each relative to its fixture."""

from collections.abc import Iterable
from os.path import isfile
from pathlib import Path

from mockserver.contract.contract import Contract
from mockserver.seeding.layers import Layer
from mockserver.seeding.locate import folder_of
from mockserver.syntax.diagnostics import Diagnostic
from mockserver.syntax.document import Findings

KEY = "observed"


class ObservedFiles:
    """The observation files that the layers of an office name.

    `paths` are all that exist, `warnings` those on what they say, and `findings` the errors of those that cannot be
    used.
    """

    def __init__(self, layers: Iterable[Layer], contract: Contract) -> None:
        self.findings = Findings()
        named = dict.fromkeys(path for layer in layers for path in self._named_by(layer))
        self.paths = list(map(str, named))
        self.warnings = self._read(named, contract) if named else []

    def _read(self, paths: Iterable[Path], contract: Contract) -> list[Diagnostic]:
        from mockserver.observations.files import read_observation_file  # which few offices need
        from mockserver.observations.observation import Observations

        files = []
        for path in paths:
            file, findings = read_observation_file(path, contract)
            self.findings.merge(findings)
            if file is not None:
                files.append(file)
        return Observations(files).warnings

    def _named_by(self, layer: Layer) -> Iterable[Path]:
        named = layer.get(KEY)
        for index, name in enumerate(named if isinstance(named, list) else ()):
            if not isinstance(name, str) or not name:
                continue  # the schema reports it
            path = folder_of(Path(layer.file)) / name
            if isfile(path):  # not if the name is too long
                yield path
            else:
                message = f"{KEY}[{index}]: there is no file {name} beside this one"
                self.findings.add([layer.finding((KEY, index), message)])
