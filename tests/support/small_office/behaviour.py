"""Behaviour: the choices, texts and deviations of one office, and its refusals."""

from collections.abc import Iterable, Mapping

from support.small_office.choices import CHOICES, OFFICE_DEFAULTS
from support.small_office.deviations import DEVIATIONS


class Refused(Exception):
    """A request that is refused: the rule, the status, and the explanation."""

    def __init__(self, rule: str, status: int, text: str) -> None:
        super().__init__(text)
        self.rule, self.status, self.text = rule, status, text


class Behaviour:
    """What an office does where offices can differ.

    `choices` are variants by rule, over the defaults. `texts` are explanations by rule, in place of the usual ones.
    Raises ValueError for a rule, variant or deviation that does not exist.
    """

    def __init__(self, choices: Mapping[str, str], texts: Mapping[str, str], deviations: Iterable[str]) -> None:
        for rule, variant in choices.items():
            if variant not in CHOICES.get(rule, ()):
                raise ValueError(f"{rule}: {variant!r} is not one of {CHOICES.get(rule, 'the known rules')}")
        unknown = set(deviations) - DEVIATIONS.keys()
        if unknown:
            raise ValueError(f"there is no deviation {sorted(unknown)}")
        self._chosen = {**OFFICE_DEFAULTS, **choices}
        self._texts = dict(texts)
        self._deviations = frozenset(deviations)

    def chooses(self, rule: str, variant: str) -> bool:
        """Return whether the office answers to `rule` as `variant` says. Raises ValueError for an unknown variant."""
        if variant not in CHOICES[rule]:
            raise ValueError(f"{rule} has no variant {variant}")
        return self._chosen[rule] == variant

    def may(self, rule: str, variant: str) -> bool:
        """Return whether `rule` is one with choices, and the office chooses `variant`."""
        return self._chosen.get(rule) == variant

    def deviates(self, name: str) -> bool:
        """Return whether the office deviates by `name`. Raises ValueError for an unknown name."""
        if name not in DEVIATIONS:
            raise ValueError(f"there is no deviation {name}")
        return name in self._deviations

    def refusal(self, rule: str, status: int, text: str) -> Refused:
        """Return the refusal of a request by `rule`, with the office's own text if it has one."""
        return Refused(rule, status, self._texts.get(rule, text))
