"""Command `opendental-mock check`: look for mistakes in fixtures."""

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from mockserver.cli.diagnostics import as_annotations, as_json, as_text
from mockserver.cli.flags import Flags, of_text
from mockserver.cli.output import FINDINGS, FINE, WRONG_USE, Commands, print_note, print_output
from mockserver.contract.contract import shipped_contract
from mockserver.contract.own_resources import ResourceError, contract_with, is_resource
from mockserver.messages import number_of
from mockserver.observations.errors import ObservationError
from mockserver.observations.files import is_observation_file, read_observations
from mockserver.seeding.diagnostics import FixtureNotFound
from mockserver.seeding.load import Draft, read_fixtures
from mockserver.settings.checks import Choice, FixtureName
from mockserver.settings.server import SETTINGS
from mockserver.syntax.diagnostics import Diagnostic
from mockserver.syntax.text import printable_lines

_NAMED = {"claim": "claim", "claimtracking": "tracking"}
"""The tables whose rows have a name of their own in the sum."""
_FORMS: dict[str, Callable[[Sequence[Diagnostic]], str]] = {"text": as_text, "json": as_json, "github": as_annotations}


def add(commands: Commands) -> None:
    """Add the command."""
    check = commands.add_parser(
        "check",
        help="look for mistakes in fixtures",
        description="Print the errors in each fixture as file:line:column: message. If there are none, say on standard"
        " error what was checked."
        " Warnings do not fail the check, unless --fail-on-warning is given.",
        epilog="example: opendental-mock check fixtures/*.yaml",
    )
    check.add_argument(
        "fixtures",
        type=of_text(FixtureName()),
        nargs="+",
        metavar="NAME|FILE|FOLDER",
        help="each is checked on its own",
    )
    check.add_argument("--together", action="store_true", help="check them merged as one office")
    check.add_argument("--fail-on-warning", action="store_true", help="exit with 1 on warnings too")
    check.add_argument(
        "--format", type=of_text(Choice(*_FORMS)), default="text", metavar="FORMAT",
        help="text, json, or github for annotations (default: text)",
    )  # fmt: skip
    Flags(
        check,
        [SETTINGS["now"], SETTINGS["observed"].but(help="a file of observations to check, too"), SETTINGS["resources"]],
    )
    check.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check each fixture. Return the exit code."""
    of_offices = [path for path in options.fixtures if is_observation_file(path)]
    options.observed = [*options.observed, *of_offices]
    options.fixtures = [path for path in options.fixtures if path not in of_offices]
    found: list[Diagnostic] = []
    checked = _Checked({Path(path) for path in options.observed})
    outcome = FINE
    try:
        found += read_observations(options.observed).warnings
    except ObservationError as error:
        found += error.diagnostics
        outcome = FINDINGS
    if found and options.fail_on_warning:
        outcome = FINDINGS
    resources = [path for path in options.fixtures if is_resource(path)]
    try:
        contract = contract_with((*options.resources, *resources))
    except ResourceError as error:
        found += error.diagnostics
        outcome, contract = FINDINGS, shipped_contract()
    options.fixtures = [path for path in options.fixtures if path not in resources]
    for fixtures in (
        [options.fixtures] if options.together and options.fixtures else [[one] for one in options.fixtures]
    ):
        try:
            draft = read_fixtures(*fixtures, now=options.now, contract=contract)
        except FixtureNotFound as error:
            print_note(f"{printable_lines(str(error))}\n")
            outcome = WRONG_USE
            continue
        checked.add(draft)
        warnings = draft.warnings()
        if draft.errors or (warnings and options.fail_on_warning):
            outcome = max(outcome, FINDINGS)
        found += sorted([*draft.errors, *warnings])
    found = list(dict.fromkeys(found))  # a shared base of two fixtures is reported once
    text = _FORMS[options.format](found)
    if text:
        print_output(text)
    elif outcome == FINE:
        checked.files |= {Path(path) for path in resources}
        print_note(f"{checked}, no mistake\n")
    return outcome


class _Checked:
    """What was checked: files, and the rows of the fixtures among them."""

    def __init__(self, files: set[Path]) -> None:
        self.files = files
        self._rows: Counter[str] = Counter()

    def add(self, draft: Draft) -> None:
        """Add the files and rows of a fixture."""
        self.files |= draft.files
        self._rows.update(draft.row_counts())

    def __str__(self) -> str:
        named = {noun: self._rows[table] for table, noun in _NAMED.items()}
        others = self._rows.total() - sum(named.values())
        counts = [number_of(count, noun) for noun, count in named.items() if count]
        more = [number_of(others, "other row")] if others else []
        return ", ".join([number_of(len(self.files), "file"), *counts, *more])
