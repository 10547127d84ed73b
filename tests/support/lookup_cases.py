"""Cases of the look-ups: definitions, claims and preferences."""

from typing import Any

from support.cases import KEYS, Case

VERSION_BEFORE = "21.0.9"
NO_LOOKUPS: dict[str, Any] = {"extends": "default", "office": {"version": VERSION_BEFORE}}
BEFORE_OPTIONAL: dict[str, Any] = {"extends": "default", "office": {"version": "23.3.10"}}
STATUSES = {
    "definition": [{"DefNum": 363, "Category": 31, "ItemName": "review\r\n1"}, {"DefNum": 9, "Category": 12}],
    "claim": [{"ClaimNum": 1, "PatNum": 23, "CustomTracking": 363, "SecDateTEdit": "2022-07-29 11:55:44"},
              {"ClaimNum": 2, "PatNum": 23, "SecDateTEdit": "2022-07-16 11:55:44", "ClaimStatus": "W"}],
}  # fmt: skip


def _numbers(column: str, *numbers: int) -> Any:
    return lambda rows: [row[column] for row in rows] == list(numbers)


DEFINITIONS = [
    Case(id="definitions that are not hidden", call="GET /api/v1/definitions", status=200,
         answer=_numbers("DefNum", 339, 341, 345, 340, 343, 344),
         meets="definitions.list.all definitions.list.hidden definitions.list.order definitions.list.isHidden"
               " definitions.list.category api.Limit.default"),
    Case(id="definitions of a category", call="GET /api/v1/definitions?Category=31", status=200,
         answer=lambda rows: [(row["DefNum"], row["category"], row["isHidden"]) for row in rows]
         == [(n, "ClaimCustomTracking", "false") for n in (339, 341, 345)],
         meets="definitions.list.Category"),
    Case(id="hidden definitions too", call="GET /api/v1/definitions?Category=31&includeHidden=true", status=200,
         answer=lambda rows: [(row["DefNum"], row["isHidden"]) for row in rows]
         == [(339, "false"), (341, "false"), (342, "true"), (345, "false")],
         meets="definitions.list.includeHidden"),
    Case(id="hidden definitions not", call="GET /api/v1/definitions?Category=31&includeHidden=false", status=200,
         answer=_numbers("DefNum", 339, 341, 345), meets="definitions.list.hidden"),
    Case(id="a category whose name is not known", office=STATUSES, call="GET /api/v1/definitions?Category=12",
         status=200, answer=lambda rows: [row["category"] for row in rows] == ["12"], meets="definitions.list.category"),
    Case(id="a category without definitions", call="GET /api/v1/definitions?Category=1", status=200, answer=[],
         meets="definitions.list.Category.empty"),
    Case(id="a page of definitions", call="GET /api/v1/definitions?Limit=2&Offset=1", status=200,
         answer=_numbers("DefNum", 341, 345), meets="api.Limit api.Offset"),
    Case(id="a category by its name", call="GET /api/v1/definitions?Category=AdjTypes", status=400,
         answer="Category is invalid.", meets="definitions.list.Category.invalid"),
    Case(id="includeHidden=1", call="GET /api/v1/definitions?includeHidden=1", status=400,
         answer="includeHidden is invalid.", meets="definitions.list.includeHidden.invalid"),
    Case(id="definitions of an old office", office=NO_LOOKUPS, call="GET /api/v1/definitions", status=400,
         answer="definitions GET was added in version 21.1.", meets="definitions.list.version"),
    Case(id="a definition by its number", call="GET /api/v1/definitions/339", status=400,
         answer="definitions GET  is not a valid method.", meets="api.method.unknown"),
]  # fmt: skip

