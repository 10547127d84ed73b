"""Judge: the outcome of a case, given the office's response."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mockserver.contract.cases import Case, filled
from mockserver.contract.expectation import Expectation
from mockserver.http_client import Answer
from mockserver.observations.observation import DIFFERS, HOLDS, MASKED, NOT_TRIED
from mockserver.observations.vocabulary import Vocabulary
from mockserver.verify.matching import Context, is_vacuous, mismatch

# Names of tables in explanations, and the columns that explanations about the same thing name.
_COLUMNS = {
    "Claim": ("ClaimNum",), "ClaimTracking": ("ClaimTrackingNum",), "Patient": ("PatNum",),
    "Definition": ("TrackingDefNum", "TrackingErrorDefNum", "DefNum", "Category", "category"),
    "Preference": ("PrefName",), "category": ("Category",),
}  # fmt: skip
_SUBJECT = re.compile(r"'?([A-Za-z]\w*)'? (?:\d+ )?(?:is |not found|does not|format |cannot |names |must )")
_ANOTHER_STATUS = "the office did not refuse the request that would have shown it, or with another status"
_VERSION = re.compile(r"\w+ [A-Z]+ was added in version .*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The outcome of a case. `variant` is the variant of its rule that the office has shown, if it is a known one.

    `text` is the explanation as a template of the known vocabulary. `why` says what was not as expected, or why nothing
    was seen, without any value of a response.
    """

    outcome: str
    variant: str = ""
    status: int = 0
    text: str | None = None
    why: str = ""


def judge(case: Case, answer: Answer, value: Any, context: Context, vocabulary: Vocabulary) -> Judgement:
    """Return the outcome of a case. `value` is the JSON of the response, as far as it may be kept."""
    status, text = answer.status, _known_text(case, answer, context, vocabulary)
    if case.seen.status and case.seen.status != status:
        return Judgement(outcome=NOT_TRIED, status=status, why=_ANOTHER_STATUS)
    found = mismatch(case.expect, answer, value, context)
    if not found:
        if _is_masked(case, case.expect, answer, context):
            return Judgement(outcome=MASKED, status=status, text=text, why="another check answered first")
        unseen = is_vacuous(case.seen, value)
        if unseen:
            return Judgement(outcome=NOT_TRIED, status=status, why=unseen)
        return Judgement(outcome=HOLDS, status=status, text=text)
    for variant, expectation in case.otherwise.items():
        if not mismatch(expectation, answer, value, context):
            if _is_masked(case, expectation, answer, context):
                break
            return Judgement(outcome=DIFFERS, variant=variant, status=status, text=text, why=found)
    if status >= 400 and _is_about_something_else(case, answer, _texts(case, context)):
        return Judgement(outcome=MASKED, status=status, text=text, why="another check answered first")
    return Judgement(outcome=DIFFERS, status=status, text=text, why=found)


def _known_text(case: Case, answer: Answer, context: Context, vocabulary: Vocabulary) -> str | None:
    if answer.status < 400 or answer.explanation is None:
        return None
    names = {name: str(filled(value, context.facts)) for name, value in case.names.items()}
    return vocabulary.template_of(answer.explanation, names)


def _is_masked(case: Case, expectation: Expectation, answer: Answer, context: Context) -> bool:
    """Return whether a refusal of the right status is about something else than the refusal that the case wants."""
    if min(expectation.status, case.expect.status) < 400 or not any(subjects(text) for text in _texts(case, context)):
        return False
    return _is_about_something_else(case, answer, _texts(case, context))


def _is_about_something_else(case: Case, answer: Answer, texts: Iterable[str]) -> bool:
    explanation = answer.explanation or ""
    if _VERSION.fullmatch(explanation):
        return not case.rules[0].endswith(".version")
    found = subjects(explanation)
    of_case = set(case.rules[0].split(".")).union(*map(subjects, texts))
    return bool(found) and not found & of_case


def _texts(case: Case, context: Context) -> list[str]:
    return [filled(one.text, context.facts) for one in (case.expect, *case.otherwise.values()) if one.text]


def subjects(text: str) -> set[str]:
    """Return the columns that an explanation may be about."""
    found = _SUBJECT.match(text)
    if found is None or not found[1][:1].isupper() or found[1] == "The":
        return set()
    return {found[1], *_COLUMNS.get(found[1], ())}
