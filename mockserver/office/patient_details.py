"""Patient details: one patient with claims, plans and appointments, as far as the office has them."""

from operator import attrgetter
from typing import Any

from mockserver.office.claim_list import claim_item
from mockserver.office.lookups import Lookups, shown_date
from mockserver.office.office import Office


def patient_details(office: Office, number: int) -> dict[str, Any] | None:
    """Return a patient with claims, plans and appointments, or None if no row of the office knows the number."""
    lookups = Lookups(office)
    row = lookups.row("patient", number)
    claims = [claim_item(lookups, claim) for claim in lookups.having("claim", "PatNum", number)] if number else []
    if row is None and not claims:
        return None
    plans = lookups.having("patplan", "PatNum", number)
    return {
        "PatNum": number,
        "patient": lookups.patient(number),
        "Birthdate": shown_date(row.Birthdate) if row is not None else "",
        "Gender": row.Gender if row is not None else "",
        "claims": claims,
        "plans": [_plan(lookups, plan) for plan in sorted(plans, key=attrgetter("Ordinal"))],
        "appointments": [
            {name: getattr(one, name) for name in ("AptNum", "AptDateTime", "AptStatus", "ProcDescript")}
            for one in lookups.having("appointment", "PatNum", number)
        ],
    }


def _plan(lookups: Lookups, row: Any) -> dict[str, Any]:
    """Return a plan of a patient with the carrier, the group and the subscriber, as far as the office has them."""
    subscription = lookups.row("inssub", row.InsSubNum)
    number = subscription.PlanNum if subscription is not None else 0
    return {
        "PatPlanNum": row.PatPlanNum,
        "Ordinal": row.Ordinal,
        "Relationship": row.Relationship,
        "carrier": lookups.carrier(number),
        "GroupName": lookups.name("insplan", number, "GroupName"),
        "subscriber": lookups.patient(subscription.Subscriber) if subscription is not None else "",
    }
