"""Case printer: a program that prints the results of all cases and broken fixtures, to compare two runs."""

import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from mockserver.contract.case_files import shipped_cases
from mockserver.contract.cases import Case
from mockserver.contract.expectation import Expectation
from mockserver.seeding.load import read_fixtures
from support.now import NOW
from support.playing import Mocks
from support.telling import is_telling, telling_cases

_ANY = Expectation(status=0)
_POST = "POST /claimtrackings"
# Requests and fixtures with more than one warning or error.
_SEVERAL = [
    Case(id="numbers in quotes", rules=("",), tier="write", call=_POST, expect=_ANY,
         json={"TrackingErrorDefNum": "340", "ClaimNum": "15", "TrackingDefNum": "339"}),
    Case(id="names of every kind", rules=("",), tier="write", call=f"{_POST}?b=1&a=2&Limit=3", expect=_ANY,
         json={"zz": 1, "UserNum": 1, "aa": 1, "TrackingType": "", "note": "", "ClaimNum": "15", "DateTimeEntry": ""}),
    Case(id="nothing right", rules=("",), tier="write", call=_POST, expect=_ANY,
         json={"Note": 1, "TrackingDefNum": None, "ClaimNum": "x"}),
    Case(id="wrong parameters", rules=("",), tier="read", call="GET /claimtrackings?Offset=x&Limit=x&ClaimNum=x",
         expect=_ANY),
]  # fmt: skip


def _result(mocks: Mocks, case: Case, **settings: Any) -> str:
    played = mocks.play(case, **settings)
    own = [[name, value] for name, value in played.answer.headers.items() if name.startswith("x-mock-")]
    exchange = played.exchange
    body = played.answer.body.decode()
    return json.dumps([case.id, settings, played.answer.status, body, own, exchange.rules, exchange.warnings])


def _main(broken: Path) -> None:
    for file in sorted(broken.glob("*.yaml")):
        draft = read_fixtures(str(file), now=NOW)
        print(json.dumps([*map(str, draft.errors), *map(str, draft.warnings())]))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        mocks = Mocks(running, Path(folder))
        for case in (*_SEVERAL, *telling_cases()):
            if is_telling(case.rules[0]) and case.rules[0] != "api.body.size":  # which takes long
                print(_result(mocks, case))
        for case in (*_SEVERAL, *(case for case in shipped_cases() if case.warns)):
            print(_result(mocks, case, strict=True))


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
