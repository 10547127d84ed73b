"""Observations: how offices answered, which answer to each rule counts, and the contract with these answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from mockserver.contract.contract import Contract
from mockserver.contract.rules import Rule
from mockserver.contract.standings import OBSERVED
from mockserver.syntax.diagnostics import Diagnostic, Position

OUTCOMES = HOLDS, DIFFERS, MASKED, NOT_TRIED = "holds", "differs", "masked", "not tried"
"""The results of a comparison. Masked: an earlier check of the office answered first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was observed of one rule.

    `outcome` is one of OUTCOMES. `variant` is the one that the office plays: "" if the rule holds, and if no known
    variant fits. `status` and `text` are those of the response; the text is one of the vocabulary, or "". `form` is the
    form of the body of a refusal that is no known variant, and `rows` the number of rows in a page, if the rule tells
    another one. `why` is the reason of a rule that was not tried.
    """

    rule: str
    outcome: str
    variant: str = ""
    status: int | None = None
    text: str = ""
    form: str = ""
    rows: int = 0
    why: str = ""

    @property
    def is_unknown(self) -> bool:
        """Return whether the office behaves in a way that is not a variant of the rule."""
        return self.outcome == DIFFERS and not self.variant

    @property
    def shown(self) -> str:
        """Return the observation for messages: `differs: refused, 400, Limit is invalid.`"""
        form = f"body: {self.form}" if self.form else ""
        rows = f"rows: {self.rows}" if self.rows else ""
        details = [str(one) for one in (self.variant, self.status, self.text, form, rows) if one]
        return f"{self.outcome}: {', '.join(details)}" if details else self.outcome

    def contradicts(self, other: "Observation") -> bool:
        """Return whether the two have another outcome, variant, status, text, form or number of rows.

        What one leaves out is not compared.
        """
        return (
            (self.outcome, self.variant if self.outcome == DIFFERS else "")
            != (other.outcome, other.variant if other.outcome == DIFFERS else "")
            or (None not in (self.status, other.status) and self.status != other.status)
            or ("" not in (self.text, other.text) and self.text != other.text)
            or ("" not in (self.form, other.form) and self.form != other.form)
            or (0 not in (self.rows, other.rows) and self.rows != other.rows)
        )

    def is_playable(self, rule: Rule) -> bool:
        """Return whether a mock can answer so: a known variant, another status and text of a refusal, another page."""
        is_refusal = min(self.status or 0, rule.status) >= 400 and self.form in ("", "json")
        is_page = min(self.rows, rule.rows) > 0 and self.status in (None, rule.status)
        return not self.is_unknown or is_refusal or is_page


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationFile:
    """The observations of one file: those of one office (`version`, `mode`) on one `date` (`yyyy-MM-dd`).

    `file` is its name, and `lines` are the positions of its rules, for messages. `unplayable` are the rules whose
    outcome no mock can play.
    """

    date: str
    version: str
    rules: tuple[Observation, ...]
    mode: str = ""
    preference: Mapping[str, object] = field(default_factory=dict)
    tool: str = ""
    file: str = ""
    lines: Mapping[str, Position] = field(default_factory=dict)
    unplayable: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """Return the office's version and the date, as the standing of a rule shows them: `25.4.48, 2026-11-24`."""
        return f"{self.version}, {self.date}"


class Observations:
    """The observations of several files. Of two files with an outcome for a rule, the newer one counts.

    Of two files with one date the later one counts.
    """

    def __init__(self, files: Iterable[ObservationFile] = ()) -> None:
        self.files = tuple(sorted(files, key=lambda file: file.date))
        self.warnings: list[Diagnostic] = []
        """The contradictions between files, and what is not played, at their positions."""
        self.rules: dict[str, Observation] = {}
        """The observation that counts for each rule that was decided."""
        self.labels: dict[str, str] = {}
        """The version and date of each of them."""
        self._contradictions: list[str] = []
        decided: dict[str, ObservationFile] = {}
        for file in self.files:
            for one in file.rules:
                if one.outcome in (HOLDS, DIFFERS):  # the behaviour of the office was seen
                    self._add(one, file, decided.get(one.rule))
                    decided[one.rule] = file

    def __add__(self, other: "Observations") -> "Observations":
        """Return the observations of both."""
        return Observations((*self.files, *other.files))

    @property
    def contradictions(self) -> list[str]:
        """Return a line for each rule that two files say different things about."""
        return list(self._contradictions)

    def _add(self, new: Observation, file: ObservationFile, before: ObservationFile | None) -> None:
        old = self.rules.get(new.rule)
        if old is not None and before is not None and old.contradicts(new):
            line = f"{new.rule}: {old.shown} in {before.file} ({before.label}), and {new.shown} in {file.file}"
            line += f" ({file.label}), which counts"
            self._contradictions.append(line)
            self.warnings.append(_warning(file, new.rule, line))
        if new.rule in file.unplayable:
            line = f"{new.rule}: {new.shown}; that is not a known variant, and is not played"
            self.warnings.append(_warning(file, new.rule, line))
        elif new.is_unknown and not new.text and not new.rows:
            line = f"{new.rule}: {new.shown}; the status is played, and the text is not, since it is not a known one"
            self.warnings.append(_warning(file, new.rule, line))
        self.rules[new.rule], self.labels[new.rule] = new, file.label


def _warning(file: ObservationFile, rule: str, message: str) -> Diagnostic:
    line, column = file.lines.get(rule, (1, 1))
    return Diagnostic(file.file, line, column, message, is_warning=True)


def observed(contract: Contract, observations: Observations) -> Contract:
    """Return the contract whose rules are as they were observed: variant, text of the refusal, and standing."""
    if not observations.rules:
        return contract
    rules = [
        _observed(contract.rules[observation.rule], observation, observations.labels[observation.rule])
        for observation in observations.rules.values()
        if observation.is_playable(contract.rules[observation.rule])
    ]
    return Contract(contract.folders, contract.schemas, contract.rules.observe(rules))


def _observed(rule: Rule, observation: Observation, label: str) -> Rule:
    """Return the rule with the variant that was observed. A rule that holds is played as it stands."""
    name = observation.variant or rule.default
    played = rule.variants[name] if name != rule.default else rule
    if observation.is_unknown:
        says = rule.says.replace(str(rule.rows), str(observation.rows)) if observation.rows else rule.says
        played = replace(rule, status=observation.status or rule.status, says=says)
        rule = replace(rule, rows=observation.rows)
    return replace(
        rule, status=played.status, says=played.says, standing=OBSERVED, played=name, observed=label,
        text=observation.text or played.text, own_text=played.text, consequence=played.consequence,
    )  # fmt: skip
