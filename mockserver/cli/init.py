"""Command `opendental-mock init`: write a first fixture, or the folder of a resource from a saved response."""

import argparse
import shlex
from pathlib import Path

from mockserver.assets import shipped
from mockserver.cli.files import write_file, write_new_file
from mockserver.cli.flags import Flags, of_text
from mockserver.cli.output import FINE, CannotWrite, CommandFailed, Commands, print_output
from mockserver.contract.contract import shipped_contract
from mockserver.contract.own_resources import name_problem
from mockserver.contract.resource_draft import draft
from mockserver.errors import Misdeclared
from mockserver.seeding.editor_schema import NAME, as_text, editor_schema
from mockserver.settings.checks import FilePath
from mockserver.syntax.document import Document, Findings, Unreadable, read_file
from mockserver.syntax.text import printable


def add(commands: Commands) -> None:
    """Add the command."""
    init = commands.add_parser(
        "init",
        help="begin a fixture, or the folder of a resource",
        description="Write a fixture with comments to begin with, and beside it the schema for"
        " editors. With --resource, write the folder of a resource that the mock does not serve, guessed from a saved"
        " response: the columns and their types, the key and the operations, but none of its values. An existing"
        " file is left as it is.",
        epilog="examples: opendental-mock init my-office.yaml; opendental-mock init --resource referrals referrals.json"
        " our-resources",
    )
    init.add_argument(
        "file", type=of_text(FilePath()), nargs="?", default="office.yaml", metavar="FILE",
        help="the fixture to write (default: office.yaml), or with --resource the saved response",
    )  # fmt: skip
    init.add_argument(
        "folder", type=of_text(FilePath()), nargs="?", metavar="FOLDER",
        help="with --resource: where to make the folder of the resource (default: .)",
    )  # fmt: skip
    init.add_argument("--resource", metavar="NAME", help="the resource to begin, as in URLs: referrals")
    Flags(init, ())
    init.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the files. Return the exit code."""
    if options.resource is not None:
        return _begin_resource(options.resource, Path(options.file), Path(options.folder or "."))
    if options.folder is not None:
        raise CommandFailed("FOLDER is for --resource NAME; give one file to begin a fixture")
    return _begin_fixture(Path(options.file))


def _begin_fixture(file: Path) -> int:
    if file.suffix.lower() not in (".yaml", ".yml"):
        raise CommandFailed(f"{file}: a fixture to write by hand is YAML; give a name like {file.with_suffix('.yaml')}")
    starter = (shipped("fixtures") / "starter" / "office.yaml").read_text(encoding="utf-8")
    schema = as_text(editor_schema(shipped_contract()))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        name = printable(shlex.quote(str(file)))
        for command in ("--fixtures", "check"):  # of the comments
            starter = starter.replace(f"{command} office.yaml", f"{command} {name}")
        write_new_file(file, starter.encode())
        try:
            # Always written, so that it is the schema of this version.
            write_file("the schema for editors,", str(file.parent / NAME), schema)
        except CannotWrite:
            file.unlink()  # so that the same command works when there is room
            raise
    except FileExistsError as error:
        raise CommandFailed(f"{error.filename} exists already; give another name") from None
    except OSError as error:
        raise CommandFailed(f"{error.filename or file}: {error.strerror}") from None
    print_output(f"{file} was written; edit it, and try it: opendental-mock --fixtures {file} --watch")
    return FINE


def _begin_resource(name: str, response: Path, folder: Path) -> int:
    problem = name_problem(name, ())
    if problem:
        raise CommandFailed(problem)
    path = folder if folder.resolve().name == name else folder / name
    try:
        document = Document(str(response), read_file(response), is_json=True)
        document.read()
        try:
            files = draft(name, document.data)
        except Misdeclared as error:
            raise Unreadable(document.finding(error.where, str(error))) from None
        path.mkdir(parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise CommandFailed(f"{path} exists already and is not empty; move it, or give another FOLDER")
        for file, text in files.items():
            write_new_file(path / file, text.encode())
    except Unreadable as error:
        raise CommandFailed(str(Findings([error.finding]).placed()[0])) from None
    except OSError as error:
        raise CommandFailed(f"{error.filename or response}: {error.strerror}") from None
    print_output(
        f"{path} was written; complete it: what was guessed is marked. Check it: opendental-mock check {path};"
        f" serve it: opendental-mock --resources {path}"
    )
    return FINE
