"""Command `opendental-mock init`: write a first fixture."""

import argparse
import sys
from pathlib import Path

from mockserver.assets import shipped
from mockserver.cli.flags import Flags, of_text
from mockserver.cli.output import FINE, WRONG_USE, Commands, print_output
from mockserver.settings.checks import FilePath

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
        with file.open("x", encoding="utf-8", newline="\n") as new:
            new.write(starter.replace(f"../../schemas/{_SCHEMA}", _SCHEMA))
        # Always written, so that it is the schema of this version.
        (file.parent / _SCHEMA).write_text(schema, encoding="utf-8", newline="\n")
    except FileExistsError as error:
        return _refuse(f"{error.filename} is there already; give another name")
    except OSError as error:
        return _refuse(f"{error.filename}: {error.strerror}")
    print_output(f"{file} is yours to change; try it: opendental-mock --fixtures {file} --watch")
    return FINE


def _refuse(why: str) -> int:
    print(f"opendental-mock: {why}", file=sys.stderr)
    return WRONG_USE
