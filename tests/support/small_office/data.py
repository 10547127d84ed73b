"""Data of the office: keys, definitions, claims, preferences, and 130 trackings, some with secrets in their notes."""

from datetime import datetime, timedelta

from support.small_office.dates import write

Row = dict[str, object]

VERSION = "25.4.48"

FULL_KEYS = "DeveloperOfTests4d1b/PracticeKey88c2e7"
READ_ONLY_KEYS = "DeveloperOfTests4d1b/ReadingKey31f0aa"
DISABLED_KEYS = "DeveloperOfTests4d1b/DisabledKey5be97c"
PERMISSIONS = {FULL_KEYS: ("ReadAll", "Insurance"), READ_ONLY_KEYS: ("ReadAll",)}

SECRET_NOTES = (
    "SECRET-NOTE-7f3a Jane Doe, born 1971-02-03, called about her crown.",
    "SECRET-NOTE-91c4 John Roe\r\nasked for the pre-authorization.",
    "SECRET-NOTE-2be8 Zoë Müller pays by instalments.",
)

STATUS_CATEGORY, ERROR_CATEGORY = 31, 43
CATEGORY_NAMES = {1: "AdjTypes", 27: "CommLogTypes", 31: "ClaimCustomTracking", 43: "ClaimErrorCode"}

DEFINITIONS: tuple[Row, ...] = tuple(
    {"DefNum": number, "Category": category, "ItemName": name, "ItemValue": value, "IsHidden": is_hidden}
    for number, category, name, value, is_hidden in (
        (512, 31, "Sent to carrier", "21", False),
        (507, 31, "Waiting for chart", "14", False),
        (519, 31, "Faxed", "7", True),
        (515, 31, "Denied", "0", False),
        (530, 43, "E-12", "Tooth number is missing.", False),
        (528, 43, "E-31", "Subscriber is not on file.", False),
        (293, 1, "Sales Tax", "+", False),
        (8, 1, "Professional Discount", "-", False),
        (61, 27, "Insurance", "", False),
        (62, 27, "Text message", "", True),
    )
)

BUSY_CLAIM, QUIET_CLAIM, RARE_CLAIM, EMPTY_CLAIM = 48213, 48290, 48117, 48301

_CLAIM: Row = {
    "ClaimNum": 0, "PatNum": 0, "DateService": "2026-05-04", "DateSent": "2026-05-06", "ClaimStatus": "S",
    "DateReceived": "0001-01-01", "PlanNum": 19, "ProvTreat": 1, "ClaimFee": 250.0, "InsPayEst": 200.0,
    "InsPayAmt": 0.0, "DedApplied": 50.0, "IsProsthesis": "N", "PriorDate": "0001-01-01", "ReasonUnderPaid": "",
    "ClaimNote": "", "ClaimType": "P", "ProvBill": 1, "PlaceService": "Office", "AccidentRelated": "",
    "AccidentDate": "0001-01-01", "AccidentST": "", "IsOrtho": "False", "OrthoRemainM": 0,
    "OrthoDate": "0001-01-01", "PatRelat": "Self", "PlanNum2": 0, "PatRelat2": "Self", "WriteOff": 0.0,
    "ClaimForm": "4", "InsSubNum": 24, "InsSubNum2": 0, "PriorAuthorizationNumber": "", "CustomTracking": 0,
    "OrthoTotalM": 0, "SecDateTEdit": "2026-05-06 10:00:00",
}  # fmt: skip

CLAIMS: tuple[Row, ...] = tuple(
    _CLAIM | {"ClaimNum": number, "PatNum": patient, "ClaimStatus": status, "CustomTracking": custom} | more
    for number, patient, status, custom, more in (
        (BUSY_CLAIM, 7301, "S", 512, {"SecDateTEdit": "2026-06-01 08:15:00"}),
        (QUIET_CLAIM, 7301, "R", 0, {"DateReceived": "2026-06-20", "InsPayAmt": 180.5}),
        (RARE_CLAIM, 7355, "S", 519, {"ClaimNote": SECRET_NOTES[0]}),
        (EMPTY_CLAIM, 7402, "U", 0, {"DateSent": "0001-01-01"}),
        (48302, 7402, "W", 0, {"IsOrtho": "True", "OrthoTotalM": 20, "SecDateTEdit": "2026-07-01 00:00:00"}),
        (48355, 7410, "H", 0, {}),
    )
)

_FIRST_TRACKING, _COUNT = 6100, 130


def trackings() -> dict[int, Row]:
    """Return the rows of the table claimtracking by number. Every tenth has the time of the one before it.

    Their order by time is not that by number, so that a list shows by which it is ordered.
    """
    rows = {}
    moment = datetime(2026, 3, 2, 8, 0, 0)
    for place in range(_COUNT):
        if place % 10 != 9:
            moment += timedelta(hours=7, seconds=13)
        number = _FIRST_TRACKING + place * 37 % _COUNT
        rows[number] = {
            "ClaimTrackingNum": number,
            "ClaimNum": _claim(place),
            "TrackingType": _type(place),
            "UserNum": place % 4 + 1,
            "DateTimeEntry": write(moment),
            "Note": _note(place),
            "TrackingDefNum": (512, 0, 507, 519, 515)[place % 5],
            "TrackingErrorDefNum": (0, 0, 530, 528)[place % 4],
        }
    return dict(sorted(rows.items()))


def _claim(place: int) -> int:
    if place % 13 == 0:
        return RARE_CLAIM
    return QUIET_CLAIM if place % 3 == 0 else BUSY_CLAIM


def _type(place: int) -> str:
    if place % 11 == 4:
        return "ClaimProcReceived"
    return "ClaimUser" if place % 7 == 2 else "StatusHistory"


def _note(place: int) -> str:
    if place % 9 == 1:
        return SECRET_NOTES[place // 9 % 3]
    return "" if place % 2 else f"Called the carrier, {place}."


def preferences(*, excludes_none: bool) -> list[Row]:
    """Return the rows of the table preference, the lowest PrefNum first."""
    values = (
        (1, "ClaimTrackingStatusExcludesNone", "1" if excludes_none else "0"),
        (2, "ProgramVersion", VERSION),
        (14, "PracticeDefaultBillType", "40"),
        (15, "RecallDaysPast", "365"),
        (101, "ClaimTrackingRequiresError", "0"),
        (102, "PracticeTitle", "SECRET-PRACTICE-55d1 Doe Dental"),
    )
    return [{"PrefNum": number, "PrefName": name, "ValueString": value} for number, name, value in values]
