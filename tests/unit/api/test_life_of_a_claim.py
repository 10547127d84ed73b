"""State machine test of the life of a claim: whatever is written in whatever order, the office stays coherent."""

from math import fsum
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mockserver.api.operation import Call
from mockserver.api.resources import OPERATIONS
from mockserver.api.resources.claim_lines import PAYABLE
from mockserver.contract.contract import shipped_contract
from mockserver.contract.rules import Rule
from mockserver.errors import Refusal
from mockserver.office.office import Office
from mockserver.seeding.load import load_office
from support.effort import examples

NAMED = {operation.name: operation for operation in OPERATIONS}
RULES: Any = shipped_contract().rules
PATIENTS = {101: (7001, 7002), 203: (7012, 7013, 7023)}
SUMS = {
    "ClaimFee": "FeeBilled",
    "InsPayEst": "InsPayEst",
    "InsPayAmt": "InsPayAmt",
    "DedApplied": "DedApplied",
    "WriteOff": "WriteOff",
}

patients = st.sampled_from([*PATIENTS])
cents = st.integers(-5, 20).map(lambda value: value / 10)


class Practice(RuleBasedStateMachine):
    """Writes of the life of a claim, at the shipped office `practice`. Each is served, or refused by a rule."""

    @initialize()
    def start(self) -> None:
        self.office: Office = load_office("practice")

    def send(self, name: str, number: int = 0, **given: Any) -> Any:
        schema = shipped_contract().schemas[NAMED[name].body or f"{name}.query"]
        assert not [*schema.errors(given)], "the test sends what the schema allows"
        call = Call(operation=name, given=given, number=number, contract=RULES)
        try:
            return NAMED[name].run(self.office, call)
        except Refusal as refusal:
            refused = refusal
        of_contract: Rule = RULES[refused.rule]
        assert of_contract.status >= 400
        assert of_contract.explanation(refused.names)
        return None

    def numbers(self, table: str) -> list[int]:
        return [*self.office.tables[table].numbers()] or [1]

    @rule(patient=patients, count=st.integers(1, 3), kind=st.sampled_from(["P", "S"]))
    def create_claim(self, patient: int, count: int, kind: str) -> None:
        self.send("claims/create", PatNum=patient, procNums=[*PATIENTS[patient][:count]], ClaimType=kind)

    @rule(data=st.data(), status=st.sampled_from(["W", "S", "R"]))
    def set_status(self, data: st.DataObject, status: str) -> None:
        self.send("claims/update", data.draw(st.sampled_from(self.numbers("claim"))), ClaimStatus=status)

    @rule(data=st.data(), status=st.sampled_from(["NotReceived", "Received", "Supplemental"]), paid=cents, off=cents)
    def update_line(self, data: st.DataObject, status: str, paid: float, off: float) -> None:
        number = data.draw(st.sampled_from(self.numbers("claimproc")))
        self.send("claimprocs/update", number, Status=status, InsPayAmt=paid, WriteOff=off)

    @rule(data=st.data())
    def empty_line(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(self.numbers("claimproc")))
        self.send("claimprocs/update", number, Status="NotReceived", InsPayAmt=0, WriteOff=0, DedApplied=0)

    @rule(data=st.data(), paid=cents)
    def pay_more(self, data: st.DataObject, paid: float) -> None:
        number = data.draw(st.sampled_from(self.numbers("claimproc")))
        self.send("claimprocs/supplemental", ClaimProcNum=number, InsPayAmt=paid)

    @rule(data=st.data())
    def pay(self, data: st.DataObject) -> None:
        claim = data.draw(st.sampled_from(self.numbers("claim")))
        lines = self.office.tables["claimproc"].having("ClaimNum", claim)
        free = [line.row.InsPayAmt for line in lines if line.row.Status in PAYABLE and not line.row.ClaimPaymentNum]
        record = self.send("claimpayments/create", claimNum=claim, CheckAmt=round(fsum(free), 2))
        if record is not None:
            paid = self.office.tables["claimproc"].having("ClaimPaymentNum", record.number)
            assert [line.row.InsPayAmt for line in paid] == free

    @rule(data=st.data(), amount=cents)
    def pay_two(self, data: st.DataObject, amount: float) -> None:
        claims = data.draw(st.lists(st.sampled_from(self.numbers("claim")), min_size=1, max_size=2))
        self.send("claimpayments/batch", claimNums=claims, CheckAmt=amount)

    @rule(data=st.data(), check=st.integers(51, 60))
    def attach(self, data: st.DataObject, check: int) -> None:
        number = data.draw(st.sampled_from(self.numbers("claimproc")))
        self.send("claimprocs/update", number, ClaimPaymentNum=check if check % 2 else 0)

    @rule(data=st.data(), table=st.sampled_from(["claimpayment", "claim", "procedurelog"]))
    def delete(self, data: st.DataObject, table: str) -> None:
        number = data.draw(st.sampled_from(self.numbers(table)))
        if self.send(f"{table}s/delete", number) is not None and table != "procedurelog":
            assert number not in self.office.tables[table]

    @invariant()
    def every_line_names_rows_that_are_there(self) -> None:
        for line in self.office.tables["claimproc"]:
            assert line.ClaimNum == 0 or line.ClaimNum in self.office.claim
            assert line.ClaimPaymentNum == 0 or line.ClaimPaymentNum in self.office.tables["claimpayment"]

    @invariant()
    def every_claim_is_the_sum_of_its_lines(self) -> None:
        for claim in self.office.claim:
            lines = [record.row for record in self.office.tables["claimproc"].having("ClaimNum", claim.ClaimNum)]
            for name, column in SUMS.items():
                assert getattr(claim, name) == pytest.approx(fsum(getattr(line, column) for line in lines)), name

    @invariant()
    def every_whole_check_is_the_sum_of_its_lines(self) -> None:
        for check in self.office.tables["claimpayment"]:
            if check.IsPartial == "false":
                lines = self.office.tables["claimproc"].having("ClaimPaymentNum", check.ClaimPaymentNum)
                assert float(check.CheckAmt) == pytest.approx(fsum(line.row.InsPayAmt for line in lines))


TestPractice = Practice.TestCase
TestPractice.settings = examples(15, stateful_step_count=30)
