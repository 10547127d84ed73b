"""Observation files: reading them, with the place of each error."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mockserver.contract.contract import Contract, shipped_contract
from mockserver.observations.data_errors import data_errors
from mockserver.observations.observation import Observation, ObservationError, ObservationFile, Observations, observed
from mockserver.syntax import strict_yaml
from mockserver.syntax.diagnostics import Complaint, Positions, Source, nearest
from mockserver.syntax.yaml_events import YamlError


def read_observations(paths: Iterable[str | os.PathLike[str]], contract: Contract | None = None) -> Observations:
    """Return the observations of these files, checked against `contract` (by default the shipped one).

    Raises ObservationError with the errors of all files.
    """
    contract = contract or shipped_contract()
    files, errors = [], []
    for path in paths:
        file, found = read_observation_file(Path(path), contract)
        errors += found
        if file is not None:
            files.append(file)
    if errors:
        raise ObservationError(errors)
    return Observations(files)


def observed_contract(paths: Iterable[str | os.PathLike[str]]) -> Contract:
    """Return the shipped contract as these files observed it. Raises ObservationError."""
    contract = shipped_contract()
    return observed(contract, read_observations(paths, contract))


def read_observation_file(path: Path, contract: Contract) -> tuple[ObservationFile | None, list[Complaint]]:
    """Return the observations of a file, or None and its errors."""
    source = Source(str(path), "")
    try:
        text = path.read_bytes().decode("utf-8-sig")
        source = Source(str(path), text)
        data, duplicate_keys = strict_yaml.read(text)
    except OSError as error:
        return None, [source.diagnostic(1, 1, f"the observation file cannot be read: {error.strerror}")]
    except UnicodeDecodeError:
        return None, [source.diagnostic(1, 1, "not UTF-8; save the file as UTF-8")]
    except YamlError as error:
        return None, [source.diagnostic(error.line, error.column, error.message)]
    found = strict_yaml.positions(text)
    errors = [source.diagnostic(one.line, one.column, one.message) for one in duplicate_keys]
    for one in data_errors(data, contract):
        errors.append(source.diagnostic(*nearest(found, one.path, key=one.is_key), one.message))
    if errors:
        return None, sorted(errors)
    return _file(str(path), data, found), []


def _file(name: str, data: Mapping[str, Any], found: Positions) -> ObservationFile:
    return ObservationFile(
        date=data["date"],
        version=data["office"]["version"],
        mode=data["office"].get("mode", ""),
        preference=data.get("preference", {}),
        tool=data.get("tool", ""),
        rules=tuple(Observation(rule=rule, **given) for rule, given in data["rules"].items()),
        file=name,
        lines={rule: nearest(found, ("rules", rule), key=True) for rule in data["rules"]},
    )
