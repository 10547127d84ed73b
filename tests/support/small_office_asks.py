"""Requests to which the small office and the mock have to answer alike."""

from support.small_office import BUSY_CLAIM, EMPTY_CLAIM, QUIET_CLAIM, RARE_CLAIM, SmallOffice
from support.small_office_client import Ask

API = "/api/v1"
ROWS = f"{API}/claimtrackings"
ROW = f"{ROWS}/6130"
BEYOND = 2**63
LATIN = "application/json; charset=latin-1"


def get(target: str) -> Ask:
    """Return a GET below the base path."""
    return Ask(f"GET {API}/{target}")


def create(**fields: object) -> Ask:
    """Return a POST for a claim without rows, unless the fields say otherwise."""
    return Ask(f"POST {ROWS}", {"ClaimNum": EMPTY_CLAIM} | fields)


def update(**fields: object) -> Ask:
    """Return a PUT of a row."""
    return Ask(f"PUT {ROW}", fields)


def with_keys(keys: str, ask: Ask) -> Ask:
    """Return a request with another Authorization header."""
    return Ask(ask.call, ask.body, ask.raw, {"Authorization": keys})


LISTS = [
    get("claimtrackings"),
    get("claimtrackings/"),
    *[get(f"claimtrackings?ClaimNum={claim}") for claim in (BUSY_CLAIM, QUIET_CLAIM, RARE_CLAIM, EMPTY_CLAIM)],
    *[get(f"claimtrackings?ClaimNum={value}") for value in (99, 0, -1, "x", "", "1.0", BEYOND, "1&ClaimNum=3", "%ff")],
    *[get(f"claimtrackings?Limit={value}") for value in (1, 7, 100, 101, 1000, 0, -1, "x", "", BEYOND)],
    *[get(f"claimtrackings?Offset={value}") for value in (0, 1, 100, 129, 130, 100_000, -1, "x", "", BEYOND)],
    get("claimtrackings?Limit=20&Offset=115"),
    get("claimtrackings?Limit=x&ClaimNum=x"),
    get("claimtrackings?Limit=x&ClaimNum=99"),
    get(f"claimtrackings?ClaimNum={EMPTY_CLAIM}&Offset=5"),
    get(f"claimtrackings?claimnum={BUSY_CLAIM}"),
    *[
        get(f"claimtrackings?Limit=3&DateTimeFormatString={form}")
        for form in (
            *("", "dd/MM/yyyy%20HH:mm:ss%20zzz", "dddd%20d%20MMMM%20yy,%20h:m:s%20tt", "s", "o", "R", "D", "yMd"),
            *("x", "%25", "fffffffff", "'open", "%5C", "d" * 101, "%25d", "'at'%20HH", "ddd%20MMM%20fff"),
        )
    ],
    get("claimtrackings?ClaimNum=99&DateTimeFormatString=x"),
]

CREATES = [
    create(),
    create(Note="Sent.", TrackingDefNum=512, TrackingErrorDefNum=530),
    create(TrackingDefNum=0, TrackingErrorDefNum=0),
    create(ClaimNum=BUSY_CLAIM),
    create(Note="Zoë 😀\r\nthree\rlines\n"),
    create(Note="a" + "é" * 40_000),
    create(TrackingDefNum=519),
    create(UserNum=7, DateTimeEntry="2020-01-01 00:00:00", note="x", Other=1),
    create(ClaimNum=str(EMPTY_CLAIM)),
    Ask(f"POST {ROWS}?DateTimeFormatString=MM-dd", {"ClaimNum": EMPTY_CLAIM}),
    Ask(f"POST {ROWS}?DateTimeFormatString=x", {"ClaimNum": EMPTY_CLAIM}),
    Ask(f"POST {ROWS}", {}),
    Ask(f"POST {ROWS}", {"Note": 1}),
    *[create(ClaimNum=value) for value in (99, 0, None, True, 1.5, "x", "", [15], BEYOND)],
    *[create(Note=value) for value in (None, 12, ["a"])],
    *[create(TrackingDefNum=value) for value in (999, 530, 61, -1, None, True, 1.0, "x", BEYOND, "512")],
    *[create(TrackingErrorDefNum=value) for value in (999, 512, 61, -1, None, False, "x", "530")],
    create(TrackingErrorDefNum=[]),
    create(ClaimNum=99, TrackingDefNum=999),
    create(Note=1, TrackingDefNum="x"),
    *[
        Ask(f"POST {ROWS}", raw=raw)
        for raw in (b"", b"{", b"[]", b"null", b'"x"', b'{"ClaimNum": NaN}', b'{"Note": "\xff"}', b"[" * 100)
    ],
    Ask(f"POST {ROWS}", raw=b'{"a":' * 65 + b"1" + b"}" * 65),
    Ask(f"POST {ROWS}", raw=b'{"ClaimNum": 99, "ClaimNum": %d}' % EMPTY_CLAIM),
    Ask(f"POST {ROWS}", raw=b'\xef\xbb\xbf{"ClaimNum": %d}' % EMPTY_CLAIM),
    Ask(
        f"POST {ROWS}",
        raw='{"ClaimNum": 48301, "Note": "Café"}'.encode("latin-1"),
        headers={"Content-Type": LATIN},
    ),
    Ask(f"POST {ROWS}", raw=b"{}", headers={"Content-Type": "application/json; charset=bogus"}),
    Ask(f"POST {ROWS}", raw=b"{}", headers={"Content-Encoding": "gzip"}),
]

