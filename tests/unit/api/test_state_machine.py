"""State machine tests: an office responds like a dict of rows and `sorted`, to any requests in any order."""

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mockserver.api.operation import Call
from mockserver.api.resources.claimtrackings import create, list_, update
from mockserver.contract.contract import shipped_contract
from mockserver.errors import Refusal
from mockserver.office.clock import parse_moment, write_moment
from mockserver.office.office import Office
from mockserver.office.pages import Record
from mockserver.office.rows import ClaimTracking
from mockserver.seeding.load import load_office
from support.effort import examples

NOW = "2023-07-20 13:23:20"  # as old as some rows of the fixture and older than others
CLAIMS = (1, 3, 15, 19, 25)
STATUSES = (339, 341, 342, 345)
ERROR_CODES = (340, 343)
DEFINITIONS = (*STATUSES, *ERROR_CODES, 344)

Row = dict[str, Any]


@cache
def start(fixture: str) -> tuple[Row, ...]:
    """Return the rows of a shipped office."""
    return tuple(asdict(row) for row in load_office(fixture).claimtracking)


@dataclass
class Model:
    """A model of an office: rows by number, the next number, the time. A refusal is the rule, as the operation names it."""

    fixture: str
    rows: dict[int, Row] = field(init=False)

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.rows = {row["ClaimTrackingNum"]: dict(row) for row in start(self.fixture)}
        self.next_number, self.now = 52, NOW

    def list(self, claim: int | None, limit: int, offset: int) -> list[Row] | str:
        if claim is not None and claim not in CLAIMS:
            return ".ClaimNum.zero" if claim <= 0 else ".ClaimNum.unknown"
        rows = [row for row in self.rows.values() if claim in (None, row["ClaimNum"])]
        newest_first = sorted(rows, key=lambda row: (row["DateTimeEntry"], row["ClaimTrackingNum"]), reverse=True)
        return newest_first[offset:][:limit]

    def create(self, given: Row) -> Row | str:
        if given["ClaimNum"] not in CLAIMS:
            return ".ClaimNum.unknown"
        if self.fixture == "status-required" and "TrackingDefNum" not in given:
            return ".TrackingDefNum.required"
        refusing = self._refusing_rule(given)
        if refusing:
            return refusing
        row: Row = {"ClaimTrackingNum": self.next_number, "TrackingType": "StatusHistory", "UserNum": 0, "Note": "",
               "TrackingDefNum": 0, "TrackingErrorDefNum": 0, "DateTimeEntry": self.now} | given  # fmt: skip
        self.next_number += 1
        return self.rows.setdefault(row["ClaimTrackingNum"], row | {"Note": in_basic_plane(row["Note"])})

    def update(self, number: int, given: Row) -> Row | str:
        if number not in self.rows:
            return ".ClaimTrackingNum.unknown"
        refusing = self._refusing_rule(given)
        if refusing:
            return refusing
        row = self.rows[number]
        changed = row | given | ({"Note": in_basic_plane(given["Note"])} if "Note" in given else {})
        self.rows[number] = row if changed == row else changed | {"DateTimeEntry": self.now}
        return self.rows[number]

    def _refusing_rule(self, given: Row) -> str:
        if self.fixture == "status-required" and given.get("TrackingDefNum") == 0:
            return ".TrackingDefNum.none"
        for column, fitting in (("TrackingDefNum", STATUSES), ("TrackingErrorDefNum", ERROR_CODES)):
            number = given.get(column, 0)
            if number not in (0, *fitting):
                return f".{column}.{'category' if number in DEFINITIONS else 'unknown'}"
        return ""


def in_basic_plane(text: str) -> str:
    return "".join(character if character <= "\uffff" else "\ufffd" for character in text)


def on_the_wire(row: Row) -> Row:
    return row | {"Note": re.sub("\r\n|\r|\n", " ", row["Note"])}


claims = st.sampled_from(CLAIMS) | st.sampled_from([-1, 0, 2, 339, 2**63 - 1])
definitions = st.sampled_from([0, *STATUSES, *ERROR_CODES]) | st.sampled_from([-1, 1, 344, 2**63 - 1])
columns = {
    "Note": st.sampled_from(["", "x", "Faxed the narrative.", "a\r\nb\rc\n", "é\U0001f9b7"]) | st.text(max_size=5),
    "TrackingDefNum": st.sampled_from(STATUSES) | definitions,
    "TrackingErrorDefNum": st.sampled_from(ERROR_CODES) | definitions,
}
seconds = st.sampled_from([0, 0, 1, 2, 60, 86_400])