CLAIMS = [
    Case(id="every claim, the lowest number first", call="GET /api/v1/claims", status=200,
         answer=_numbers("ClaimNum", 1, 3, 15, 19, 25), meets="claims.list.all claims.list.order api.Limit.default"),
    Case(id="claims of a patient", call="GET /api/v1/claims?PatNum=13", status=200, answer=_numbers("ClaimNum", 15),
         meets="claims.list.PatNum"),
    Case(id="claims in a status", call="GET /api/v1/claims?ClaimStatus=R", status=200,
         answer=_numbers("ClaimNum", 1, 25), meets="claims.list.ClaimStatus"),
    Case(id="claims of a patient in a status", call="GET /api/v1/claims?ClaimStatus=R&PatNum=13", status=200, answer=[],
         meets="claims.list.empty claims.list.PatNum claims.list.ClaimStatus"),
    Case(id="claims that were changed since", office=STATUSES, status=200, answer=_numbers("ClaimNum", 1),
         call="GET /api/v1/claims?SecDateTEdit=2022-07-17%2000:00:00", meets="claims.list.SecDateTEdit"),
    Case(id="claims that were changed at that time", office=STATUSES, status=200, answer=_numbers("ClaimNum", 1),
         call="GET /api/v1/claims?SecDateTEdit=2022-07-29+11:55:44&PatNum=23", meets="claims.list.SecDateTEdit"),
    Case(id="a page of claims", call="GET /api/v1/claims?Limit=2&Offset=3", status=200,
         answer=_numbers("ClaimNum", 19, 25), meets="api.Limit api.Offset"),
    *[
        Case(id=f"no patient {number}", call=f"GET /api/v1/claims?PatNum={number}", status=404,
             answer="Patient not found.", meets="claims.list.PatNum.unknown")
        for number in (99, 0, -1)
    ],
    Case(id="patient 0, whom claims have that name none", office={"claim": [7]}, call="GET /api/v1/claims?PatNum=0",
         status=404, answer="Patient not found.", meets="claims.list.PatNum.unknown"),
    Case(id="a patient by name", call="GET /api/v1/claims?PatNum=x", status=400, answer="PatNum is invalid.",
         meets="claims.list.PatNum.invalid"),
    Case(id="no such status of claims", call="GET /api/v1/claims?ClaimStatus=Sent", status=400,
         answer="ClaimStatus is invalid.", meets="claims.list.ClaimStatus.invalid"),
    *[
        Case(id=f"SecDateTEdit {name}", call=f"GET /api/v1/claims?SecDateTEdit={given}", status=400,
             answer="SecDateTEdit format must be yyyy-MM-dd HH:mm:ss.", meets="claims.list.SecDateTEdit.invalid")
        for name, given in {"without a time": "2022-03-30", "empty": "", "with a T": "2022-03-30T00:00:00",
                            "of no day": "2022-02-30%2000:00:00"}.items()
    ],
    Case(id="a DateTime of claims in another form", office=STATUSES, status=200,
         call="GET /api/v1/claims?Limit=1&DateTimeFormatString=dd/MM/yyyy",
         answer=lambda rows: (rows[0]["SecDateTEdit"], rows[0]["customTracking"]) == ("29/07/2022", "review 1"),
         meets="api.DateTimeFormatString"),
    Case(id="claims of every patient in an office that needs one", office=BEFORE_OPTIONAL, call="GET /api/v1/claims",
         status=400, answer="PatNum is required.", meets="claims.list.PatNum.required"),
    Case(id="claims of a patient in an office that needs one", office=BEFORE_OPTIONAL, status=200,
         call="GET /api/v1/claims?PatNum=13", answer=_numbers("ClaimNum", 15), meets="claims.list.PatNum"),
    Case(id="claims of an old office", office=NO_LOOKUPS, call="GET /api/v1/claims", status=400,
         answer="claims GET was added in version 22.2.", meets="claims.list.version"),
    Case(id="one claim", call="GET /api/v1/claims/15", status=200,
         answer={"ClaimNum": 15, "PatNum": 13, "ClaimStatus": "S", "CustomTracking": 0, "customTracking": "",
                 "ClaimFee": 0.0, "IsOrtho": "False", "DateService": "0001-01-01",
                 "SecDateTEdit": "2023-07-26 09:47:10"},
         meets="claims.get.row"),
    Case(id="the name of a claim's status", office=STATUSES, call="GET /api/v1/claims/1", status=200,
         answer={"CustomTracking": 363, "customTracking": "review 1"}, meets="claims.get.customTracking"),
    Case(id="no claim of that number", call="GET /api/v1/claims/99", status=404, answer="Claim not found.",
         meets="claims.get.ClaimNum.unknown"),
    Case(id="a claim beyond 64 bits", call=f"GET /api/v1/claims/{2**63}", status=400, answer="ClaimNum is invalid.",
         meets="claims.get.ClaimNum.invalid"),
    Case(id="one claim of an office that is too old", office=BEFORE_OPTIONAL, call="GET /api/v1/claims/15", status=400,
         answer="claims GET was added in version 23.3.11.", meets="claims.get.version"),
    Case(id="a word after claims", call="GET /api/v1/claims/search", status=400,
         answer="claims GET search is not a valid method.", meets="api.method.unknown"),
    Case(id="a claim that is created", call="POST /api/v1/claims", body={}, status=400,
         answer="claims POST  is not a valid method.", meets="api.method.unknown"),
    Case(id="claims with a key that may only write", office=KEYS, call="GET /api/v1/claims", status=401,
         authorization="ODFHIR DevKey0/WriteKey0", meets="api.permission"),
]  # fmt: skip