UPDATES = [
    update(),
    update(Note="Called."),
    update(Note="Called."),
    update(Note=""),
    update(TrackingDefNum=507, TrackingErrorDefNum=528),
    update(TrackingDefNum=0, TrackingErrorDefNum=0),
    update(TrackingDefNum=519),
    update(ClaimNum=1, UserNum=9, TrackingType="ClaimUser"),
    Ask(f"PUT {ROW}?DateTimeFormatString=yyyy", {"Note": "x"}),
    *[update(Note=value) for value in (None, 0)],
    *[update(TrackingDefNum=value) for value in (999, 528, None, False, "507", "x")],
    *[update(TrackingErrorDefNum=value) for value in (999, 507, None, 1.5, "528")],
    *[Ask(f"PUT {ROWS}/{number}", {"Note": "y"}) for number in (0, -6130, 9999, BEYOND, "9" * 60, "abc", "1.5", "")],
    Ask(f"PUT {ROWS}/9999", {"Note": 1}),
    Ask(f"PUT {ROWS}", {}),
    Ask(f"PUT {ROW}/notes", {}),
    Ask(f"PUT {ROW}", raw=b"{"),
    Ask(f"PUT {ROW}", raw=b"[]"),
]

LOOKUPS = [
    *[get(f"definitions{query}") for query in ("", "?Category=31", "?Category=43", "?Category=27", "?Category=2")],
    *[get(f"definitions?{query}") for query in ("includeHidden=true", "includeHidden=false", "includeHidden=1")],
    *[get(f"definitions?{query}") for query in ("Category=31&includeHidden=true", "Category=x", "Limit=2&Offset=1")],
    *[get(f"claims{query}") for query in ("", "?PatNum=7301", "?PatNum=1", "?PatNum=0", "?PatNum=x", "?ClaimStatus=S")],
    *[get(f"claims?{query}") for query in ("ClaimStatus=Sent", "PatNum=7402&ClaimStatus=R", "Limit=2&Offset=3")],
    *[get(f"claims?SecDateTEdit={time}") for time in ("2026-06-01%2000:00:00", "2026-06-01", "2026-02-30%2000:00:00")],
    get("claims?Limit=1&DateTimeFormatString=dd/MM/yyyy"),
    *[get(f"claims/{number}") for number in (BUSY_CLAIM, RARE_CLAIM, EMPTY_CLAIM, 99, 0, BEYOND, "search")],
    *[get(f"preferences{query}") for query in ("", "?PrefName=ClaimTrackingStatusExcludesNone", "?PrefName=None")],
    *[get(f"preferences?PrefName={name}") for name in ("ProgramVersion", "x" * 256, "programversion")],
]

DOOR = [
    *[Ask(f"{method} {ROWS}", {}) for method in ("DELETE", "PATCH", "QUERY")],
    Ask(f"DELETE {ROW}"),
    *[get(path) for path in ("claimtrackings/52", "claimtrackings/52/notes", "claimtracking", "v1/claims", "nothing")],
    *[Ask(f"{method} {API}/definitions", {}) for method in ("PATCH", "PUT")],
    *[Ask(f"GET {path}") for path in (API, f"{API}/", "/nothing", f"{API}claims", "/a%20b")],
    *[
        with_keys(keys, ask)
        for ask in (get("definitions"), create(), update(Note="by another key"))
        for keys in (
            *("Bearer x", "ODFHIR", "ODFHIR a/", "ODFHIR Unknown/Pair", f"odfhir {SmallOffice.keys}"),
            *(f"ODFHIR {SmallOffice.read_only_keys}", f"ODFHIR {SmallOffice.disabled_keys}"),
        )
    ],
    with_keys("Bearer x", get("nothing")),
    *[
        Ask(f"POST {ROWS}", raw=b"{}", headers={"Content-Type": kind})
        for kind in ("text/plain", "application/jsonp", "Application/JSON ; charset=UTF-8", None)
    ],
    Ask(f"GET {ROWS}?Limit=1", headers={"Content-Type": None}),
    get("claimtrackings?Limit=100"),
]

ASKS = [*LISTS, *CREATES, *UPDATES, *LOOKUPS, *DOOR]
