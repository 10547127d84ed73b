"""Command `opendental-mock init`: write a first fixture."""

import argparse
import shlex
from pathlib import Path

from mockserver.assets import shipped
from mockserver.cli.files import write_file, write_new_file
from mockserver.cli.flags import Flags, of_text
from mockserver.cli.output import FINE, WRONG_USE, CannotWrite, Commands, print_error, print_output
from mockserver.settings.checks import FilePath
from mockserver.syntax.text import printable

_SCHEMA = "fixture.schema.json"


def add(commands: Commands) -> None:
    """Add the command."""
    init = commands.add_parser(
        "init",
        help="begin a fixture",
        allow_abbrev=False,
        description="Write a fixture with comments to begin with, and beside it the schema for"
        " editors. A fixture that is there already is left as it is.",
        epilog="example: opendental-mock init my-office.yaml",
    )
    init.add_argument(
        "file", type=of_text(FilePath()), nargs="?", default="office.yaml", metavar="FILE",
        help="the fixture to write (default: office.yaml)",
    )  # fmt: skip
    Flags(init, ())
    init.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write both files. Return the exit code."""
    file = Path(options.file)
    if file.suffix.lower() not in (".yaml", ".yml"):
        return _refuse(f"{file}: a fixture to write by hand is YAML; give a name like {file.with_suffix('.yaml')}")
    starter = (shipped("fixtures") / "starter" / "office.yaml").read_text(encoding="utf-8")
    schema = (shipped("schemas") / _SCHEMA).read_text(encoding="utf-8")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        starter = starter.replace(f"../../schemas/{_SCHEMA}", _SCHEMA)
        name = printable(shlex.quote(str(file)))
        for command in ("--fixtures", "check"):  # of the comments
            starter = starter.replace(f"{command} office.yaml", f"{command} {name}")
        write_new_file(file, starter.encode())
        try:
            # Always written, so that it is the schema of this version.
            write_file("the schema for editors,", str(file.parent / _SCHEMA), schema)
        except CannotWrite:
            file.unlink()  # so that the same command works when there is room
            raise
    except FileExistsError as error:
        return _refuse(f"{error.filename} is there already; give another name")
    except OSError as error:
        return _refuse(f"{error.filename or file}: {error.strerror}")
    print_output(f"{file} is yours to change; try it: opendental-mock --fixtures {file} --watch")
    return FINE


def _refuse(why: str) -> int:
    print_error(why)
    return WRONG_USE
