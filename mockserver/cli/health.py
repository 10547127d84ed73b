"""Command `opendental-mock health`: ask whether a server is ready."""

import argparse
import json

from mockserver.cli.admin_client import ClientFlags, ask_health
from mockserver.cli.output import FINDINGS, FINE, Commands, print_error, print_output
from mockserver.settings.commands import CLIENT
from mockserver.testing.admin_http import AdminError


def add(commands: Commands) -> None:
    """Add the command."""
    health = commands.add_parser(
        "health",
        help="ask whether a server is ready",
        description="Exit with 0 if a server is ready and with 1 otherwise; for scripts and containers.",
        epilog="example: opendental-mock health --url http://127.0.0.1:30222",
    )
    ClientFlags(health, CLIENT)
    health.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the health of the server. Return the exit code."""
    try:
        health = ask_health(options)
    except AdminError as error:
        print_error(f"no server is ready at {options.url}: {error}")
        return FINDINGS
    print_output(json.dumps(health))
    return FINE
