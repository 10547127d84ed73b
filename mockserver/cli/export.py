"""Command `opendental-mock export`: print the office of a running server as a fixture."""

import argparse

from mockserver.cli.admin_client import ClientFlags, ask_office
from mockserver.cli.files import give
from mockserver.cli.output import FINE, CommandFailed, Commands
from mockserver.settings.commands import CLIENT, OUTPUT
from mockserver.testing.admin_http import AdminError


def add(commands: Commands) -> None:
    """Add the command."""
    export = commands.add_parser(
        "export",
        help="print the office of a server that is running, as a fixture",
        description="Print the office as it is now in YAML, as a fixture that loads back to the same office.",
        epilog="example: opendental-mock export > my-office.yaml",
    )
    ClientFlags(export, (*CLIENT, OUTPUT))
    export.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the fixture. Return the exit code."""
    try:
        office = ask_office(options)
    except AdminError as error:
        raise CommandFailed(f"no office from {options.url}: {error}") from None
    # Characters outside standard output's encoding are written as \u1234, which is the same in quoted YAML.
    give(options, office.rstrip("\n"))
    return FINE
