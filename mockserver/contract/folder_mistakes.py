"""Mistakes of resource folders: what contradicts the form of their files, or each other, with file and position."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from mockserver.contract.case_files import load_cases
from mockserver.contract.cases import Case
from mockserver.contract.contract import Contract
from mockserver.contract.expectation import ABSENT
from mockserver.contract.vendor import vendor_resources
from mockserver.errors import ContractUnusable
from mockserver.messages import listed
from mockserver.resources.fixture_rows import fixture_rows
from mockserver.resources.folder import ROW, Folder, is_shipped
from mockserver.resources.operations import is_version
from mockserver.suggestions import suggestion
from mockserver.syntax.diagnostics import Path as Where
from mockserver.syntax.document import Document, Finding, Findings, Unreadable, read_file
from mockserver.syntax.strict_yaml import load
from mockserver.violations import violation_text

_INPUT = "x-input"


def mistakes(folder: Folder, contract: Contract) -> Findings:
    """Return what is wrong with a folder, without its cases: in each file the first mistake, and contradictions."""
    findings = _unreadable(folder)
    for step in (_of_row, _of_operations, _of_rules):
        if findings:
            break  # what follows depends on it
        findings.merge(_found_by(step(folder, contract), folder.path))
    return findings


def mistakes_of_cases(resources: Collection[str], contract: Contract, folder: Path) -> Findings:
    """Return what is wrong with the cases of resources, whose folders have no mistake. `folder` is one of them."""
    return _found_by(_of_cases(resources, contract), folder)


def _found_by(step: Iterator[Finding], folder: Path) -> Findings:
    """Return what a step finds in a folder. One that cannot go on has found a mistake."""
    findings = Findings()
    try:
        findings.add(step)
    except ContractUnusable as error:
        file = Path(error.file or folder / f"{ROW}.json")
        findings.add([finding(file, error.where, str(error).removeprefix(f"{file}: "))])
    return findings


def _unreadable(folder: Folder) -> Findings:
    """Return what is no JSON or YAML, and keys that are there twice."""
    findings = Findings()
    for file in sorted((*folder.path.glob("*.json"), *folder.path.glob("*.yaml"))):
        try:
            findings.merge(_document(file, read_file(file)).read())
        except Unreadable as error:
            findings.add([error.finding])
    return findings


def _of_row(folder: Folder, contract: Contract) -> Iterator[Finding]:
    file = folder.path / f"{ROW}.json"
    if not folder.row.get("examples"):
        yield finding(file, (), "examples has a row as the API answers it; the cases of families are made of it")
        return
    for column in folder.columns.values():
        where = ("properties", column.name)
        resource = column.references.resource if column.references else None
        if resource is not None and resource not in contract.folders and resource not in vendor_resources():
            close = suggestion(resource, {*contract.folders, *vendor_resources()})
            yield finding(
                file, (*where, "x-references"), f"{column.name} refers to {resource}, which is no resource{close}"
            )
        for by in filter(None, (column.joined, column.words)):
            if by.by not in folder.columns:
                yield finding(file, where, f"{column.name} is found by {by.by}, which is not a column of the row")
    schema = contract.schemas[f"{folder.name}/{ROW}"]
    schema.check_itself()
    are_whole = True
    for index, example in enumerate(folder.row.get("examples", ())):
        place: Where = ("examples", index)
        for error in schema.errors(example):
            if error.validator == "required":
                are_whole = False
                lacking = [name for name in folder.columns if name not in example]
                yield finding(file, place, f"the example lacks {listed(lacking)}; a row has all its columns")
            else:
                name = ".".join(map(str, error.absolute_path)) or "a column"
                yield finding(file, (*place, *error.absolute_path), f"the example: {name} {violation_text(error)}")
    if are_whole:
        fixture_rows(folder)  # which reads every column


def _of_operations(folder: Folder, contract: Contract) -> Iterator[Finding]:
    for spec in folder.operations.values():
        if not spec.has_body:
            continue
        name, fields = f"{folder.name}/{spec.name}.request", folder.body(spec).get("properties", {})
        contract.schemas[name].check_itself()
        file = contract.folders.files.path(name)
        for field, part in fields.items():
            place = ("properties", field)
            is_of_python = part.get(_INPUT) and is_shipped(folder.path)
            if field not in folder.columns and not is_of_python:
                what = f"{field} is not a column of the row; only an operation in Python takes other fields ({_INPUT})"
                yield finding(file, place, what)
            if not is_version(part.get("x-since", "1.0")):
                yield finding(file, (*place, "x-since"), f"{field}: x-since is a version of Open Dental: '23.10'")
            if not isinstance(part.get("x-default", []), list):
                what = f"{field}: x-default is a list of names, of which the first that the office has is taken"
                yield finding(file, (*place, "x-default"), what)
            if not isinstance(part.get("x-words", {}), Mapping):
                what = f"{field}: x-words is a mapping of words to values of the column"
                yield finding(file, (*place, "x-words"), what)


def _of_rules(folder: Folder, contract: Contract) -> Iterator[Finding]:
    names = [f"{folder.name}/{name}" for name in folder.operations]
    file = folder.path / "rules.yaml"
    for rule in contract.rules.of_resource(folder.name):
        if rule.operation not in names:
            what = f"{rule.id}: {rule.operation} is not an operation of the folder; there are {', '.join(names)}"
            yield finding(file, _place_of(file, rule.id), what)
    for name in contract.schemas.of_resource(folder.name):
        contract.check_schema(name)


def _of_cases(resources: Collection[str], contract: Contract) -> Iterator[Finding]:
    for case in load_cases(contract.folders):
        resource = case.rules[0].partition(".")[0]
        if resource in resources:
            folder = contract.folders[resource]
            file = folder.path / "cases.yaml"
            for what in _case_problems(case, folder, contract):
                yield finding(file, _place_of(file, case.id), f"the case {case.id!r}: {what}")


def _case_problems(case: Case, folder: Folder, contract: Contract) -> Iterator[str]:
    for rule in case.rules:
        if rule not in contract.rules:
            yield f"there is no rule {rule}{suggestion(rule, contract.rules)}"
            return
    operation = contract.rules[case.rules[0]].operation.partition("/")[2]
    if case.expect.body is not ABSENT and case.expect.status < 300:
        schema = contract.schemas[f"{folder.name}/{operation}.response"]
        for error in schema.errors(case.expect.body):
            yield f"its body contradicts the schema: {violation_text(error)}"
            return
    columns: Mapping[str, object] = folder.columns
    for name in (*case.expect.row, *case.expect.columns, *case.expect.every):
        if name not in columns and "{" not in name:
            yield f"{name} is not a column of the row{suggestion(name, columns)}"


def _place_of(file: Path, name: str) -> Where:
    """Return the index of the entry with this id in a file."""
    ids = (
        [entry.get("id") for entry in load(read_file(file)) or () if isinstance(entry, dict)] if file.is_file() else []
    )
    return (ids.index(name),) if name in ids else ()


def finding(file: Path, where: Where, message: str) -> Finding:
    """Return what is wrong at a place in a file, which may be missing."""
    return _document(file, read_file(file) if file.is_file() else "").finding(where, message)


def _document(file: Path, text: str) -> Document:
    return Document(str(file), text, is_json=file.suffix == ".json")
