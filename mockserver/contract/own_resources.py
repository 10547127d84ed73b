"""Resources of a user: folders in the form of the shipped ones, read and checked when a server starts."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from mockserver.assets import shipped
from mockserver.contract.contract import Contract, shipped_contract
from mockserver.contract.rule_files import Rules
from mockserver.contract.schemas import Schemas
from mockserver.resources.folder import ROW, Folders, is_shipped, shipped_folders
from mockserver.syntax.diagnostics import DiagnosedError, Diagnostic
from mockserver.syntax.document import Findings

_NAME = re.compile("[a-z][a-z0-9]*")


class ResourceError(DiagnosedError, ValueError):
    """Resource folders that cannot be served. `diagnostics` holds the errors, each with its file and position."""


def contract_with(resources: Sequence[str]) -> Contract:
    """Return the contract of this package with the resources in these folders. Raises ResourceError.

    A folder of this package is checked like the others, for those who change it.
    """
    if not resources:
        return shipped_contract()
    paths = tuple(found for given in resources for found in _folders(Path(given)))
    stamps = tuple(file.stat().st_mtime_ns for path in paths for file in sorted(path.iterdir()))
    return _contract(paths, stamps)


@lru_cache(maxsize=8)
def _contract(paths: tuple[Path, ...], _stamps: tuple[int, ...]) -> Contract:
    from mockserver.contract.folder_mistakes import finding, mistakes, mistakes_of_cases  # which few servers need

    findings = Findings()
    own: dict[str, Path] = {}
    for path in paths:
        if is_shipped(path):
            continue
        problem = name_problem(path.resolve().name, own)
        if problem:
            findings.add([finding(path / f"{ROW}.json", (), problem)])
        own[path.resolve().name] = path
    _refuse(findings)
    root = shipped("schemas")
    folders = Folders(root, own)
    contract = Contract(folders, Schemas(folders), Rules(root, folders))
    given = {path.resolve().name: path for path in paths}
    for name in given:
        findings.merge(mistakes(folders[name], contract))
    _refuse(findings)
    # Made of the rows of all folders, which therefore have no mistake.
    findings.merge(mistakes_of_cases(given, contract, paths[0]))
    _refuse(findings)
    return contract


def resource_folders(path: Path) -> list[Path]:
    """Return the folder itself, or those in it, that are resources: none of a folder of fixtures."""
    if (path / f"{ROW}.json").is_file():
        return [path]
    return sorted(file.parent for file in path.glob(f"*/{ROW}.json"))


def _folders(path: Path) -> list[Path]:
    """Return the folder itself, or those in it that are resources. Raises ResourceError if there are none."""
    folders = resource_folders(path)
    if not folders:
        what = f"neither this folder nor one in it has a {ROW}.json; see docs/adding-a-resource.md"
        raise ResourceError([Diagnostic(str(path), 1, 1, what)])
    return folders


def name_problem(name: str, own: Iterable[str]) -> str:
    """Return why a folder with this name, beside those of `own`, cannot be a resource of a user, or nothing."""
    if not _NAME.fullmatch(name):
        return f"{name} is not the name of a resource: lower-case letters and digits, as in /patients"
    if name in shipped_folders():
        return f"{name} is served already; the folder of a further resource has another name"
    return f"{name} is given twice" if name in own else ""


def _refuse(findings: Findings) -> None:
    if findings:
        raise ResourceError(findings.placed())
