"""Example facts: the numbers of the default office, for cases that are shown as examples.

Most of them are those of the vendor's page.
"""

from collections.abc import Mapping
from typing import Any

EXAMPLE_FACTS: Mapping[str, Any] = {
    "claim": 15,
    "claim_with_rows": 25,
    "another_claim_with_rows": 3,
    "claim_without_rows": 15,
    "claim_with_status": 1,
    "status_name": "review 1",
    "unknown_claim": 999,
    "tracking": 45,
    "unknown_tracking": 999,
    "note": "Missing attachment.",
    "status": 339,
    "another_status": 341,
    "hidden_status": 342,
    "error_code": 340,
    "another_error_code": 343,
    "other_definition": 344,
    "unknown_definition": 999,
    "category": 31,
    "empty_category": 1,
    "patient": 13,
    "unknown_patient": 99,
    "claim_status": "S",
    "changed": "2022-07-29 11:55:44",
    "changed_day": "2022-07-29",
    "preference": "PracticeDefaultBillType",
    "version": "25.4.48",
    "page_size": 100,
}
"""The value of each fact that a case can name in its request."""
