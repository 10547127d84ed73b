"""Command `opendental-mock import`: make a fixture of saved responses of an office."""

import argparse
import secrets
from datetime import date
from random import Random

from mockserver.cli.files import give
from mockserver.cli.flags import Flags, of_text
from mockserver.cli.output import FINE, WRONG_USE, CommandFailed, Commands, print_error, print_note
from mockserver.contract.contract import Contract
from mockserver.contract.own_resources import contract_with
from mockserver.seeding.importing import Import
from mockserver.seeding.scrub import Scrub
from mockserver.settings.checks import OutputFile
from mockserver.settings.commands import IMPORT
from mockserver.syntax.text import printable_lines

_WORD = "real-data"


def add(commands: Commands) -> None:
    """Add the command."""
    command = commands.add_parser(
        "import",
        help="make a fixture of saved responses",
        description="Write a fixture with the rows of saved responses: lists, single rows, mappings of names or paths"
        " to them, or HTTP Archives (HAR). Names, birthdates, addresses, phones, emails and numbers of persons are"
        " replaced, free text and unknown columns are left out, numbers of rows are remapped, and times are moved"
        " back, before anything is written.",
        epilog="example: opendental-mock import patients.json claims.json claimtrackings=page-1.json -o office.yaml",
    )
    command.add_argument("files", nargs="+", metavar="[RESOURCE=]FILE", help="a saved response, or several in one file")
    command.add_argument(
        "-o", "--output", type=of_text(OutputFile()), metavar="FILE",
        help="write the fixture to this file instead of standard output",
    )  # fmt: skip
    command.add_argument(
        "--no-scrub", choices=[_WORD], metavar=_WORD,
        help=f"with the word {_WORD}: write the data as it is, and mark the fixture so that check warns of it",
    )  # fmt: skip
    Flags(command, IMPORT)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the fixture. Return the exit code."""
    contract = contract_with(options.resources)
    imported = Import(contract, options.office_version or "")
    try:
        for file in options.files:
            imported.read(file)
    except OSError as error:
        raise CommandFailed(f"{error.filename}: {error.strerror}") from None
    if imported.findings:
        # Without the lines of the files, which may have data of patients.
        lines = "\n".join(map(str, imported.findings.placed()))
        print_note(f"{printable_lines(lines)}\nopendental-mock: nothing was written\n")
        return WRONG_USE
    if not imported.is_empty:
        give(options, "".join(imported.text(_scrub(options, contract))).rstrip("\n"))
    for note in imported.notes():
        print_error(note)
    if imported.is_empty:
        raise CommandFailed("there is no row in these files, so nothing was written")
    if options.no_scrub:
        print_error("the fixture has data of real patients, since --no-scrub was given: do not commit or share it")
    return FINE


def _scrub(options: argparse.Namespace, contract: Contract) -> Scrub | None:
    """Return the scrubber of the rows, or None with --no-scrub."""
    if options.no_scrub:
        return None
    random = Random(secrets.randbits(128) if options.seed is None else options.seed)
    return Scrub(
        contract.tables, random, date.today(), keeps_numbers=options.keep_numbers, keeps_dates=options.keep_dates
    )
