"""Judge: the outcome of a case, given the office's response."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.contract.cases import Case, filled
from mockserver.contract.expectation import Expectation
from mockserver.http_client import Answer
from mockserver.observations.observation import DIFFERS, HOLDS, MASKED, NOT_TRIED
from mockserver.observations.vocabulary import Vocabulary
from mockserver.verify.matching import Context, is_vacuous, mismatch

# Names in explanations, and the columns besides the key of the table that explanations about the same thing name.
_COLUMNS = {
    "Definition": ("TrackingDefNum", "TrackingErrorDefNum", "Category", "category"), "Preference": ("PrefName",),
    "category": ("Category",),
}  # fmt: skip
_SUBJECT = re.compile(r"'?([A-Za-z]\w*)'? (?:\d+ )?(?:is |not found|does not|format |cannot |names |must )")
_ANOTHER_STATUS = "the office did not refuse the request that would have shown it, or with another status"
_ANOTHER_CHECK = "another check answered first"
_NO_EXPLANATION = "the refusal has no explanation of the API"
_NO_STATUS = "the claim has that status already, or the office does not tell its CustomTracking"
_VERSION = re.compile(r"\w+ [A-Z]+ was added in version .*")
_TOO_OLD = "the office says that its version does not have the method"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The outcome of a case. `variant` is the variant of its rule that the office has shown, if it is a known one.

    `text` is the explanation as a template of the known vocabulary, and `form` the form of the body of a refusal.
    `rows` is the number of rows in a page of another size. `why` says what was not as expected, or why nothing was
    seen, without any value of a response. `case` is the id of the case, and `request` its request as a template.
    """

    outcome: str
    variant: str = ""
    status: int = 0
    text: str | None = None
    form: str = ""
    rows: int = 0
    why: str = ""
    case: str = ""
    request: str = ""


def judge(case: Case, answer: Answer, value: Any, context: Context, vocabulary: Vocabulary) -> Judgement:
    """Return the outcome of a case. `value` is the JSON of the response, as far as it may be kept.

    A refusal masks a case that expects another refusal. A request that the contract serves differs if it is refused.
    """
    status, wording = answer.status, _Wording(case, context, vocabulary)
    is_refusal = status >= 400
    text = wording.template_of(answer.explanation) if is_refusal else None
    form = answer.form if is_refusal else ""

    def outcome(kind: str, why: str = "", variant: str = "") -> Judgement:
        rows = len(value) if kind == DIFFERS and case.expect.rows and isinstance(value, list) else 0
        return Judgement(outcome=kind, variant=variant, status=status, text=text, form=form, rows=rows, why=why)

    nothing = _why_nothing(case, answer, value, context)
    if nothing:
        return outcome(NOT_TRIED, nothing)
    is_elsewhere = is_refusal and case.expect.status >= 400 and wording.is_of_another(case.expect, answer)
    why = mismatch(case.expect, answer, value, context)
    unseen = "" if is_refusal else is_vacuous(case.seen, value)
    if unseen and (not why or case.seen.only):
        return outcome(NOT_TRIED, unseen)
    if not why and not is_elsewhere:
        return outcome(HOLDS)
    for variant, expectation in case.otherwise.items():
        is_it = not mismatch(expectation, answer, value, context)
        if is_it and not is_elsewhere and wording.fits(expectation, answer):
            return outcome(DIFFERS, why, variant)
    return outcome(MASKED, _ANOTHER_CHECK) if is_elsewhere else outcome(DIFFERS, why)


def _why_nothing(case: Case, answer: Answer, value: Any, context: Context) -> str:
    """Return why a response proves nothing, whatever the case expects."""
    if case.seen.status and case.seen.status != answer.status:
        return _ANOTHER_STATUS
    if answer.status >= 400:
        if answer.explanation is None and not case.expect.form:
            return f"{_NO_EXPLANATION} (status {answer.status})"
        is_old = _VERSION.fullmatch(answer.explanation or "") and not case.rules[0].endswith(".version")
        return _TOO_OLD if is_old else ""
    if case.expect.custom_tracking and not context.custom_tracking:
        return _NO_STATUS
    if context.is_list is True and not (isinstance(value, list) and all(isinstance(row, dict) for row in value)):
        return "the response is not a list of rows"
    is_empty = case.expect.headers.get("Content-Length") == "0"
    is_row = isinstance(value, dict) or is_empty
    return "the response is not one row" if context.is_list is False and not is_row else ""


class _Wording:
    """What the refusals of a case say, with the names of its request."""

    def __init__(self, case: Case, context: Context, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._names = {name: str(filled(value, context.facts)) for name, value in case.names.items()}
        self._texts = [filled(one.text, context.facts) for one in case.expectations if one.text]
        self._wanted = set(case.rules[0].split(".")).union(*map(self._about, self._texts), self._names.values())

    def template_of(self, explanation: str | None) -> str | None:
        """Return the known template of an explanation."""
        return None if explanation is None else self._vocabulary.template_of(explanation, self._names)

    def fits(self, expectation: Expectation, answer: Answer) -> bool:
        """Whether a refusal that fits a variant says what that, or the rule, would say. 401 says it by itself."""
        if expectation.status < 400 or expectation.status == 401 or expectation.form:
            return True
        told = (answer.explanation or "").removesuffix(".")
        if told in {own.removesuffix(".") for own in self._texts}:
            return True
        about = self._about(told)
        if about:
            return bool(about & self._wanted)
        return self.template_of(answer.explanation) is not None and not self._texts

    def is_of_another(self, expectation: Expectation, answer: Answer) -> bool:
        """Whether a refusal is about something else than the refusal that the case wants."""
        about = self._about(answer.explanation or "")
        is_right = answer.status == expectation.status and not any(map(self._about, self._texts))
        return bool(about) and not about & self._wanted and not is_right

    def _about(self, text: str) -> set[str]:
        return subjects(text, self._vocabulary.columns | {*self._names.values()}, self._vocabulary.types)


def subjects(text: str, columns: Collection[str], types: Mapping[str, str]) -> set[str]:
    """Return the columns that an explanation may be about: known ones, the key of a table, or a name in quotes."""
    found = _SUBJECT.match(text)
    name = found[1] if found else ""
    if not name or not (name in columns or name in types or name in _COLUMNS or text.startswith("'")):
        return set()
    return {name, types.get(name, name), *_COLUMNS.get(name, ())}
