"""Contract cases: a table of requests, their responses, and the rules that each covers."""

from dataclasses import dataclass
from typing import Any

JSON = "application/json"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One request, sent `times` times. `answer` is the last body if it is a list or text, or columns of it.

    `warns` is the warning; `refused` is the explanation under --strict, if it is not the same text as the warning.
    """

    id: str
    call: str
    body: Any = None
    raw: bytes | None = None
    content_type: str | None = JSON
    authorization: str | None = "ODFHIR AnyDeveloper/AnyCustomer"
    headers: tuple[tuple[str, str], ...] = ()
    fixtures: tuple[str, ...] = ("default",)
    office: dict[str, Any] | None = None
    settings: tuple[tuple[str, Any], ...] = ()
    status: int
    answer: Any = None
    times: int = 1
    meets: str = ""
    warns: str = ""
    refused: str = ""


def _numbers(*numbers: int) -> Any:
    return lambda rows: [row["ClaimTrackingNum"] for row in rows] == list(numbers)


REQUIRED = ("status-required",)
NO_SETUP = {"claim": [{"ClaimNum": 1}]}
HIDDEN_FIRST = {
    "claim": [{"ClaimNum": 1}],
    "definition": [
        {"DefNum": 1, "Category": 31, "ItemName": "Old", "IsHidden": True},
        {"DefNum": 2, "Category": 31, "ItemName": "Sent"},
    ],
}
LAST_NUMBER = {
    "extends": "default",
    "claimtracking": [
        {"ClaimTrackingNum": 2**63 - 1, "ClaimNum": 1, "DateTimeEntry": "2023-07-01 00:00:00"},
    ],
}
ALL = (45, 46, 34, 51, 50, 49, 48, 47)

LIST = [
    Case(id="all claims, newest first", call="GET /api/v1/claimtrackings", status=200, answer=_numbers(*ALL),
         meets="claimtrackings.list.all claimtrackings.list.order claimtrackings.list.TrackingType api.Limit.default"
               " claimtrackings.list.order.ties"),
    Case(id="one claim, among equal times the higher number first", call="GET /api/v1/claimtrackings?ClaimNum=3",
         status=200, answer=_numbers(46, 48), meets="claimtrackings.list.ClaimNum"),
    Case(id="a claim without trackings", call="GET /api/v1/claimtrackings?ClaimNum=15", status=200, answer=[],
         meets="claimtrackings.list.ClaimNum.empty"),
    Case(id="no such claim", call="GET /api/v1/claimtrackings?ClaimNum=99", status=404, answer="Claim not found.",
         meets="claimtrackings.list.ClaimNum.unknown"),
    *[
        Case(id=f"claim {number}", call=f"GET /api/v1/claimtrackings?ClaimNum={number}", status=404,
             answer="Claim not found.", meets="claimtrackings.list.ClaimNum.zero api.explanation")
        for number in (0, -1)
    ],
    *[
        Case(id=f"ClaimNum {name}", call=f"GET /api/v1/claimtrackings?ClaimNum={given}", status=400,
             answer="ClaimNum is invalid.", meets="claimtrackings.list.ClaimNum.invalid")
        for name, given in {
            "a word": "abc", "empty": "", "a fraction": "1.0", "beyond 64 bits": str(2**63), "signed": "%2B1",
            "Arabic digits": "%D9%A3", "with a space": "%201", "hexadecimal": "0x1", "twice": "1&ClaimNum=3",
            "of many digits": "9" * 50, "not UTF-8": "%ff",
        }.items()
    ],
    Case(id="Limit", call="GET /api/v1/claimtrackings?Limit=2", status=200, answer=_numbers(45, 46), meets="api.Limit"),
    Case(id="Limit and Offset", call="GET /api/v1/claimtrackings?Limit=2&Offset=1", status=200,
         answer=_numbers(46, 34), meets="api.Limit api.Offset"),
    Case(id="Limit above the page size", call="GET /api/v1/claimtrackings?Limit=100000", status=200,
         answer=_numbers(*ALL), meets="api.Limit.clamped"),
    Case(id="the last row", call="GET /api/v1/claimtrackings?Offset=7", status=200, answer=_numbers(47)),
    Case(id="Offset beyond the end", call="GET /api/v1/claimtrackings?Offset=8", status=200, answer=[],
         meets="api.Offset.beyond"),
    Case(id="Offset far beyond the end", call=f"GET /api/v1/claimtrackings?Offset={2**63 - 1}", status=200, answer=[]),
    Case(id="Offset 0 of a claim without trackings", call="GET /api/v1/claimtrackings?ClaimNum=15&Offset=0",
         status=200, answer=[], meets="claimtrackings.list.ClaimNum.empty"),
    *[
        Case(id=f"{name} {given or 'empty'}", call=f"GET /api/v1/claimtrackings?{name}={given}", status=400,
             answer=f"{name} is invalid.", meets=f"api.{name}.invalid")
        for name, given in (("Limit", "0"), ("Limit", "-1"), ("Limit", "x"), ("Limit", ""), ("Offset", "-1"),
                            ("Offset", "x"), ("Offset", str(2**63)))
    ],
    Case(id="what is checked first is reported first", call="GET /api/v1/claimtrackings?Limit=x&ClaimNum=x",
         status=400, answer="ClaimNum is invalid."),
    Case(id="a line break leaves as a space", call="GET /api/v1/claimtrackings?ClaimNum=25&Limit=1&Offset=1",
         status=200, answer=lambda rows: "08:30:00 Carrier asked" in rows[0]["Note"]),
]  # fmt: skip

CREATE = [
    Case(id="everything given", call="POST /api/v1/claimtrackings", status=201,
         body={"ClaimNum": 15, "Note": "Sent.", "TrackingDefNum": 339, "TrackingErrorDefNum": 340},
         answer={"ClaimTrackingNum": 52, "Note": "Sent.", "TrackingDefNum": 339, "TrackingErrorDefNum": 340},
         meets="claimtrackings.create.row claimtrackings.create.setup claimtrackings.create.Note claimtrackings.create.TrackingDefNum"
               " claimtrackings.create.TrackingErrorDefNum claimtrackings.create.server-columns"),
    Case(id="a hidden status before one that is not", office=HIDDEN_FIRST, call="POST /api/v1/claimtrackings", status=201,
         body={"ClaimNum": 1}, meets="claimtrackings.create.setup"),
    Case(id="nothing but the claim", call="POST /api/v1/claimtrackings", status=201, body={"ClaimNum": 15},
         answer={"ClaimTrackingNum": 52, "ClaimNum": 15, "TrackingType": "StatusHistory", "UserNum": 0,
                 "DateTimeEntry": "2023-07-26 09:47:10", "Note": "", "TrackingDefNum": 0, "TrackingErrorDefNum": 0},
         meets="claimtrackings.create.Note.default claimtrackings.create.TrackingDefNum.default"
               " claimtrackings.create.TrackingErrorDefNum.default"),
    Case(id="0 for None", call="POST /api/v1/claimtrackings", status=201,
         body={"ClaimNum": 15, "TrackingDefNum": 0, "TrackingErrorDefNum": 0}, answer={"TrackingDefNum": 0}),
    Case(id="no ClaimNum", call="POST /api/v1/claimtrackings", status=400, body={}, answer="ClaimNum is required.",
         meets="claimtrackings.create.ClaimNum.required"),
    Case(id="no such claim to create for", call="POST /api/v1/claimtrackings", status=404, body={"ClaimNum": 99},
         answer="Claim not found.", meets="claimtrackings.create.ClaimNum.unknown"),
    Case(id="claim 0 to create for", call="POST /api/v1/claimtrackings", status=404, body={"ClaimNum": 0},
         answer="Claim not found."),
    Case(id="status required, left out", fixtures=REQUIRED, call="POST /api/v1/claimtrackings", status=400,
         body={"ClaimNum": 15}, answer="TrackingDefNum is required.",
         meets="claimtrackings.create.TrackingDefNum.required"),
    Case(id="status required, None", fixtures=REQUIRED, call="POST /api/v1/claimtrackings", status=400,
         body={"ClaimNum": 15, "TrackingDefNum": 0}, answer="TrackingDefNum is invalid.",
         meets="claimtrackings.create.TrackingDefNum.none"),
    Case(id="status required, given", fixtures=REQUIRED, call="POST /api/v1/claimtrackings", status=201,
         body={"ClaimNum": 15, "TrackingDefNum": 339}, answer={"TrackingDefNum": 339}),
    *[
        Case(id=f"create with {column} {what}", call="POST /api/v1/claimtrackings", status=400,
             body={"ClaimNum": 15, column: def_num}, answer=f"{column} is invalid.",
             meets=f"claimtrackings.create.{column}.category")
        for column, what, def_num in (
            ("TrackingDefNum", "that is no definition", 999), ("TrackingDefNum", "of category 43", 340),
            ("TrackingDefNum", "of another category", 344), ("TrackingDefNum", "negative", -1),
            ("TrackingErrorDefNum", "that is no definition", 999), ("TrackingErrorDefNum", "of category 31", 339),
            ("TrackingErrorDefNum", "of another category", 344),
        )
    ],
    *[
        Case(id=f"create with {column} {value!r}", call="POST /api/v1/claimtrackings", status=400,
             body={"ClaimNum": 15} | {column: value}, answer=f"{column} is invalid.",
             meets=f"claimtrackings.create.{column}.invalid")
        for column, values in {
            "ClaimNum": (None, True, 1.5, 15.0, "", "x", "1.0", [15], {"ClaimNum": 15}, 2**63, -(2**63) - 1),
            "Note": (None, 12, False, ["a"], {}),
            "TrackingDefNum": (None, True, 339.5, 339.0, "x", [], 2**63),
            "TrackingErrorDefNum": (None, False, 0.0, "x", {}, -(2**63) - 1),
        }.items()
        for value in values
    ],
    Case(id="the highest number is used up", office=LAST_NUMBER, call="POST /api/v1/claimtrackings", status=400,
         body={"ClaimNum": 15}, answer="ClaimTrackingNum is exhausted.",
         meets="claimtrackings.create.ClaimTrackingNum.exhausted"),
    Case(id="an emoji is kept as U+FFFD", call="POST /api/v1/claimtrackings", status=201,
         body={"ClaimNum": 15, "Note": "Café \U0001f600"}, answer={"Note": "Café \ufffd"}, meets="api.text.plane"),
    Case(id="half an emoji is kept as U+FFFD", call="POST /api/v1/claimtrackings", status=201,
         raw=b'{"ClaimNum": 15, "Note": "\\ud83d!"}', answer={"Note": "\ufffd!"}),
    Case(id="a long note is cut at 65,535 bytes", call="POST /api/v1/claimtrackings", status=201,
         body={"ClaimNum": 15, "Note": "a" + "é" * 40_000}, answer={"Note": "a" + "é" * 32_767},
         meets="api.text.length"),
    *[
        Case(id=f"{line_break!r} leaves as a space", call="POST /api/v1/claimtrackings", status=201,
             body={"ClaimNum": 15, "Note": f"one{line_break}two"}, answer={"Note": "one two"},
             meets="api.text.line-break")
        for line_break in ("\r\n", "\r", "\n")
    ],
]  # fmt: skip

UPDATE = [
    Case(id="the note alone", call="PUT /api/v1/claimtrackings/45", status=200, body={"Note": "Called."},
         answer={"ClaimTrackingNum": 45, "ClaimNum": 19, "TrackingType": "StatusHistory", "UserNum": 1,
                 "DateTimeEntry": "2023-07-26 09:47:10", "Note": "Called.", "TrackingDefNum": 345,
                 "TrackingErrorDefNum": 343},
         meets="claimtrackings.update.row claimtrackings.update.Note claimtrackings.update.absent"
               " claimtrackings.update.UserNum"
               " claimtrackings.update.DateTimeEntry"),
    Case(id="an emptied note", call="PUT /api/v1/claimtrackings/47", status=200, body={"Note": ""},
         answer={"Note": ""}),
    Case(id="status and error code", call="PUT /api/v1/claimtrackings/34", status=200,
         body={"TrackingDefNum": 339, "TrackingErrorDefNum": 340},
         answer={"TrackingDefNum": 339, "TrackingErrorDefNum": 340},
         meets="claimtrackings.update.TrackingDefNum claimtrackings.update.TrackingErrorDefNum"),
    Case(id="0 sets to None", call="PUT /api/v1/claimtrackings/45", status=200,
         body={"TrackingDefNum": 0, "TrackingErrorDefNum": 0},
         answer={"TrackingDefNum": 0, "TrackingErrorDefNum": 0},
         meets="claimtrackings.update.TrackingDefNum.zero claimtrackings.update.TrackingErrorDefNum.zero"),
    Case(id="nothing at all", call="PUT /api/v1/claimtrackings/45", status=200, body={},
         answer={"DateTimeEntry": "2023-07-20 14:05:45", "TrackingDefNum": 345},
         meets="claimtrackings.update.DateTimeEntry.unchanged claimtrackings.update.absent"),
    Case(id="the values that are there", call="PUT /api/v1/claimtrackings/45", status=200,
         body={"Note": "", "TrackingDefNum": 345, "TrackingErrorDefNum": 343},
         answer={"DateTimeEntry": "2023-07-20 14:05:45"}, meets="claimtrackings.update.DateTimeEntry.unchanged"),
    Case(id="no number", call="PUT /api/v1/claimtrackings", status=400, body={},
         answer="ClaimTrackingNum is required.", meets="claimtrackings.update.ClaimTrackingNum.required"),
    Case(id="no number but a slash", call="PUT /api/v1/claimtrackings/", status=400, body={},
         answer="ClaimTrackingNum is required."),
    Case(id="a word for a number", call="PUT /api/v1/claimtrackings/abc", status=400, body={},
         answer="claimtrackings PUT abc is not a valid method."),
    Case(id="number 0", call="PUT /api/v1/claimtrackings/0", status=404, body={}, answer="ClaimTracking not found.",
         meets="claimtrackings.update.ClaimTrackingNum.unknown"),
    Case(id="a negative number", call="PUT /api/v1/claimtrackings/-45", status=404, body={},
         answer="ClaimTracking not found."),
    Case(id="a number that no row has", call="PUT /api/v1/claimtrackings/52", status=404, body={"Note": "x"},
         answer="ClaimTracking not found."),
    Case(id="a number beyond 64 bits", call=f"PUT /api/v1/claimtrackings/{2**63}", status=400, body={},
         answer="ClaimTrackingNum is invalid.", meets="claimtrackings.update.ClaimTrackingNum.invalid"),
    Case(id="a number of 5 000 digits", call=f"PUT /api/v1/claimtrackings/{'9' * 5000}", status=400, body={},
         answer="ClaimTrackingNum is invalid."),
    Case(id="the body is looked at before the row", call="PUT /api/v1/claimtrackings/999", status=400,
         body={"Note": 1}, answer="Note is invalid."),
    Case(id="None where it is excluded", fixtures=REQUIRED, call="PUT /api/v1/claimtrackings/45", status=400,
         body={"TrackingDefNum": 0}, answer="TrackingDefNum is invalid.",
         meets="claimtrackings.update.TrackingDefNum.none"),
    Case(id="status left out where None is excluded", fixtures=REQUIRED, call="PUT /api/v1/claimtrackings/34",
         status=200, body={"Note": "x"}, answer={"TrackingDefNum": 0}),
    *[
        Case(id=f"update with {column} {def_num}", call="PUT /api/v1/claimtrackings/45", status=400,
             body={column: def_num}, answer=f"{column} is invalid.", meets=f"claimtrackings.update.{column}.category")
        for column, def_num in (("TrackingDefNum", 999), ("TrackingDefNum", 343), ("TrackingErrorDefNum", 999),
                                ("TrackingErrorDefNum", 345))
    ],
    *[
        Case(id=f"update with {column} {value!r}", call="PUT /api/v1/claimtrackings/45", status=400,
             body={column: value}, answer=f"{column} is invalid.", meets=f"claimtrackings.update.{column}.invalid")
        for column, value in (("Note", None), ("Note", 0), ("TrackingDefNum", None), ("TrackingDefNum", False),
                              ("TrackingErrorDefNum", None), ("TrackingErrorDefNum", 1.5))
    ],
]  # fmt: skip

PATHS = [
    *[
        Case(id=f"{method} {path}", call=f"{method} {path}", status=404, answer=f"{word} is not a valid resource.",
             meets="api.resource.unknown")
        for method, path, word in (
            ("GET", "/api/v1/claimtracking", "claimtracking"), ("GET", "/patients", "patients"),
            ("DELETE", "/api/v1/nothing/5", "nothing"), ("GET", "/api/v1/v1/claimtrackings", "v1"),
            ("POST", "/api/v2/claimtrackings", "api"), ("GET", "/api/v1/ClaimTrackings", "ClaimTrackings"),
            ("POST", "/", ""), ("GET", "/api/v1", ""), ("GET", "/api/v1/", ""), ("PATCH", "/a%20b", "a b"),
            ("GET", "/%3Cscript%3E", "<script>"), ("GET", "/api/v1claimtrackings", "api"),
        )
    ],
    *[
        Case(id=f"{method} {path}", call=f"{method} {path}", status=400, meets="api.method.unknown",
             answer=f"claimtrackings {method} {word} is not a valid method.")
        for method, path, word in (
            ("DELETE", "/api/v1/claimtrackings/52", ""), ("DELETE", "/claimtrackings", ""),
            ("PATCH", "/api/v1/claimtrackings/52", ""), ("GET", "/api/v1/claimtrackings/52", ""),
            ("POST", "/claimtrackings/52", ""), ("POST", "/api/v1/claimtrackings/Pending", "Pending"),
            ("GET", "/api/v1/claimtrackings/52/notes", "notes"), ("PUT", "/claimtrackings/52/notes", "notes"),
            ("PUT", "/api/v1/claimtrackings/%D9%A3", "\u0663"), ("PUT", "/claimtrackings/1.5", "1.5"),
        )
    ],
    Case(id="a trailing slash", call="GET /api/v1/claimtrackings/?ClaimNum=3", status=200, answer=_numbers(46, 48)),
    Case(id="a trailing slash after a number", call="PUT /api/v1/claimtrackings/45/", status=200, body={},
         answer={"ClaimTrackingNum": 45}),
]  # fmt: skip

BODIES = [
    *[
        Case(id=f"{method} of {name}", call=f"{method} {path}", raw=raw, status=400, answer=answer, meets=rule)
        for method, path in (("POST", "/api/v1/claimtrackings"), ("PUT", "/api/v1/claimtrackings/45"))
        for name, raw, answer, rule in (
            ("an empty body", b"", "The request body is not valid JSON.", "api.body.json"),
            ("half an object", b'{"ClaimNum": 1', "The request body is not valid JSON.", "api.body.json"),
            ("NaN", b'{"ClaimNum": NaN}', "The request body is not valid JSON.", "api.body.json"),
            ("an array of a hundred arrays", b"[" + b",".join([b"[]"] * 100) + b"]", "The request body must be a JSON object.",
             "api.body.object"),
            ("deep nesting", b"[" * 100_000, "The request body is not valid JSON.", "api.body.json"),
            ("65 levels", b'{"a":' * 65 + b"1" + b"}" * 65, "The request body is not valid JSON.", "api.body.json"),
            ("a bracket too many", b"[]]" + b"[]" * 40, "The request body is not valid JSON.", "api.body.json"),
            ("100,001 names and values", b"[" + b"1," * 99_999 + b"1]", "The request body is not valid JSON.", "api.body.json"),
            ("100,000 names and values", b"[" + b"1," * 99_998 + b"1]", "The request body must be a JSON object.",
             "api.body.object"),
            ("5 000 digits", b'{"ClaimNum": ' + b"9" * 5000 + b"}", "The request body is not valid JSON.",
             "api.body.json"),
            ("an array", b"[]", "The request body must be a JSON object.", "api.body.object"),
            ("a string", b'"x"', "The request body must be a JSON object.", "api.body.object"),
            ("null", b"null", "The request body must be a JSON object.", "api.body.object"),
            ("bytes that are not UTF-8", b'{"Note": "\xff"}',
             "The request body is not in the charset that it claims.", "api.body.charset"),
        )
    ],
    Case(id="an unknown charset", call="POST /api/v1/claimtrackings", raw=b"{}", status=400,
         content_type="application/json; charset=bogus", meets="api.body.charset",
         answer="The request body is not in the charset that it claims."),
    Case(id="a codec that is not a charset", call="POST /api/v1/claimtrackings", raw=b"7b7d", status=400,
         content_type="application/json; charset=hex", meets="api.body.charset",
         answer="The request body is not in the charset that it claims."),
    Case(id="a charset of nested comments", call="POST /api/v1/claimtrackings", raw=b"{}", status=400,
         content_type="application/json; charset=" + "(" * 4000, meets="api.body.charset",
         answer="The request body is not in the charset that it claims."),
    *[
        Case(id=f"the charset of {parameters}", call="POST /api/v1/claimtrackings", status=201,
             raw='{"ClaimNum": 15, "Note": "Café"}'.encode("latin-1"), content_type=f"application/json{parameters}",
             answer={"Note": "Café"})
        for parameters in ("; charset=latin-1", ";Charset=ISO-8859-1 ; a=b", '; a="; charset=utf-8"; charset="latin\\-1"',
                           ";;; a; charset=latin-1; charset=utf-8")
    ],
    Case(id="another charset", call="POST /api/v1/claimtrackings", status=201,
         raw='{"ClaimNum": 15, "Note": "Café"}'.encode("utf-16"), content_type="application/json; charset=utf-16",
         answer={"Note": "Café"}),
    Case(id="a byte order mark", call="POST /api/v1/claimtrackings", status=201, raw=b'\xef\xbb\xbf{"ClaimNum": 15}',
         answer={"ClaimNum": 15}),
    Case(id="a gzip that is none", call="POST /api/v1/claimtrackings", status=400, raw=b"{}",
         headers=(("Content-Encoding", "gzip"),), answer="The request body could not be read.",
         meets="api.body.broken"),
    Case(id="too many characters", call="POST /api/v1/claimtrackings", status=400, raw=b" " * 16_800_001,
         answer="The request body is too large.", meets="api.body.size"),
]  # fmt: skip

WARNINGS = [
    Case(id="an undocumented parameter", call="GET /api/v1/claimtrackings?claimnum=3", status=200,
         answer=_numbers(*ALL), warns="'claimnum' is not a documented parameter; did you mean ClaimNum?",
         meets="warning.undocumented-parameter"),
    Case(id="an undocumented field", call="POST /api/v1/claimtrackings", status=201,
         body={"ClaimNum": 15, "note": "x"}, answer={"Note": ""},
         warns="note is not a documented field; did you mean Note?", meets="warning.undocumented-field"),
    Case(id="a field that the server sets", call="POST /api/v1/claimtrackings", status=201,
         body={"ClaimNum": 15, "UserNum": 7}, answer={"UserNum": 0}, warns="UserNum cannot be set; it is ignored.",
         refused="UserNum cannot be set.", meets="warning.read-only-field"),
    Case(id="a claim that cannot be changed", call="PUT /api/v1/claimtrackings/45", status=200,
         body={"ClaimNum": 1}, answer={"ClaimNum": 19, "DateTimeEntry": "2023-07-20 14:05:45"},
         warns="ClaimNum cannot be set; it is ignored.", refused="ClaimNum cannot be set.",
         meets="warning.read-only-field"),
    Case(id="a number in quotes", call="POST /api/v1/claimtrackings", status=201, body={"ClaimNum": "15"},
         answer={"ClaimNum": 15}, warns="ClaimNum is a number in quotes; it is taken as the number.",
         refused="ClaimNum is a number in quotes.", meets="warning.number-as-text"),
    Case(id="a key twice", call="POST /api/v1/claimtrackings", status=201, raw=b'{"ClaimNum": 99, "ClaimNum": 15}',
         answer={"ClaimNum": 15}, warns="The body has a duplicate key; the last one counts.",
         refused="The body has a duplicate key.", meets="warning.doubled-key"),
    Case(id="a hidden status", call="POST /api/v1/claimtrackings", status=201,
         body={"ClaimNum": 15, "TrackingDefNum": 342}, answer={"TrackingDefNum": 342},
         warns="TrackingDefNum names a hidden definition.", meets="warning.hidden-definition"),
    Case(id="no status set up", office=NO_SETUP, call="POST /api/v1/claimtrackings", status=201, body={"ClaimNum": 1},
         answer={"ClaimTrackingNum": 1}, meets="warning.no-setup",
         warns="The Dental Office has not set up any claim status (definition of category 31)."),
    Case(id="the page's own path", call="GET /claimtrackings", status=200, answer=_numbers(*ALL),
         warns="The path does not begin with /api/v1.", meets="warning.base-path"),
]  # fmt: skip

KEYS: dict[str, Any] = {
    "extends": "default",
    "apikey": [
        {"DeveloperKey": "DevKey0", "CustomerKey": "FullKey0"},
        {"DeveloperKey": "DevKey0", "CustomerKey": "ReadKey0", "Permissions": ["ReadAll"]},
        {"DeveloperKey": "DevKey0", "CustomerKey": "WriteKey0", "Permissions": ["Insurance"]},
        {"DeveloperKey": "DevKey0", "CustomerKey": "OffKey0", "State": "DisabledByCustomer"},
        {"DeveloperKey": "DevKey0", "CustomerKey": "BigKey0", "Permissions": ["ReadAll", "Enterprise"]},
    ],
}
OLD_OFFICE = {"extends": "default", "office": {"version": "23.2.4"}}
FORM = "dd/MM/yyyy%20HH:mm:ss"

DOOR = [
    Case(id="a known pair of keys", office=KEYS, call="GET /api/v1/claimtrackings", status=200,
         authorization="ODFHIR DevKey0/FullKey0", meets="api.credentials"),
    Case(id="any pair where the office lists none", call="GET /api/v1/claimtrackings", status=200,
         meets="api.credentials"),
    Case(id="the scheme in small letters", call="GET /api/v1/claimtrackings", status=200,
         authorization="odfhir Dev/Cust"),
    *[
        Case(id=f"the header {header!r}", office=KEYS, call="POST /api/v1/claimtrackings", body={"ClaimNum": 15},
             status=401, authorization=header, answer="The Authorization header is invalid.",
             meets="api.credentials.malformed")
        for header in ("Bearer FullKey0", "ODFHIR", "ODFHIR DevKey0", "ODFHIR DevKey0/", "ODFHIR /FullKey0",
                       "ODFHIR Dev/Full/Key0", "DevKey0/FullKey0", "ODFHIRDevKey0/FullKey0", "Basic RGV2S2V5MDpG")
    ],
    *[
        Case(id=f"{what} on {call.split()[0]}", office=KEYS, call=call, body=body, status=401,
             authorization=f"ODFHIR {keys}", answer=answer, meets=rule)
        for call, body, what, keys, answer, rule in (
            ("GET /api/v1/claimtrackings", None, "an unknown customer key", "DevKey0/NoKey0",
             "The Developer Key or the Customer Key is invalid.", "api.credentials.invalid"),
            ("GET /api/v1/claimtrackings", None, "another developer's customer key", "OtherKey0/FullKey0",
             "The Developer Key or the Customer Key is invalid.", "api.credentials.invalid"),
            ("POST /api/v1/claimtrackings", {"ClaimNum": 15}, "a disabled key", "DevKey0/OffKey0",
             "The Customer Key is disabled.", "api.credentials.disabled"),
            ("POST /api/v1/claimtrackings", {"ClaimNum": 15}, "ReadAll alone", "DevKey0/ReadKey0",
             "The Customer Key does not have the permission Insurance.", "api.permission"),
            ("PUT /api/v1/claimtrackings/45", {}, "ReadAll alone", "DevKey0/ReadKey0",
             "The Customer Key does not have the permission Insurance.", "api.permission"),
            ("GET /api/v1/claimtrackings", None, "Insurance alone", "DevKey0/WriteKey0",
             "The Customer Key does not have the permission ReadAll.", "api.permission"),
        )
    ],
    Case(id="credentials are looked at before the body", office=KEYS, call="POST /api/v1/claimtrackings", raw=b"{",
         status=401, authorization="ODFHIR DevKey0/ReadKey0", meets="api.permission"),
    Case(id="the resource is looked at before credentials", office=KEYS, call="GET /api/v1/patients", status=404,
         authorization="Bearer x", answer="patients is not a valid resource."),
    *[
        Case(id=f"{method} with Content-Type {content_type}", call=f"{method} {path}", raw=b"{}", status=400,
             content_type=content_type, answer="The Content-Type must be application/json.", meets="api.content-type")
        for method, path in (("POST", "/api/v1/claimtrackings"), ("PUT", "/api/v1/claimtrackings/45"))
        for content_type in ("text/plain", "application/x-www-form-urlencoded", "application/jsonp", "application")
    ],
    Case(id="Content-Type with a charset", call="PUT /api/v1/claimtrackings/45", body={}, status=200,
         content_type="Application/JSON ; charset=UTF-8"),
    *[
        Case(id=f"{call.split()[0]} in an office that is too old", office=OLD_OFFICE, call=call, body={}, status=400,
             answer=f"claimtrackings {call.split()[0]} was added in version 23.2.5.",
             meets=f"claimtrackings.{name}.version")
        for call, name in (("GET /api/v1/claimtrackings", "list"), ("POST /api/v1/claimtrackings", "create"),
                           ("PUT /api/v1/claimtrackings/45", "update"))
    ],
    *[
        Case(id=f"DateTimeFormatString on {call.split()[0]}", body=body, status=status,
             call=f"{call}DateTimeFormatString={FORM}", meets="api.DateTimeFormatString",
             answer=lambda answer: (answer[0] if isinstance(answer, list) else answer)["DateTimeEntry"] in (
                 "20/07/2023 14:05:45", "26/07/2023 09:47:10"))
        for call, body, status in (("GET /api/v1/claimtrackings?Limit=3&", None, 200),
                                   ("POST /api/v1/claimtrackings?", {"ClaimNum": 15}, 201),
                                   ("PUT /api/v1/claimtrackings/45?", {"Note": "x"}, 200))
    ],
    Case(id="DateTimeFormatString left empty", call="GET /api/v1/claimtrackings?DateTimeFormatString=", status=200,
         answer=lambda rows: rows[0]["DateTimeEntry"] == "2023-07-20 14:05:45"),
    *[
        Case(id=f"the form {form}", call=f"GET /api/v1/claimtrackings?ClaimNum=15&DateTimeFormatString={form}",
             status=400, answer="DateTimeFormatString is invalid.", meets="api.DateTimeFormatString.invalid")
        for form in ("x", "%25", "fffffffff", "'open", "%5C")
    ],
    Case(id="a form of 100 characters", call=f"GET /api/v1/claimtrackings?ClaimNum=15&DateTimeFormatString={'d' * 100}",
         status=200, meets="api.DateTimeFormatString"),
    Case(id="a form of 101 characters", call=f"GET /api/v1/claimtrackings?ClaimNum=15&DateTimeFormatString={'d' * 101}",
         status=400, answer="DateTimeFormatString is invalid.", meets="api.DateTimeFormatString.invalid"),
    Case(id="a refused form changes nothing", status=400, body={"ClaimNum": 15},
         call="POST /api/v1/claimtrackings?DateTimeFormatString=x", meets="api.DateTimeFormatString.invalid"),
    Case(id="a key that asks too soon", settings=(("throttle", True),), call="GET /api/v1/claimtrackings", times=2,
         status=429, answer="Too many requests.", meets="api.throttle"),
    Case(id="no throttle in service mode", settings=(("throttle", True), ("mode", "service")),
         call="GET /api/v1/claimtrackings", times=2, status=200),
    Case(id="the page size of local mode", settings=(("mode", "local"),), call="GET /api/v1/claimtrackings",
         status=200, meets="api.Limit.local"),
    Case(id="the page size of Enterprise", office=KEYS, call="GET /api/v1/claimtrackings", status=200,
         authorization="ODFHIR DevKey0/BigKey0", meets="api.Limit.enterprise"),
]  # fmt: skip

WARNINGS += [
    Case(id="no credentials", call="GET /api/v1/claimtrackings", authorization=None, status=200,
         warns="There is no Authorization header.", meets="warning.no-authorization"),
    Case(id="no credentials where the office lists keys", office=KEYS, call="GET /api/v1/claimtrackings",
         authorization=None, status=200, warns="There is no Authorization header.", meets="warning.no-authorization"),
    Case(id="GET without Content-Type", call="GET /api/v1/claimtrackings", content_type=None, status=200,
         warns="The Content-Type is not application/json.", meets="warning.no-content-type"),
    Case(id="an undocumented parameter on POST", call="POST /api/v1/claimtrackings?Limit=3", body={"ClaimNum": 15},
         status=201, warns="'Limit' is not a documented parameter.", meets="warning.undocumented-parameter"),
]  # fmt: skip

CLAIMTRACKINGS = [*DOOR, *LIST, *CREATE, *UPDATE, *PATHS, *BODIES]
