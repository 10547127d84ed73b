"""Rows of an office: values under the vendor's column names, in the form that they have on the wire."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

NOTE_BYTES = 65_535
_BEYOND_BASIC_PLANE = re.compile("[\U00010000-\U0010ffff]")
_LINE_BREAK = re.compile("\r\n|\r|\n")


class DefCategory(IntEnum):
    """The categories of definitions that a ClaimTracking may name (vendor's database: definition.Category)."""

    CLAIM_CUSTOM_TRACKING = 31
    CLAIM_ERROR_CODE = 43


NO_DATE = "0001-01-01"
NO_TIME = "0001-01-01 00:00:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTracking:
    """One entry of a claim's status history (vendor's database: claimtracking)."""

    ClaimTrackingNum: int
    ClaimNum: int
    TrackingType: str = "StatusHistory"
    UserNum: int = 0
    DateTimeEntry: str
    Note: str = ""
    TrackingDefNum: int = 0
    TrackingErrorDefNum: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An insurance claim (vendor's database: claim; vendor: API Claims).

    The defaults are those of a new claim in the vendor's database or in the examples of its page.
    """

    ClaimNum: int
    PatNum: int = 0
    DateService: str = NO_DATE
    DateSent: str = NO_DATE
    ClaimStatus: str = "S"
    DateReceived: str = NO_DATE
    PlanNum: int = 0
    ProvTreat: int = 0
    ClaimFee: float = 0.0
    InsPayEst: float = 0.0
    InsPayAmt: float = 0.0
    DedApplied: float = 0.0
    IsProsthesis: str = "N"
    PriorDate: str = NO_DATE
    ReasonUnderPaid: str = ""
    ClaimNote: str = ""
    ClaimType: str = "P"
    ProvBill: int = 0
    PlaceService: str = "Office"
    AccidentRelated: str = ""
    AccidentDate: str = NO_DATE
    AccidentST: str = ""
    IsOrtho: str = "False"
    OrthoRemainM: int = 0
    OrthoDate: str = NO_DATE
    PatRelat: str = "Self"
    PlanNum2: int = 0
    PatRelat2: str = "Self"
    WriteOff: float = 0.0
    ClaimForm: str = "0"
    InsSubNum: int = 0
    InsSubNum2: int = 0
    PriorAuthorizationNumber: str = ""
    CustomTracking: int = 0
    OrthoTotalM: int = 0
    SecDateTEdit: str = NO_TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A choice that the office has set up (vendor's database: definition; vendor: API Definitions)."""

    DefNum: int
    Category: int
    ItemName: str = ""
    ItemValue: str = ""
    IsHidden: bool = False

    @property
    def isHidden(self) -> str:  # noqa: N802  # the vendor's name
        """Whether it is hidden, as the API writes it."""
        return "true" if self.IsHidden else "false"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """A preference of the office as text (vendor's database: preference; vendor: API Preferences)."""

    PrefNum: int
    PrefName: str
    ValueString: str


PERMISSIONS = ("ReadAll", "Insurance", "Comm", "ProcedureLogs", "Setup")
"""The permissions that the served operations need (vendor: API Permissions). A key that lists none has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A customer key that the office has enabled for a developer (vendor: API Developer Setup)."""

    DeveloperKey: str
    CustomerKey: str
    State: str = "Enabled"
    Permissions: tuple[str, ...] = PERMISSIONS


def basic_plane(text: str) -> str:
    """Return `text` with U+FFFD for characters outside the vendor's 3-byte UTF-8."""
    return text if text.isascii() else _BEYOND_BASIC_PLANE.sub("\ufffd", text)


def basic_plane_with_question_marks(text: str) -> str:
    """Return `text` with a question mark for each such character."""
    return _BEYOND_BASIC_PLANE.sub("?", text)


def truncate(text: str) -> str:
    """Return `text`, truncated to the size of the vendor's column: 65,535 bytes of UTF-8, between characters."""
    if len(text) * 4 <= NOTE_BYTES:
        return text
    return text.encode()[:NOTE_BYTES].decode(errors="ignore")


def stored_text(text: str, convert: Callable[[str], str] = basic_plane) -> str:
    """Return `text` as the vendor's column stores it; `convert` replaces the characters that it does not store."""
    return truncate(
        convert(text[:NOTE_BYTES])
    )  # a character takes at least one byte, so the rest is cut off in any case


def sent_text(text: str) -> str:
    """Return `text` as the API sends it: each line break as a space (vendor: API Implementation)."""
    return _LINE_BREAK.sub(" ", text) if "\n" in text or "\r" in text else text
