"""Commands `opendental-mock report` and `openapi`: the coverage of a running server, and the contract as a document."""

import argparse
import json

from mockserver.cli.admin_client import ClientFlags, ask_contract
from mockserver.cli.coverage_gate import conclude
from mockserver.cli.files import give
from mockserver.cli.flags import Flags, of_text
from mockserver.cli.output import FINE, CommandFailed, Commands
from mockserver.settings.checks import Url
from mockserver.settings.commands import CLIENT, GATE, OUTPUT
from mockserver.settings.server import SETTINGS
from mockserver.testing.admin_http import AdminError


def add(commands: Commands) -> None:
    """Add the command `report`."""
    report = commands.add_parser(
        "report",
        help="print the contract coverage of a server that is running",
        description="Print the rules of the contract that have been met since the server started, and the others.",
        epilog="example: opendental-mock report --only documented --fail-under 80",
    )
    ClientFlags(report, (*CLIENT, *GATE))
    report.set_defaults(run=_report)


def add_openapi(commands: Commands) -> None:
    """Add the command `openapi`."""
    openapi = commands.add_parser(
        "openapi",
        help="print the contract as OpenAPI 3.1",
        description="Print the contract as an OpenAPI 3.1 document in JSON.",
        epilog="example: opendental-mock openapi --server http://127.0.0.1:30222/api/v1 > openapi.json",
    )
    openapi.add_argument(
        "--server", type=of_text(Url()), metavar="URL",
        help="the base URL that the document names (default: /api/v1 of the server that the document came from)",
    )  # fmt: skip
    openapi.add_argument(
        "--for-clients", action="store_true", help="leave out the headers and statuses that only the mock sends"
    )
    openapi.add_argument(
        "--name-mappings", action="store_true",
        help="print instead the columns that differ by capital letters alone, as a configuration of openapi-generator",
    )  # fmt: skip
    Flags(openapi, [SETTINGS["observed"].but(help="describe an office as this file observed it"), OUTPUT])
    openapi.set_defaults(run=_openapi)


def _report(options: argparse.Namespace) -> int:
    try:
        coverage = ask_contract(options)
    except AdminError as error:
        raise CommandFailed(f"no report from {options.url}: {error}") from None
    return conclude(coverage, options, options.url)


def _openapi(options: argparse.Namespace) -> int:
    from mockserver.api.openapi import names_to_tell_apart, openapi
    from mockserver.api.resources import operations_of
    from mockserver.observations.files import observed_contract

    contract = observed_contract(options.observed)
    document = openapi(contract, operations_of(contract), server=options.server, for_clients=options.for_clients)
    if options.name_mappings:
        document = {"nameMappings": names_to_tell_apart(document)}
    give(options, json.dumps(document, indent=2))
    return FINE
