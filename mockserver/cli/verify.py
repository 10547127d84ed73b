"""Command `opendental-mock verify`: compare a real office with the contract, rule by rule."""

import argparse
import signal
import sys
import textwrap
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from mockserver.cli.files import write_files
from mockserver.cli.flags import Flags
from mockserver.cli.github import append_summary
from mockserver.cli.output import (
    FINDINGS,
    FINE,
    INTERRUPTED,
    NOT_MEASURED,
    CommandFailed,
    Commands,
    do_all,
    print_error,
    print_note,
    print_output,
)
from mockserver.cli.verify_input import client_of, observations_of, wanted_rules
from mockserver.contract.contract import shipped_contract
from mockserver.observations.observation import observed
from mockserver.settings.checks import AUTO
from mockserver.settings.commands import VERIFY
from mockserver.web.signals import OF_TERMINAL

if TYPE_CHECKING:
    from mockserver.verify.plan import Plan
    from mockserver.verify.run import Run

_MINUTE = 60.0
_MOCK = "a mock answers there, not an office; nothing is saved from it"


def add(commands: Commands) -> None:
    """Add the command."""
    verify = commands.add_parser(
        "verify",
        help="compare a real office with the contract, rule by rule",
        description="Send the cases of the contract to an office, one request at a time, and print for each rule"
        " whether the office holds to it. Only reads, and requests that cannot write, are sent, unless --claim and"
        " --may-create allow rows. The exit code is 0 if nothing is contradicted, 1 if a rule that is documented or was"
        " observed differs, 3 if nothing could be measured, or less than was asked for, and 2 for wrong use.",
        epilog="example: opendental-mock verify --plan --claim 15 --may-create 20",
    )
    Flags(verify, VERIFY)
    verify.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    from mockserver.verify.conversation import EndedError, NoAnswerError

    for number in (*OF_TERMINAL, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)  # the run tells its rows before it ends
    try:
        return _run(options)
    except (NoAnswerError, EndedError) as error:
        print_error(f"--url: nothing could be compared: {error}")
        return NOT_MEASURED
    except KeyboardInterrupt:
        print_error("interrupted during the survey of the office: nothing was compared, and nothing was written")
        return INTERRUPTED


def _run(options: argparse.Namespace) -> int:
    from mockserver.verify.plan_text import as_text
    from mockserver.verify.run import Allowance, NoSuchClaimError, Run

    pace = None if options.pace == AUTO else options.pace
    allowance = Allowance(claim=options.claim, may_create=options.may_create or 0, pace=pace)
    before = observations_of("--observed", options.observed)  # once, since a file may be a pipe
    accepted = observations_of("--baseline", options.baseline)
    contract = observed(shipped_contract(), before)
    rules = wanted_rules(options, contract)
    run = Run(client_of(options), contract, rules, allowance, before=before.rules, accepted=accepted.rules)
    try:
        run.survey()
    except NoSuchClaimError as error:
        raise CommandFailed(str(error)) from None
    if run.conversation.is_mock and options.save:
        raise CommandFailed(f"--save: {_MOCK}")
    if options.plan:
        print_output(as_text(run.plan, run.facts, _choices(options, run), verbose=options.verbose))
        return FINE
    run.play(Progress())
    return _conclude(options, run)


def _choices(options: argparse.Namespace, run: "Run") -> dict[str, "Plan"]:
    """Return the plan of each resource that can be chosen, unless the user has named rules."""
    from mockserver.verify.plan import DEFAULT, choices, only

    if options.rule or options.last_failed or options.not_tried:
        return {}
    rules = run.contract.rules
    named = {f"without it: {', '.join(DEFAULT)}": DEFAULT, **{name: (name,) for name in choices(rules)}}
    return {
        name: run.estimate(only(rules, standings=options.only, ids=(), resources=resources))
        for name, resources in named.items()
    }


def _conclude(options: argparse.Namespace, run: "Run") -> int:
    from mockserver.verify import observation_file, report
    from mockserver.verify.report_text import as_text

    found = report.report_of(run, datetime.now().astimezone())
    lines = [as_text(found, verbose=options.verbose)]
    if asked := sorted({*options.rule} & {*found.not_measured}):
        lines.append(f"Asked for, and not measured: {', '.join(asked)}")
    lines += (textwrap.fill(line, 80, subsequent_indent="  ") for line in _rows(run))
    forms = {"--save": observation_file.as_yaml, "--junit": report.as_junit, "--ctrf": report.as_ctrf,
             "--report": report.as_json}  # fmt: skip
    do_all(
        lambda: print_output("\n".join(lines)),
        lambda: _warn(run),
        lambda: append_summary(f"## opendental-mock verify\n\n```text\n{as_text(found)}\n```\n"),
        lambda: write_files(options, {flag: partial(form, found) for flag, form in forms.items()}),
    )
    if run.is_interrupted:
        return INTERRUPTED
    if found.contradictions or found.served:
        return FINDINGS
    is_measured = found.compared and not found.ended and not {*options.rule} & {*found.not_measured}
    return FINE if is_measured else NOT_MEASURED


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
        "Rows that are new since the run began, perhaps written by others": traces.others,
    }
    for words, numbers in lists.items():
        if numbers:
            yield f"{words} (ClaimTrackingNum): {', '.join(map(str, numbers))}"
    if traces.missing:
        yield (f"Creates whose outcome is unknown: {traces.missing}. Look for the Note"
               f" {run.own.note!r}.")  # fmt: skip
    if not traces.is_compared:
        yield f"The office's list could not be compared at the end. Look for the Note {run.own.note!r}."


class Progress:
    """Lines that say where the run is: one that changes on a terminal, and elsewhere one a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = self._told = clock()

    def __call__(self, number: int, count: int, case: str) -> None:
        """Tell that case `number` (from 0) of `count` begins."""
        now = self._clock()
        left = round((now - self._began) / number * (count - number)) if number else 0
        text = f"{number + 1} of {count}{f', about {left // 60} min {left % 60} s left' if number else ''}: {case}"
        if sys.stderr.isatty():
            print_note(f"\r{text[:78]:<78}\r")
        elif now - self._told >= _MINUTE:
            self._told = now
            print_error(text)
