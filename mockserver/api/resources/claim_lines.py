"""Lines of claims: the claimprocs of a claim, its sums over them, and the checks that pay them."""

from collections.abc import Iterable
from math import fsum
from operator import attrgetter
from typing import Any

from mockserver.api.resources.rows import change
from mockserver.office.office import Office
from mockserver.office.pages import Record

Lines = list[Record[Any]]

PAYABLE = ("Received", "Supplemental")
"""The states of a line that a check can pay."""
OPEN = ("NotReceived", "Preauth")
"""The states of a line for which the carrier has not decided yet."""

_SUMS = {
    "ClaimFee": "FeeBilled", "InsPayEst": "InsPayEst", "InsPayAmt": "InsPayAmt", "DedApplied": "DedApplied",
    "WriteOff": "WriteOff",
}  # fmt: skip
"""The columns of a claim that are sums, each with the column of its lines."""
_amounts = attrgetter(*_SUMS.values())


def lines_of(office: Office, claim: int) -> Lines:
    """Return the lines of a claim."""
    return office.tables["claimproc"].having("ClaimNum", claim) if claim else []


def eligible(office: Office, claims: Iterable[int]) -> Lines:
    """Return the lines of claims that a new check pays: received ones that no other check pays."""
    lines = (line for claim in claims for line in lines_of(office, claim))
    return [line for line in lines if line.row.ClaimPaymentNum == 0 and line.row.Status in PAYABLE]


def total(lines: Lines) -> float:
    """Return the sum of what lines pay, in cents' precision."""
    return round(fsum(line.row.InsPayAmt for line in lines), 2) + 0.0  # and not -0.0


def sum_up(office: Office, claim: int) -> Record[Any] | None:
    """Recalculate the sums of a claim, and return it (vendor: API ClaimProcs, PUT)."""
    record = office.tables["claim"].get(claim)
    if record is None:
        return None
    columns = zip(*[_amounts(line.row) for line in lines_of(office, claim)], strict=True)
    sums = [round(fsum(column), 2) + 0.0 for column in columns] or [0.0] * len(_SUMS)
    return change(office, "claim", record, dict(zip(_SUMS, sums, strict=True)))


def put_on(office: Office, lines: Lines, check: int, **values: Any) -> None:
    """Let a check pay lines; 0 takes them off the check that pays them."""
    for line in lines:
        change(office, "claimproc", line, {"ClaimPaymentNum": check, **values})


def mark_partial(office: Office, check: int) -> None:
    """Set whether a check is partial: whether its amount and the sum of its lines differ."""
    record = office.tables["claimpayment"].get(check)
    if record is not None:
        is_partial = amount(record.row.CheckAmt) != total(office.tables["claimproc"].having("ClaimPaymentNum", check))
        change(office, "claimpayment", record, {"IsPartial": "true" if is_partial else "false"})


def amount(given: str | float) -> float:
    """Return an amount of money, a number or text, in cents' precision."""
    return round(float(given), 2) + 0.0
