"""Observation files: reading them, with the place of each error."""

import os
import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from mockserver.contract.contract import Contract, shipped_contract
from mockserver.observations.data_errors import data_errors
from mockserver.observations.errors import ObservationError
from mockserver.observations.observation import Observation, ObservationFile, Observations, observed
from mockserver.syntax.diagnostics import MAX_DIAGNOSTICS
from mockserver.syntax.document import Document, Findings, Unreadable, read_file

# A fixture has names of files there, and not the version of the format.
_HEAD = re.compile(rb"""^\s*\{?\s*["']?observed["']?\s*:\s*[0-9]""", re.M)


def read_observations(paths: Iterable[str | os.PathLike[str]], contract: Contract | None = None) -> Observations:
    """Return the observations of these files, checked against `contract` (by default the shipped one).

    Raises ObservationError with the errors of all files.
    """
    contract = contract or shipped_contract()
    files, findings = [], Findings()
    for path in paths:
        file, errors = read_observation_file(Path(path), contract)
        findings.merge(errors)
        if file is not None:
            files.append(file)
    if findings:
        raise ObservationError(findings.placed())
    return Observations(files)


def is_observation_file(path: str) -> bool:
    """Return whether a path is that of a regular file with observations, and not a fixture."""
    file = Path(path)
    try:
        return file.is_file() and _HEAD.search(file.read_bytes()) is not None
    except OSError:
        return False


def observed_contract(paths: Iterable[str | os.PathLike[str]]) -> Contract:
    """Return the shipped contract as these files observed it. Raises ObservationError."""
    contract = shipped_contract()
    return observed(contract, read_observations(paths, contract))


def read_observation_file(path: Path, contract: Contract) -> tuple[ObservationFile | None, Findings]:
    """Return the observations of a file, or None and its errors."""
    try:
        document = Document(str(path), read_file(path))
        findings = document.read()
    except OSError as error:
        what = f"the observation file cannot be read: {error.strerror}"
        return None, Findings([Document(str(path), "").finding((), what)])
    except Unreadable as error:
        return None, Findings([error.finding])
    findings.add(islice(data_errors(document, contract), MAX_DIAGNOSTICS + 1))
    return (None if findings else _file(document, contract)), findings


def _file(document: Document, contract: Contract) -> ObservationFile:
    data = document.data
    rules = tuple(Observation(rule=rule, **given) for rule, given in data["rules"].items())
    document.look_up([("rules", rule) for rule in data["rules"]])
    return ObservationFile(
        date=data["date"],
        version=data["office"]["version"],
        mode=data["office"].get("mode", ""),
        preference=data.get("preference", {}),
        tool=data.get("tool", ""),
        rules=rules,
        file=document.file,
        lines={rule: document.position(document.finding(("rules", rule), "", key=True)) for rule in data["rules"]},
        unplayable=frozenset(one.rule for one in rules if not one.is_playable(contract.rules[one.rule])),
    )