PREFERENCES = [
    Case(id="every preference", call="GET /api/v1/preferences", status=200,
         answer=_numbers("PrefNum", 1, 2),
         meets="preferences.list.all preferences.list.order preferences.list.boolean preferences.list.ProgramVersion"),
    Case(id="a preference that is off", call="GET /api/v1/preferences?PrefName=ClaimTrackingStatusExcludesNone",
         status=200, answer=[{"PrefNum": 1, "PrefName": "ClaimTrackingStatusExcludesNone", "ValueString": "0"}],
         meets="preferences.list.PrefName preferences.list.boolean"),
    Case(id="a preference that is on", fixtures=("status-required",), status=200,
         call="GET /api/v1/preferences?PrefName=ClaimTrackingStatusExcludesNone",
         answer=lambda rows: rows[0]["ValueString"] == "1", meets="preferences.list.boolean"),
    Case(id="the version of the office", call="GET /api/v1/preferences?PrefName=ProgramVersion", status=200,
         answer=[{"PrefNum": 2, "PrefName": "ProgramVersion", "ValueString": "25.4.48"}],
         meets="preferences.list.ProgramVersion"),
    Case(id="a preference that only the fixture knows", status=200, office={"preference": {"Mine": 7, "Ours": False}},
         call="GET /api/v1/preferences?Offset=2", answer=[
             {"PrefNum": 101, "PrefName": "Mine", "ValueString": "7"},
             {"PrefNum": 102, "PrefName": "Ours", "ValueString": "0"}]),
    Case(id="no such preference", call="GET /api/v1/preferences?PrefName=programversion", status=200, answer=[],
         meets="preferences.list.PrefName.empty"),
    Case(id="a name longer than any", call=f"GET /api/v1/preferences?PrefName={'x' * 256}", status=400,
         answer="PrefName is invalid.", meets="preferences.list.PrefName.invalid"),
    Case(id="preferences of an old office", office=NO_LOOKUPS, call="GET /api/v1/preferences", status=400,
         answer="preferences GET was added in version 21.1.", meets="preferences.list.version"),
]  # fmt: skip

LOOKUP_WARNINGS = [
    Case(id="the form of DateTimes where there is none", call="GET /api/v1/definitions?Limit=1&DateTimeFormatString=d",
         status=200, answer=_numbers("DefNum", 339), meets="warning.undocumented-parameter",
         warns="'DateTimeFormatString' is not a documented parameter."),
    Case(id="a category by the name that came later", call="GET /api/v1/definitions?category=ClaimErrorCode&Limit=1",
         status=200, answer=_numbers("DefNum", 339), meets="warning.undocumented-parameter",
         warns="'category' is not a documented parameter; did you mean Category?"),
]  # fmt: skip
LOOKUPS = [*DEFINITIONS, *CLAIMS, *PREFERENCES]
