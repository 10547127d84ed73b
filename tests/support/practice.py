"""Practice: an office that `verify` can be run at: the mock with variants, behind a proxy that can spoil its answers."""

import json
from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from mockserver import MockServer
from mockserver.office.rows import ApiKey
from support.observations import of_variant, write_observed
from support.spoiling_proxy import HOST, Forward, Reply, Request, Spoil, Spoiled, SpoilingProxy

VERSION = "25.4.48"
START = "2026-08-13 09:00:00"  # later than all rows of the office

FULL_KEYS = "DeveloperOfTests4d1b/PracticeKey88c2e7"
READ_ONLY_KEYS = "DeveloperOfTests4d1b/ReadingKey31f0aa"
SECRET_NOTES = (
    "SECRET-NOTE-7f3a Jane Doe, born 1971-02-03, called about her crown.",
    "SECRET-NOTE-91c4 John Roe\r\nasked for the pre-authorization.",
    "SECRET-NOTE-2be8 Zoë Müller pays by instalments.",
)
SECRETS = (
    *sorted({half for keys in (FULL_KEYS, READ_ONLY_KEYS) for half in keys.split("/")}),
    *(note[:16] for note in SECRET_NOTES), "Jane Doe", "SECRET-PRACTICE",
)  # fmt: skip
"""Texts that no report may hold."""

BUSY_CLAIM, QUIET_CLAIM, RARE_CLAIM, CLAIM = 48213, 48290, 48117, 48301
"""Claims with many, some and few trackings, and one without any, which gets rows."""

LIKE_AN_OFFICE = {"warning.base-path": "refused", "warning.no-authorization": "refused"}
"""The variants of a real office: its paths are below /api/v1 only, and it always requires credentials."""

_FIRST_TRACKING, _COUNT = 6100, 130


def office(*, excludes_none: bool = False, has_setup: bool = True) -> dict[str, Any]:
    """Return the fixture of an office with 130 trackings, some with secrets in their notes."""
    return {
        "office": {"version": VERSION},
        "preference": {
            "ClaimTrackingStatusExcludesNone": excludes_none,
            "PracticeDefaultBillType": "40",
            "RecallDaysPast": "365",
            "PracticeTitle": "SECRET-PRACTICE-55d1 Doe Dental",
        },
        "definition": [
            {"DefNum": number, "Category": category, "ItemName": name, "ItemValue": value,
             "IsHidden": hidden or (category == 31 and not has_setup)}
            for number, category, name, value, hidden in (
                (512, 31, "Sent to carrier", "21", False), (507, 31, "Waiting for chart", "14", False),
                (519, 31, "Faxed", "7", True), (515, 31, "Denied", "0", False),
                (530, 43, "E-12", "Tooth number is missing.", False), (528, 43, "E-31", "Not on file.", False),
                (293, 1, "Sales Tax", "+", False), (8, 1, "Professional Discount", "-", False),
                (61, 27, "Insurance", "", False), (62, 27, "Text message", "", True),
            )
        ],
        "claim": [
            {"ClaimNum": number, "PatNum": patient, "ClaimStatus": status, "CustomTracking": custom, "SecDateTEdit": at}
            for number, patient, status, custom, at in (
                (BUSY_CLAIM, 7301, "S", 512, "2026-06-01 08:15:00"), (QUIET_CLAIM, 7301, "R", 0, "2026-05-06 10:00:00"),
                (RARE_CLAIM, 7355, "S", 519, "2026-05-06 10:00:00"), (CLAIM, 7402, "U", 0, "2026-05-06 10:00:00"),
                (48302, 7402, "W", 0, "2026-07-01 00:00:00"), (48355, 7410, "H", 0, "2026-05-06 10:00:00"),
            )
        ],
        "claimtracking": sorted(map(_tracking, range(_COUNT)), key=lambda row: row["ClaimTrackingNum"]),
        "apikey": [_keys(FULL_KEYS), _keys(READ_ONLY_KEYS) | {"Permissions": ["ReadAll"]}],
    }  # fmt: skip


