"""Report of a run as text for a terminal."""

from collections.abc import Iterator, Sequence

from mockserver.contract.standings import STANDINGS
from mockserver.messages import number_of
from mockserver.observations.observation import DIFFERS, HOLDS, MASKED, NOT_TRIED, OUTCOMES
from mockserver.reports.report_text import wrapped
from mockserver.syntax.text import printable
from mockserver.verify.outcome import RuleOutcome, counts
from mockserver.verify.plan import without_state
from mockserver.verify.report import VerifyReport, sentence

_INDENT = " " * 6


def as_text(report: VerifyReport, *, verbose: bool = False) -> str:
    """Return the report for a terminal of 80 columns. The last line says what follows from it."""
    lines = [*_details(report, verbose=verbose), *_table(report), *_conclusion(report)]
    return "\n".join(map(printable, lines))


def _details(report: VerifyReport, *, verbose: bool) -> Iterator[str]:
    contradicting = report.contradictions
    differing = [one for one in report.outcomes if one.outcome == DIFFERS and one not in contradicting]
    known = [one for one in differing if one.is_accepted or one.before is not None]
    yield from _section("Differs from what is documented or was observed", contradicting)
    yield from _section("Differs from what was assumed", [one for one in differing if one not in known])
    yield from _section("Holds now, and differed before", [one for one in report.outcomes if one.is_repaired])
    if known:
        yield f"Differs as before, or as the baseline accepts: {number_of(len(known), 'rule')}"
        yield ""
    yield from _section("Masked", [one for one in report.outcomes if one.outcome == MASKED])
    if verbose:
        yield from _section("Holds", [one for one in report.outcomes if one.outcome == HOLDS])
        yield from _section("Not tried", [one for one in report.outcomes if one.outcome == NOT_TRIED])
        return
    reasons = [without_state(one.why) for one in report.outcomes if one.outcome == NOT_TRIED]
    if reasons:
        yield "Not tried (--verbose names the rules):"
        for reason in sorted(set(reasons), key=lambda reason: -reasons.count(reason)):
            first, *more = wrapped(reason, " " * 8)
            yield f"{reasons.count(reason):>6}{first[6:]}"
            yield from more
        yield ""


def _section(title: str, found: Sequence[RuleOutcome]) -> Iterator[str]:
    if not found:
        return
    yield f"{title}: {number_of(len(found), 'rule')}"
    for one in found:
        yield f"  {one.rule.id:<58} {one.rule.standing}"
        yield from wrapped(one.rule.says, _INDENT)
        if one.outcome != HOLDS:
            yield from wrapped(f"There: {sentence(one)}", _INDENT)
    yield ""


def _table(report: VerifyReport) -> Iterator[str]:
    yield f"{'':<14}" + "".join(f"{outcome:>11}" for outcome in OUTCOMES)
    for standing in STANDINGS:
        of_it = [one for one in report.outcomes if one.rule.standing == standing]
        yield f"  {standing:<12}" + "".join(f"{count or '-':>11}" for count in counts(of_it).values())
    yield ""


def _conclusion(report: VerifyReport) -> Iterator[str]:
    if report.ended:
        yield f"The run ended early: {report.ended}."
    if report.served:
        text = f"The office has served a probe, and may have written a row: {report.served}. No further one was sent."
        yield from wrapped(text, "")
    if report.is_mock:
        yield "A mock answers there, not an office."
    yield f"Office of version {report.version}, asked {number_of(report.requests, 'time')}."
    if report.not_asked:
        count = number_of(sum(report.not_asked.values()), "rule")
        yield from wrapped(f"Not asked (--resource): {count} of {', '.join(report.not_asked)}.", "")
    if not report.compared:
        yield "Nothing could be compared."
    elif report.contradictions:
        yield f"Contradicted, although documented or observed: {number_of(len(report.contradictions), 'rule')}."
    else:
        yield "Nothing that is documented or was observed is contradicted."
