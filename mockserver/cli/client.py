"""Command `opendental-mock client`: print a client of the admin API for another language."""

import argparse
from pathlib import Path

from mockserver import testing
from mockserver.cli.flags import Flags
from mockserver.cli.output import FINE, Commands, print_output

FILES = {"js": "opendental-mock.mjs"}


def add(commands: Commands) -> None:
    """Add the command."""
    client = commands.add_parser(
        "client",
        help="print a client of the admin API, to control a server from tests in another language",
        description="Print a client of the admin API, one file without dependencies: js is an ES module for Node and"
        " browsers, with its types as JSDoc. Python has mockserver.connect.",
        epilog="example: opendental-mock client js > opendental-mock.mjs",
    )
    client.add_argument("language", choices=FILES, help="the language")
    Flags(client, ())
    client.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the file. Return the exit code."""
    file = Path(testing.__path__[0], FILES[options.language])
    print_output(file.read_text("utf-8").rstrip("\n"))
    return FINE
