"""Command `opendental-mock verify`: compare a real office with the contract, rule by rule."""

import argparse
import signal
import sys
import textwrap
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from mockserver.cli.files import write_files
from mockserver.cli.flags import Flags
from mockserver.cli.output import (
    FINDINGS,
    FINE,
    INTERRUPTED,
    WRONG_USE,
    Commands,
    do_all,
    print_error,
    print_note,
    print_output,
)
from mockserver.cli.verify_input import WrongUseError, client_of, contract_of, wanted_rules
from mockserver.settings.checks import AUTO
from mockserver.settings.commands import VERIFY

if TYPE_CHECKING:
    from mockserver.verify.run import Run

_MOCK = "a mock answers there, and not an office: nothing is saved from it"


def add(commands: Commands) -> None:
    """Add the command."""
    verify = commands.add_parser(
        "verify",
        help="compare a real office with the contract, rule by rule",
        allow_abbrev=False,
        description="Send the cases of the contract to an office, one request at a time, and print for each rule"
        " whether the office holds to it. Only reads, and requests that cannot write, are sent, unless --claim and"
        " --may-create allow rows. The exit code is 0 if nothing is contradicted, 1 if a rule that is documented or was"
        " observed differs, 2 if nothing could be compared.",
        epilog="example: opendental-mock verify --plan --claim 15 --may-create 20",
    )
    Flags(verify, VERIFY)
    verify.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    from mockserver.verify.conversation import EndedError, NoAnswerError

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)  # the run tells its rows before it ends
    try:
        return _run(options)
    except WrongUseError as error:
        print_error(str(error))
    except (NoAnswerError, EndedError) as error:
        print_error(f"--url: nothing could be compared: {error}")
    except KeyboardInterrupt:
        print_error("interrupted while it looked at the office: nothing was compared, and nothing was written")
        return INTERRUPTED
    return WRONG_USE


def _run(options: argparse.Namespace) -> int:
    from mockserver.verify.plan_text import as_text
    from mockserver.verify.run import Allowance, NoSuchClaimError, Run

    pace = None if options.pace == AUTO else options.pace
    allowance = Allowance(claim=options.claim, may_create=options.may_create or 0, pace=pace)
    contract = contract_of(options)  # once, since a file of --observed may be a pipe
    run = Run(client_of(options), contract, wanted_rules(options, contract), allowance)
    try:
        run.survey()
    except NoSuchClaimError as error:
        raise WrongUseError(str(error)) from None
    if run.conversation.is_mock and options.save:
        raise WrongUseError(f"--save: {_MOCK}")
    if options.plan:
        print_output(as_text(run.plan, run.facts, verbose=options.verbose))
        return FINE
    run.play(_progress)
    return _conclude(options, run)


def _conclude(options: argparse.Namespace, run: "Run") -> int:
    from mockserver.verify import observation_file, report
    from mockserver.verify.report_text import as_text

    found = report.report_of(run, datetime.now().astimezone())
    lines = [as_text(found, verbose=options.verbose)]
    lines += (textwrap.fill(line, 80, subsequent_indent="  ") for line in _rows(run))
    forms = {"--save": observation_file.as_yaml, "--junit": report.as_junit, "--ctrf": report.as_ctrf,
             "--report": report.as_json}  # fmt: skip
    do_all(
        lambda: print_output("\n".join(lines)),
        lambda: _warn(run),
        lambda: write_files(options, {flag: partial(form, found) for flag, form in forms.items()}),
    )
    if run.is_interrupted:
        return INTERRUPTED
    if not found.compared:
        return WRONG_USE
    return FINDINGS if found.contradictions or found.served else FINE


def _warn(run: "Run") -> None:
    if run.status_has_moved:
        print_error("the claim's own status (CustomTracking) has changed during the run")


def _rows(run: "Run") -> Iterable[str]:
    """Yield lines on the rows that stay in the office. Only a terminal gets their numbers, not a report."""
    traces = run.traces
    if traces is None:
        return
    lists = {
        "Rows that stay there, with a Note that says so": traces.marked,
        "Rows that stay there, without such a Note": traces.named,
        "Rows that are new there since the run began, and may be of others": traces.others,
    }
    for words, numbers in lists.items():
        if numbers:
            yield f"{words} (ClaimTrackingNum): {', '.join(map(str, numbers))}"
    if traces.missing:
        yield (f"Creates of which nobody knows whether they left a row: {traces.missing}. Look for the Note"
               f" {run.own.note!r}.")  # fmt: skip
    if not traces.is_compared:
        yield f"The office's list could not be compared at the end. Look for the Note {run.own.note!r}."


def _progress(number: int, count: int, case: str) -> None:
    """Print one line that says where the run is, on a terminal."""
    if sys.stderr.isatty():
        text = f"{number + 1} of {count}: {case}"
        print_note(f"\r{text[:78]:<78}\r")
