"""Rows by the thousand from a few lines, the same at each start."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from mockserver.clock import parse_moment, write_moment
from mockserver.complaints import Complaint
from mockserver.fixture_tables import Tables
from mockserver.fixture_times import resolve
from mockserver.rows import Claim, ClaimTracking, stored_text
from mockserver.wording import place

_SPREAD = {"from": "now-365d", "to": "now"}


class Generator:
    """What the `generate` entries of all layers ask for. Their rows come after those that are written out."""

    def __init__(self, tables: Tables, now: datetime) -> None:
        self._now = now
        self._given = tables.rows["claim"]
        self.claims = [one for one in tables.generate if one.path[-1] == "claim"]
        self.trackings = [one for one in tables.generate if one.path[-1] == "claimtracking"]
        first = tables.highest("claim") + 1
        self.claim_numbers = range(first, first + sum(one.row["rows"] for one in self.claims))

    def complaints(self) -> Iterator[Complaint]:
        """Why trackings cannot be generated, apart from what they name."""
        for placed in self.trackings:
            if not (self._given or self.claim_numbers or "ClaimNum" in placed.row):
                what = "generate.claimtracking finds no claim; write some under claim, or let generate.claim make them"
                yield placed.layer.complaint(placed.path, what)
            try:
                first, last = self._span(placed.row)
            except ValueError:
                continue  # said of the time itself
            if last < first:
                path = (*placed.path, "DateTimeEntry", "to")
                spread = placed.row["DateTimeEntry"]
                what = f"{place(path)} is {spread['to']}, which is before {spread['from']}; exchange the two"
                yield placed.layer.complaint(path, what)

    def claim_rows(self) -> Iterator[Claim]:
        """The claims."""
        numbers = iter(self.claim_numbers)
        for placed in self.claims:
            columns = _columns(placed.row, PatNum=0, ClaimStatus="S")
            for _ in range(placed.row["rows"]):
                patient, status = next(columns)
                yield Claim(ClaimNum=next(numbers), PatNum=patient, ClaimStatus=status)

    def tracking_rows(self, number: int) -> Iterator[ClaimTracking]:
        """The trackings, numbered from `number` on."""
        for placed in self.trackings:
            every = [*self._given, *self.claim_numbers]
            columns = _columns(
                placed.row, ClaimNum=every, TrackingType="StatusHistory", UserNum=0, Note="",
                TrackingDefNum=0, TrackingErrorDefNum=0,
            )  # fmt: skip
            for moment, values in zip(self._moments(placed.row), columns, strict=False):
                claim, kind, user, note, status, error = values
                yield ClaimTracking(
                    ClaimTrackingNum=number, ClaimNum=claim, TrackingType=kind, UserNum=user, DateTimeEntry=moment,
                    Note=note, TrackingDefNum=status, TrackingErrorDefNum=error,
                )  # fmt: skip
                number += 1

    def _span(self, row: dict[str, Any]) -> tuple[datetime, datetime]:
        spread = row.get("DateTimeEntry", _SPREAD)
        first, last = (parse_moment(resolve(spread[end], self._now)) for end in ("from", "to"))
        return first, last

    def _moments(self, row: dict[str, Any]) -> Iterator[str]:
        first, last = self._span(row)
        seconds, steps = int((last - first).total_seconds()), max(row["rows"] - 1, 1)
        return (write_moment(first + timedelta(seconds=seconds * step // steps)) for step in range(row["rows"]))


def values(given: Any) -> list[Any]:
    """The values that a generated column goes through."""
    return given if isinstance(given, list) else [given]


def _columns(row: dict[str, Any], **defaults: Any) -> Iterator[tuple[Any, ...]]:
    return zip(*(cycle(_stored(values(row.get(name, default)))) for name, default in defaults.items()), strict=True)


def _stored(given: Iterable[Any]) -> list[Any]:
    return [stored_text(value) if isinstance(value, str) else value for value in given]
