"""Redaction tests: only headers, targets and texts that are known to be safe are shown."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.contract.contract import shipped_contract
from mockserver.journal.redaction import SHOWN_HEADERS, shown_headers, shown_target, shown_text
from support.effort import examples


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Authorization", "ODFHIR Dev/Cust", "ODFHIR [redacted]"),
        ("authorization", "Bearer abc def", "Bearer [redacted]"),
        ("Authorization", "Basic YTpi", "Basic [redacted]"),
        ("Proxy-Authorization", "basic YTpi", "basic [redacted]"),
        ("Authorization", "Dev/Cust", "[redacted]"),
        ("Authorization", "Dev Cust", "[redacted]"),
        ("Authorization", "ODFHIR", "[redacted]"),
        ("Authorization", "", "[redacted]"),
        ("Cookie", "session=abc; theme=dark", "[redacted]"),
        ("X-Mock-Admin-Token", "open sesame", "[redacted]"),
        ("X-Api-Key", "abc", "[redacted]"),
        ("Referer", "http://here/?token=abc", "[redacted]"),
        ("Host", "localhost:30222", "localhost:30222"),
        ("User-Agent", "python-requests/2.33", "python-requests/2.33"),
        ("User-Agent", "ODFHIR Dev/Cust", "ODFHIR [redacted]"),
        ("User-Agent", "app (Bearer abc) http://a:b@c/", "app (Bearer [redacted] http://[redacted]@c/"),
        ("ACCEPT-ENCODING", "gzip, br", "gzip, br"),
        ("X-Mock-Request-Id", "7", "7"),
        ("traceparent", "00-4bf92f35-00f0-01", "00-4bf92f35-00f0-01"),
        ("X-Request-ID", "4bf92f35", "4bf92f35"),
        ("X-Correlation-ID", "Bearer 4bf92f35", "Bearer [redacted]"),
    ],
)
def test_a_header_shows_its_value_only_if_it_is_known_to_be_safe(name: str, value: str, shown: str) -> None:
    assert shown_headers({name: value}) == {name: shown}


@given(name=st.text(st.characters(codec="ascii", categories=["L", "Pd"]), min_size=1))
def test_unknown_header_is_redacted(name: str) -> None:
    known = name.lower() in SHOWN_HEADERS
    assert shown_headers({name: "a value"}) == {name: "a value" if known else "[redacted]"}


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("/api/v1/claimtrackings?ClaimNum=15&Limit=5", None),
        ("/api/v1/claimtrackings?DateTimeFormatString=yyyy%2DMM+dd", None),
        ("/api/v1/claimtrackings?", None),
        ("/api/v1/@claims?x", None),
        ("/api/v1/claimtrackings?Authorization=abc&Limit=5", "/api/v1/claimtrackings?Authorization=[redacted]&Limit=5"),
        ("/?%61uthorization=a=b", "/?%61uthorization=[redacted]"),
        ("/?api_key=abc", "/?api_key=[redacted]"),
        ("/?DeveloperKey=a&CustomerKey=b", "/?DeveloperKey=[redacted]&CustomerKey=[redacted]"),
        ("/?x=ODFHIR+Dev/Cust", "/?x=[redacted]"),
        ("/?ODFHIR%20Dev%2FCust", "/?[redacted]"),
        ("/?x=http%3A%2F%2Fa%3Ab%40c", "/?x=[redacted]"),
        ("http://user:password@localhost/?x=1", "http://[redacted]@localhost/?x=1"),
        ("//user:password@localhost/", "//[redacted]@localhost/"),
        ("user:password@localhost:443", "[redacted]@localhost:443"),
        ("/api/v1/claims;token=abc", "/api/v1/claims;token=[redacted]"),
        ("/api/v1/claims;jsessionid=abc/15?x=1", "/api/v1/claims;jsessionid=[redacted]?x=1"),
        ("/api/v1/%74oken%3Dabc/claims", "/api/v1/[redacted]"),
        ("/api/v1/ODFHIR%20Dev/Cust", "/api/v1/[redacted]"),
        ("/claims#access_token=abc", "/claims#access_token=[redacted]"),
        ("/claims?x=1#id_token=abc", "/claims?x=[redacted]"),
        ("/claims?x=1;token=abc&y=2", "/claims?x=[redacted]&y=2"),
        ("/claims?x=1%3Btoken%3Dabc", "/claims?x=[redacted]"),
        ("/claims?token%3Dabc", "/claims?[redacted]"),
        ("/claims?%2574oken=abc", "/claims?%2574oken=[redacted]"),
        ("/claims?%252525252525252525252525x=abc", "/claims?[redacted]"),
        ("/claims?x=token=abc", "/claims?x=[redacted]"),
        (
            "/claims?code=abc&sig=def&otp=123456&PIN=1234",
            "/claims?code=[redacted]&sig=[redacted]&otp=[redacted]&PIN=[redacted]",
        ),
        ("/claims?user_pin=1234&x[otp]=1", "/claims?user_pin=[redacted]&x[otp]=[redacted]"),
        ("/claims?ProcCode=D0120&AssignedTo=1&Shipping=2&x%20y=1", None),
        ("/claims/%3Cb%3E?a=b%26c", None),
    ],
)
def test_a_target_shows_no_credentials(target: str, shown: str | None) -> None:
    assert shown_target(target) == (target if shown is None else shown)


def test_no_documented_parameter_looks_like_a_credential() -> None:
    schemas = shipped_contract().schemas
    names = {name for key, schema in schemas.items() if key.endswith("query") for name in schema.properties}
    assert "ClaimNum" in names
    for name in names:
        assert shown_target(f"/?{name}=1") == f"/?{name}=1"


SECRET = "s3cr3t"


@examples(500)
@given(
    around=st.tuples(st.text("ab/;&?#=. %+", max_size=6), st.text("&;# ", max_size=3)),
    name=st.sampled_from(["token", "api_key", "Authorization", "code", "user_pin", "X-Sig"]),
    times=st.integers(0, 3), is_path=st.booleans(),
)  # fmt: skip
def test_no_secret_is_shown_wherever_it_is_in_a_target(
    around: tuple[str, str], name: str, times: int, is_path: bool
) -> None:
    pair = f"{name}={SECRET}"
    for _ in range(times):
        pair = "".join(f"%{ord(char):02x}" if char in "=%token_" else char for char in pair)
    before = around[0] if around[0][-1:] in ("", *"/;&?#") else around[0] + ";"
    assert SECRET not in shown_target(f"/claims{'/' if is_path else '?'}{before}{pair}{around[1]}")


@pytest.mark.parametrize("part", ["a", "a=", "/", "%", "token", "a/", ";a=b", "%2525", "//", "code.", "auth="])
def test_a_long_target_takes_little_time(part: str) -> None:
    target = f"/{part * (32_768 // len(part))}"
    began = time.process_time()
    shown_target(f"{target}?{target}%")
    shown_text(target)
    assert time.process_time() - began < 1


def test_a_text_shows_no_value_of_a_secret_name() -> None:
    assert (
        shown_text("'token=abc' is not known; api_key=a/b+c== next")
        == "'token=[redacted]' is not known; api_key=[redacted] next"
    )


def test_a_text_may_have_a_scheme_without_keys() -> None:
    assert shown_text("Bearer") == "Bearer"
    assert shown_text("a basically plain text at user@example.com") == "a basically plain text at user@example.com"


@pytest.mark.parametrize("scheme", ["basic", "BEARER", "Ba\u017fic", "OdFh\u0130r"])
def test_a_scheme_is_found_in_any_spelling_that_ignores_case(scheme: str) -> None:
    assert shown_text(f"sent {scheme} c2VjcmV0") == f"sent {scheme} [redacted]"