class OfficeLikeItsModel(RuleBasedStateMachine):
    """The office and its model, with the same requests."""

    @initialize(fixture=st.sampled_from(["default", "status-required"]))
    def load(self, fixture: str) -> None:
        self.office = load_office(fixture, now=NOW)
        self.model = Model(fixture)
        self.issued: list[int] = []
        self.started_as = (self.office.snapshot(), self.bodies())

    @rule(claim=st.none() | claims, limit=st.none() | st.integers(1, 12), offset=st.none() | st.integers(0, 20))
    def lists(self, claim: int | None, limit: int | None, offset: int | None) -> None:
        given = {"ClaimNum": claim, "Limit": limit, "Offset": offset}
        page = self.answer(list_, {name: value for name, value in given.items() if value is not None}, page_size=10)
        expected = self.model.list(claim, min(limit or 10, 10), offset or 0)
        assert expected == (page if isinstance(page, str) else [asdict(record.row) for record in page.records])

    @rule(given=st.fixed_dictionaries({"ClaimNum": claims}, optional=columns), after=seconds)
    def creates(self, given: Row, after: int) -> None:
        self.passes(after)
        record = self.check(self.answer(create, given), self.model.create(given))
        if record is not None:
            assert record.number > max([51, *self.issued])
            self.issued.append(record.number)

    @rule(of=st.integers(0, 100), given=st.fixed_dictionaries({}, optional=columns), after=seconds)
    def updates(self, of: int, given: Row, after: int) -> None:
        self.passes(after)
        number = sorted(self.model.rows)[of % len(self.model.rows)]
        self.check(self.answer(update, given, number=number), self.model.update(number, given))

    @rule(number=st.sampled_from([-1, 0, 1, 35, 52, 60, 2**63 - 1]), given=st.fixed_dictionaries({}, optional=columns))
    def updates_any_number(self, number: int, given: Row) -> None:
        self.check(self.answer(update, given, number=number), self.model.update(number, given))

    @precondition(lambda self: len(self.issued) > 2)
    @rule()
    def resets(self) -> None:
        self.office.reset()
        self.model.reset()
        self.issued.clear()
        assert (self.office.snapshot(), self.bodies()) == self.started_as

    @invariant()
    def the_newest_is_first_and_of_one_second_the_higher_number(self) -> None:
        for claim in (None, *CLAIMS):
            page = list_(self.office, Call(given={} if claim is None else {"ClaimNum": claim}, page_size=1000)).records
            keys = [(record.row.DateTimeEntry, record.row.ClaimTrackingNum) for record in page]
            assert keys == sorted(set(keys), reverse=True)
            assert all(claim in (None, record.row.ClaimNum) for record in page)

    @invariant()
    def the_rows_are_those_of_the_model_and_so_are_their_bodies(self) -> None:
        assert {row.ClaimTrackingNum: asdict(row) for row in self.office.claimtracking} == self.model.rows
        assert [json.loads(body) for body in self.bodies()] == [
            on_the_wire(self.model.rows[row.ClaimTrackingNum]) for row in self.office.claimtracking
        ]

    def answer(self, operation: Callable[[Office, Call], Any], given: Row, **call: Any) -> Any:
        try:
            return operation(self.office, Call(given=given, contract=shipped_contract().rules, **call))
        except Refusal as refusal:
            return refusal.rule

    def check(self, answer: Any, expected: Row | str) -> Record[ClaimTracking] | None:
        if isinstance(expected, str):
            assert answer == expected
            return None
        record: Record[ClaimTracking] = answer
        assert asdict(record.row) == expected
        assert json.loads(record.body) == on_the_wire(expected)
        assert self.office.claimtracking.get(record.number) == record
        return record

    def passes(self, after: int) -> None:
        self.office.clock.advance(after)
        self.model.now = write_moment(parse_moment(self.model.now) + timedelta(seconds=after))

    def bodies(self) -> list[bytes]:
        return [record.body for record in self.office.claimtracking.state().records]


TestAnyOrderOfCalls = OfficeLikeItsModel.TestCase
TestAnyOrderOfCalls.settings = examples(60, stateful_step_count=40)
