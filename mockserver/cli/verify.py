"""Command `opendental-mock verify`: compare a real office with the contract, rule by rule."""

import argparse
import secrets
import signal
import sys
import textwrap
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from mockserver.cli.files import CannotWrite, write_file
from mockserver.cli.flags import Flags
from mockserver.cli.output import FINDINGS, FINE, INTERRUPTED, WRONG_USE, Commands, print_error, print_output
from mockserver.cli.verify_input import WrongUseError, client_of, contract_of, wanted_rules
from mockserver.settings.checks import AUTO
from mockserver.settings.commands import VERIFY

if TYPE_CHECKING:
    from mockserver.verify.client import OfficeClient
    from mockserver.verify.conversation import Conversation
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
    from mockserver.verify.conversation import KeysRefusedError, NoAnswerError

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)  # the run tells its rows before it ends
    try:
        return _run(options, wanted_rules(options))
    except (WrongUseError, CannotWrite) as error:
        print_error(str(error))
    except (NoAnswerError, KeysRefusedError) as error:
        print_error(f"--url: nothing could be compared: {error}")
    return WRONG_USE


def _run(options: argparse.Namespace, rules: set[str]) -> int:
    from mockserver.contract.case_files import shipped_cases
    from mockserver.verify.conversation import REMOTE_PACE, Conversation
    from mockserver.verify.look import look, look_at_mock
    from mockserver.verify.own_rows import OwnRows
    from mockserver.verify.plan import plan
    from mockserver.verify.plan_text import as_text
    from mockserver.verify.run import Run

    client = client_of(options)
    pace = options.pace if options.pace != AUTO else 0.0 if client.is_local else REMOTE_PACE
    conversation = Conversation(client, pace=pace)
    may_create = options.may_create or 0
    note = f"opendental-mock verify {datetime.now():%Y%m%d}-{secrets.token_hex(2)}, may be ignored"
    facts = look(conversation, options.claim, note)
    if look_at_mock(conversation, facts, is_local=client.is_local) and options.save:
        raise WrongUseError(f"--save: {_MOCK}")
    custom = _custom_tracking(conversation, options.claim)
    planned = plan(shipped_cases(), rules, facts, may_create=may_create, pace=pace)
    if options.plan:
        print_output(as_text(planned, facts, verbose=options.verbose))
        return FINE
    run = Run(conversation, contract_of(options), facts, planned, OwnRows(conversation, facts, may_create))
    run.play(_progress)
    _warn(conversation, options.claim, custom, run)
    return _conclude(options, run, rules, client)


def _conclude(options: argparse.Namespace, run: "Run", rules: Collection[str], client: "OfficeClient") -> int:
    from mockserver.verify import observation_file, report
    from mockserver.verify.report_text import as_text

    mode = "local" if client.is_local else "remote"
    found = report.report_of(run, rules, datetime.now().astimezone(), mode=mode)
    print_output(as_text(found, verbose=options.verbose))
    _tell_rows(run)
    files = {"--save": observation_file.as_yaml, "--junit": report.as_junit, "--ctrf": report.as_ctrf,
             "--report": report.as_json}  # fmt: skip
    for flag, text in files.items():
        file = getattr(options, flag[2:])
        if file:
            write_file(flag, file, text(found))
    if run.is_interrupted:
        return INTERRUPTED
    if not found.compared:
        return WRONG_USE
    return FINDINGS if found.contradictions else FINE


def _tell_rows(run: "Run") -> None:
    """Print the rows that stay in the office. Only a terminal gets their numbers, not a report."""
    if run.own.rows:
        numbers = ", ".join(map(str, run.own.rows))
        told = f"Rows that stay there, with a Note that says so (ClaimTrackingNum): {numbers}"
        print_output(textwrap.fill(told, 80, subsequent_indent="  "))
    if run.own.lost:
        print_output(f"Creates without a response, which may have left a row: {run.own.lost}. Look for the Note"
                     f" {run.own.note!r}.")  # fmt: skip


def _custom_tracking(conversation: "Conversation", claim: int | None) -> object:
    """Return the status of the claim itself, or None if the office does not tell it. Raises WrongUseError."""
    if claim is None:
        return None
    answer = conversation.ask(f"/api/v1/claims/{claim}")
    if answer.status == 404:
        raise WrongUseError(f"--claim {claim}: the office has no such claim")
    return answer.value.get("CustomTracking") if isinstance(answer.value, dict) else None


def _warn(conversation: "Conversation", claim: int | None, custom: object, run: "Run") -> None:
    """Print a warning if the claim's own status is another than before the run."""
    from mockserver.verify.conversation import KeysRefusedError, NoAnswerError

    if custom is None or not run.own.rows or run.ended:
        return
    try:
        changed = _custom_tracking(conversation, claim) != custom
    except (NoAnswerError, KeysRefusedError, WrongUseError):
        return
    if changed:
        print_error("the claim's own status (CustomTracking) has changed during the run")


def _progress(number: int, count: int, case: str) -> None:
    """Print one line that says where the run is, on a terminal."""
    if sys.stderr.isatty():
        text = f"{number + 1} of {count}: {case}"
        print(f"\r{text[:78]:<78}\r", end="", file=sys.stderr, flush=True)
