"""Plan as text: the cases that would be played, what each needs, and what the run would cost."""

import textwrap
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from mockserver.contract.cases import TIERS
from mockserver.messages import number_of
from mockserver.syntax.text import printable
from mockserver.verify.facts import Facts
from mockserver.verify.plan import Plan, Planned, needs_of, without_state

WIDTH = 80
NOTHING: Mapping[str, Plan] = MappingProxyType({})
_TITLES = {
    "read": "Reads",
    "probe": "Probes, which cannot write, whatever the response",
    "write": "Writes, and refusals of requests that would write if they were served",
    "manual": "Not from here",
}


def as_text(plan: Plan, facts: Facts, choices: Mapping[str, Plan] = NOTHING, *, verbose: bool = False) -> str:
    """Return the plan for a terminal of 80 columns, with those of other `choices` of resources."""
    return "\n".join(map(printable, [*_cases(plan, verbose=verbose), *_choices(choices), *_sum(plan, facts)]))


def _cases(plan: Plan, *, verbose: bool) -> Iterator[str]:
    for tier in TIERS:
        of_tier = [one for one in plan.cases if one.case.tier == tier]
        played = [one for one in of_tier if not one.reason]
        if not of_tier:
            continue
        yield f"{_TITLES[tier]}: {len(played)} of {number_of(len(of_tier), 'case')}"
        for one in played:
            needs = ", ".join(needs_of(one.case))
            yield f"  {one.case.id}" + (f"  (needs {needs})" if needs else "")
        yield from _left_out([one for one in of_tier if one.reason], verbose=verbose)
        yield ""


def _left_out(cases: list[Planned], *, verbose: bool) -> Iterator[str]:
    reasons = [one.reason if verbose else without_state(one.reason) for one in cases]
    for reason in dict.fromkeys(reasons):
        text = f"{number_of(reasons.count(reason), 'case')} not played: {reason}"
        yield from textwrap.wrap(text, WIDTH, initial_indent="  - ", subsequent_indent="    ")
        if verbose:
            yield from (f"      {one.case.id}" for one in cases if one.reason == reason)


def _choices(choices: Mapping[str, Plan]) -> Iterator[str]:
    if not choices:
        return
    yield f"  {'--resource, at most':<32}{'cases':>8}{'requests':>10}"
    for name, plan in choices.items():
        yield f"  {name:<32}{len(plan.played):>8}{plan.requests:>10}"
    yield ""


def _sum(plan: Plan, facts: Facts) -> Iterator[str]:
    yield f"Office of version {facts.values.get('version', 'unknown')}."
    if plan.rows < plan.creates:
        yield f"--may-create allows {plan.rows} creates; all cases need {plan.creates}."
    if plan.rows:
        yield (f"Rows that would stay in the office: {plan.expected_rows}, and at most {plan.rows} if the office serves"
               " what the contract refuses.")  # fmt: skip
    else:
        yield "No row would be written."
    minutes, seconds = divmod(plan.seconds, 60)
    yield (f"{number_of(len(plan.played), 'case')}, about {number_of(plan.requests, 'request')}, about"
           f" {f'{minutes} min ' if minutes else ''}{seconds} s.")  # fmt: skip
    yield "Only the GET requests of the survey were sent."
