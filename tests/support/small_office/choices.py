"""Choices: what an office can answer where the vendor's page leaves it open. The first is the contract's."""

from collections.abc import Mapping
from types import MappingProxyType

_REFUSED_OR_IGNORED = ("refused", "ignored")
_REFUSED_OR_MISSING = ("refused", "not-found")
_EMPTY_OR_MISSING = ("empty", "not-found")
_CATEGORY = ("refused", "not-found", "taken")
_UNKNOWN = ("not-found", "refused", "taken")

CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "claimtrackings.list.ClaimNum.zero": ("refused", "all"),
        "claimtrackings.list.ClaimNum.empty": _EMPTY_OR_MISSING,
        "claimtrackings.list.ClaimNum.invalid": ("refused", "not-found", "ignored"),
        "claimtrackings.list.order": ("newest-first", "lowest-number-first"),
        "claimtrackings.list.order.ties": ("higher-number-first", "lower-number-first"),
        "claimtrackings.list.TrackingType": ("all", "status-history"),
        "claimtrackings.create.ClaimNum.invalid": _REFUSED_OR_MISSING,
        "claimtrackings.create.Note.invalid": _REFUSED_OR_IGNORED,
        "claimtrackings.create.TrackingDefNum.invalid": _REFUSED_OR_IGNORED,
        "claimtrackings.create.TrackingErrorDefNum.invalid": _REFUSED_OR_IGNORED,
        "claimtrackings.update.Note.invalid": _REFUSED_OR_IGNORED,
        "claimtrackings.update.TrackingDefNum.invalid": _REFUSED_OR_IGNORED,
        "claimtrackings.update.TrackingErrorDefNum.invalid": _REFUSED_OR_IGNORED,
        "claimtrackings.create.TrackingDefNum.unknown": _UNKNOWN,
        "claimtrackings.create.TrackingDefNum.category": _CATEGORY,
        "claimtrackings.create.TrackingErrorDefNum.unknown": _UNKNOWN,
        "claimtrackings.create.TrackingErrorDefNum.category": _CATEGORY,
        "claimtrackings.update.TrackingDefNum.unknown": _UNKNOWN,
        "claimtrackings.update.TrackingDefNum.category": _CATEGORY,
        "claimtrackings.update.TrackingErrorDefNum.unknown": _UNKNOWN,
        "claimtrackings.update.TrackingErrorDefNum.category": _CATEGORY,
        "claimtrackings.update.ClaimTrackingNum.invalid": _REFUSED_OR_MISSING,
        "claimtrackings.update.DateTimeEntry.unchanged": ("stays", "moves"),
        "claimtrackings.update.UserNum": ("stays", "zero"),
        "api.resource.unknown": ("refused", "bad-request"),
        "api.method.unknown": ("refused", "not-found", "not-allowed"),
        "api.method.number": _REFUSED_OR_IGNORED,
        "api.credentials.malformed": ("refused", "bad-request"),
        "api.Limit.clamped": ("clamped", "refused"),
        "api.Limit.invalid": _REFUSED_OR_IGNORED,
        "api.Offset.invalid": _REFUSED_OR_IGNORED,
        "api.Offset.beyond": _EMPTY_OR_MISSING,
        "api.DateTimeFormatString.invalid": _REFUSED_OR_IGNORED,
        "api.text.plane": ("replaced", "question-mark", "kept"),
        "api.text.length": ("cut", "refused"),
        "api.explanation": ("json", "plain"),
        "warning.undocumented-parameter": ("ignored", "refused"),
        "warning.undocumented-field": ("ignored", "refused"),
        "warning.read-only-field": ("ignored", "refused"),
        "warning.number-as-text": ("taken", "refused"),
        "warning.hidden-definition": ("taken", "refused"),
        "warning.doubled-key": ("last", "first", "refused"),
        "warning.base-path": ("served", "refused"),
        "warning.no-authorization": ("served", "refused", "bad-request"),
        "warning.no-content-type": ("served", "refused"),
        "warning.no-setup": ("served", "refused"),
        "definitions.list.Category.invalid": _REFUSED_OR_IGNORED,
        "definitions.list.includeHidden.invalid": _REFUSED_OR_IGNORED,
        "definitions.list.Category.empty": _EMPTY_OR_MISSING,
        "definitions.list.order": ("as-set-up", "lowest-number-first"),
        "claims.list.PatNum.invalid": _REFUSED_OR_IGNORED,
        "claims.list.ClaimStatus.invalid": _REFUSED_OR_IGNORED,
        "claims.list.SecDateTEdit.invalid": _REFUSED_OR_IGNORED,
        "claims.list.empty": _EMPTY_OR_MISSING,
        "claims.get.ClaimNum.invalid": _REFUSED_OR_MISSING,
        "preferences.list.PrefName.empty": _EMPTY_OR_MISSING,
        "preferences.list.PrefName.invalid": ("refused", "empty"),
    }
)

OFFICE_DEFAULTS: Mapping[str, str] = MappingProxyType(
    # A real office has its paths below /api/v1 only, and always requires credentials.
    {rule: variants[0] for rule, variants in CHOICES.items()}
    | {"warning.base-path": "refused", "warning.no-authorization": "refused"}
)
"""What the office answers unless it is told to choose otherwise."""

OTHER_CHOICES: tuple[tuple[str, str], ...] = tuple(
    (rule, variant) for rule, variants in CHOICES.items() for variant in variants if variant != OFFICE_DEFAULTS[rule]
)
"""Every pair of rule and variant that is not the office's default."""