def _tracking(place: int) -> dict[str, Any]:
    """Return a row. Every tenth has the time of the one before it; the order by time is not that by number."""
    moment = datetime(2026, 3, 2, 8, 0, 0) + (place - place // 10) * timedelta(hours=7, seconds=13)
    return {
        "ClaimTrackingNum": _FIRST_TRACKING + place * 37 % _COUNT,
        "ClaimNum": RARE_CLAIM if place % 13 == 0 else QUIET_CLAIM if place % 3 == 0 else BUSY_CLAIM,
        "TrackingType": "ClaimProcReceived" if place % 11 == 4 else "ClaimUser" if place % 7 == 2 else "StatusHistory",
        "UserNum": place % 4 + 1,
        "DateTimeEntry": str(moment),
        "Note": SECRET_NOTES[place // 9 % 3] if place % 9 == 1 else "" if place % 2 else f"Called, {place}.",
        "TrackingDefNum": (512, 0, 507, 519, 515)[place % 5],
        "TrackingErrorDefNum": (0, 0, 530, 528)[place % 4],
    }


def _keys(pair: str) -> dict[str, Any]:
    developer, customer = pair.split("/")
    return {"DeveloperKey": developer, "CustomerKey": customer}


NOTHING = Reply(404, b'"x is not a valid resource."')


class Practice(AbstractContextManager["Practice"]):
    """A practice with these `variants`, or as it was `observed`, whose answers `spoil` may change.

    It has no headers of a mock and no admin API: outside /api/v1 it answers `elsewhere`. `folder` gets its files.
    """

    def __init__(
        self,
        folder: Path,
        *,
        variants: Mapping[str, str] | None = None,
        observed: Path | None = None,
        spoil: Spoil | None = None,
        fixture: Mapping[str, Any] | None = None,
        elsewhere: Reply = NOTHING,
        **options: Any,
    ) -> None:
        file = folder / "practice.json"
        file.write_text(json.dumps(fixture or office(**options)), encoding="utf-8")
        chosen = LIKE_AN_OFFICE | dict(variants or {})
        observed = observed or write_observed(
            folder, {rule: of_variant(rule, name) for rule, name in chosen.items()}, "variants.yaml"
        )
        self._mock = MockServer(file, now=START, observed=observed, transparent=True)
        self._spoil: Spoil = spoil or (lambda _, forward: forward())
        self._elsewhere = elsewhere
        self._running = ExitStack()

    def __enter__(self) -> "Practice":
        self._running.enter_context(self._mock)
        port = int(self._mock.url.split(":")[2].partition("/")[0])
        self._proxy = self._running.enter_context(SpoilingProxy(port, self._answer))
        self._before = {row.ClaimTrackingNum: row for row in self._mock.tenant.office.claimtracking}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._running.close()

    def _answer(self, request: Request, forward: Forward) -> Spoiled:
        if not request.path.startswith("/api/v1/") and request.path != "/claimtrackings":
            return self._elsewhere
        self._mock.clock.advance(5)  # so that nobody waits for its whole seconds
        return self._spoil(request, forward)

    @property
    def url(self) -> str:
        """Return the base URL, with /api/v1."""
        return f"http://{HOST}:{self._proxy.port}/api/v1"

    @property
    def received(self) -> list[Request]:
        """Return the requests that arrived."""
        return list(self._proxy.received)

    @property
    def creates(self) -> list[Request]:
        """Return the creates that arrived, whatever became of them."""
        return [request for request in self.received if request.is_create]

    @property
    def written(self) -> list[int]:
        """Return the numbers of the rows that are there now, and were not before."""
        return sorted({row.ClaimTrackingNum for row in self._mock.tenant.office.claimtracking} - self._before.keys())

    @property
    def changed(self) -> list[int]:
        """Return the numbers of the rows that were there before and are another now."""
        now = {row.ClaimTrackingNum: row for row in self._mock.tenant.office.claimtracking}
        return [number for number, row in self._before.items() if now.get(number) != row]

    def notes(self, numbers: Collection[int]) -> list[str]:
        """Return the Notes of these rows."""
        return [row.Note for row in self._mock.tenant.office.claimtracking if row.ClaimTrackingNum in numbers]


def key_of(pair: str = FULL_KEYS) -> ApiKey:
    """Return a pair of keys."""
    return ApiKey(**_keys(pair))
