"""Rows of an office: values under the vendor's column names, in the form that they have on the wire."""

import re
from dataclasses import dataclass
from enum import IntEnum

NOTE_BYTES = 65_535
_BEYOND_BASIC_PLANE = re.compile("[\U00010000-\U0010ffff\ud800-\udfff]")
_LINE_BREAK = re.compile("\r\n|\r|\n")


class DefCategory(IntEnum):
    """The categories of definitions that a ClaimTracking may name (vendor's database: definition.Category)."""

    CLAIM_CUSTOM_TRACKING = 31
    CLAIM_ERROR_CODE = 43


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
    """An insurance claim, with the columns that its trackings need (vendor's database: claim)."""

    ClaimNum: int
    PatNum: int = 0
    ClaimStatus: str = "S"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A choice that the office has set up (vendor's database: definition)."""

    DefNum: int
    Category: int
    ItemName: str = ""
    ItemValue: str = ""
    IsHidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """The preferences that the API uses (vendor's database: preference)."""

    ClaimTrackingStatusExcludesNone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A customer key that the office has enabled for a developer (vendor: API Developer Setup)."""

    DeveloperKey: str
    CustomerKey: str
    State: str = "Enabled"
    Permissions: tuple[str, ...] = ("ReadAll", "Insurance")


def basic_plane(text: str) -> str:
    """Return `text` with U+FFFD for characters outside the vendor's 3-byte UTF-8, lone surrogates included."""
    return text if text.isascii() else _BEYOND_BASIC_PLANE.sub("\ufffd", text)


def truncate(text: str) -> str:
    """Return `text`, truncated to the size of the vendor's column: 65,535 bytes of UTF-8, between characters."""
    if len(text) * 3 <= NOTE_BYTES:
        return text
    return text.encode()[:NOTE_BYTES].decode(errors="ignore")


def stored_text(text: str) -> str:
    """Return `text` as the vendor's column stores it."""
    return truncate(
        basic_plane(text[:NOTE_BYTES])
    )  # a character takes at least one byte, so the rest is cut off in any case


def sent_text(text: str) -> str:
    """Return `text` as the API sends it: each line break as a space (vendor: API Implementation)."""
    return _LINE_BREAK.sub(" ", text) if "\n" in text or "\r" in text else text
