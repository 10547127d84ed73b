"""`opendental-mock check`: look for mistakes in fixtures."""

import argparse
import sys

from mockserver.cli import flags
from mockserver.cli.exits import FINDINGS, FINE, WRONG_USE, Commands, say
from mockserver.fixture_files import load_office
from mockserver.fixture_layers import FixtureError, FixtureNotFound


def add(commands: Commands) -> None:
    """Add the command."""
    check = commands.add_parser(
        "check",
        help="look for mistakes in fixtures",
        allow_abbrev=False,
        description="Say what is wrong with each fixture as file:line:column: message; nothing where all is well.",
        epilog="example: opendental-mock check fixtures/*.yaml",
    )
    check.add_argument(
        "fixtures", type=flags.word, nargs="+", metavar="NAME|FILE|FOLDER", help="each is checked on its own"
    )
    check.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check each fixture."""
    outcome = FINE
    for fixture in options.fixtures:
        try:
            load_office(fixture)
        except FixtureError as error:
            say(str(error))
            outcome = max(outcome, FINDINGS)
        except FixtureNotFound as error:
            print(error, file=sys.stderr)
            outcome = WRONG_USE
    return outcome
