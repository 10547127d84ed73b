"""Variant tests over HTTP: each variant of each rule is played once it is observed, and the rule is covered."""

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse

from conftest import Client, MakeClient
from mockserver.contract.contract import shipped_contract
from mockserver.journal.exchange import Exchange
from mockserver.web.mock import MOCK, Mock
from support.effort import thorough_unless
from support.observations import of_variant, write_observed
from support.variant_plays import HEADERS, LIST, PLAYS, POST, PUT, Play, Same

RULES = shipped_contract().rules
PAIRS = [(rule.id, name) for rule in RULES.values() for name in rule.variants]


async def client_of(
    make: MakeClient, folder: Path, office: Mapping[str, Any], rules: Mapping[str, Any], **settings: Any
) -> Client:
    file = folder / "office.json"
    file.write_text(json.dumps(office))
    return await make(str(file), observed=write_observed(folder, rules), **settings)


async def ask(client: Client, play: Play) -> tuple[ClientResponse, bytes, Exchange]:
    method, path = play.call.split()
    headers = {name: value for name, value in (HEADERS | dict(play.header)).items() if value is not None}
    data = play.raw if play.raw is not None else json.dumps(play.body).encode() if play.body is not None else None
    response = await client.session.request(
        method, client.make_url(path), data=data, headers=headers, skip_auto_headers=["Content-Type"]
    )
    return response, await response.read(), [one for tenant in client.app[MOCK].tenants for one in tenant.journal][-1]


async def settled(client: Client, expected: Any) -> Any:
    """Return the expected answer, which another call may give."""
    return (await ask(client, Play(call=expected.call, seen={})))[1] if isinstance(expected, Same) else expected


async def playing(
    plays: Iterable[tuple[str, Play]], make: MakeClient, folder: Path, rules: Mapping[str, Any]
) -> AsyncIterator[tuple[str, Play, Client]]:
    """Yield each play with a client of its office as it is at the start, under these observations."""
    clients: dict[str, Client] = {}
    for rule, play in plays:
        office = json.dumps(play.office)
        if office in clients:
            assert (await clients[office].post("/__admin/reset")).status == 200
        else:
            clients[office] = await client_of(make, folder, play.office, rules)
        yield rule, play, clients[office]


def compare(answer: bytes, expected: Any) -> None:
    if isinstance(expected, bytes):
        assert answer == expected
        return
    given = json.loads(answer)
    if isinstance(expected, list):
        assert expected in (given, [next(iter(row.values())) for row in given])
    elif isinstance(expected, dict):
        assert expected.items() <= given.items(), given
    else:
        assert given == expected


def counts(mock: Mock, exchange: Exchange) -> dict[str, Any]:
    """Return the coverage of the rules of an exchange, as the admin API tells it of all rules, which takes long."""
    rules = {*exchange.rules, exchange.refused_by, *(rule for rule, _ in exchange.warnings)} - {""}
    return mock.shared.coverage.as_json([mock.contract.rules[one] for one in rules], strict=False, switches=())


def test_every_variant_has_a_play() -> None:
    assert {(rule, name) for rule, play in PLAYS.items() for name in play.seen} == {*PAIRS}


@pytest.mark.parametrize(
    ("rule", "name"),
    [pytest.param(*pair, marks=thorough_unless(quick=pair[0].startswith("claimtrackings."))) for pair in PAIRS],
)
async def test_a_variant_is_played(rule: str, name: str, make_client: MakeClient, tmp_path: Path) -> None:
    play = PLAYS[rule]
    status, expected = play.seen[name]
    client = await client_of(make_client, tmp_path, play.office, {rule: of_variant(rule, name)})
    response, answer, exchange = await ask(client, play)
    assert response.status == status, answer
    compare(answer, await settled(client, expected))
    form = "text/plain; charset=utf-8" if isinstance(expected, bytes) else "application/json"
    assert response.headers["Content-Type"] == form
    assert rule in exchange.rules
    contract = counts(client.app[MOCK], exchange)
    if status >= 400:
        refusal = rule if rule != "api.explanation" else "claimtrackings.list.ClaimNum.unknown"
        assert response.headers["X-Mock-Rule"] == exchange.refused_by == refusal
        standing = "observed 25.4.48, 2026-11-24" if rule == refusal else "documented"
        assert response.headers["X-Mock-Standing"] == standing
        assert not exchange.is_refused_warning
        assert [one["rule"] for one in contract["refusals"]] == [refusal]
        assert contract["warnings"] == []
    counted = {one["id"]: one for one in contract["rules"]}
    if rule.startswith("warning.") and status < 300:
        assert rule not in counted
        assert [one["rule"] for one in contract["warnings"]] == [rule]
    else:
        told = counted[rule]
        assert (told["met"], told["variant"], told["status"]) == (1, name, RULES[rule].variants[name].status)
        assert (told["standing"], told["observed"]) == ("observed", "25.4.48, 2026-11-24")
        assert told["basis"] == RULES[rule].standing


async def test_without_observations_each_rule_is_played_as_it_stands(make_client: MakeClient, tmp_path: Path) -> None:
    async for rule, play, client in playing(PLAYS.items(), make_client, tmp_path, {}):
        response, answer, exchange = await ask(client, play)
        status, expected = play.seen[RULES[rule].default]
        assert response.status == status, rule
        compare(answer, await settled(client, expected))
        assert rule in exchange.rules


async def test_all_other_variants_together(make_client: MakeClient, tmp_path: Path) -> None:
    """The last variant of each rule, all observed at once: requests that meet one of them are answered as alone."""
    others = {rule.id: of_variant(rule.id, list(rule.variants)[-1]) for rule in RULES.values() if rule.variants}
    del others["api.explanation"]
    alone = ("claimtrackings.list.order.ties", "claimtrackings.list.TrackingType", "api.Offset.beyond")
    plays = [(rule, play) for rule, play in PLAYS.items() if rule in others and rule not in alone]
    async for rule, play, client in playing(plays, make_client, tmp_path, others):
        status, expected = play.seen[list(RULES[rule].variants)[-1]]
        if expected == [] and f"{RULES[rule].operation.replace('/', '.')}.empty" in others:
            continue  # this office refuses an empty list, whatever makes it empty
        response, answer, _ = await ask(client, play)
        assert response.status == status, (rule, answer)
        if not isinstance(expected, list) or not play.call.startswith("GET /api/v1/claimtrackings"):
            compare(answer, await settled(client, expected))


@pytest.mark.parametrize(
    ("rule", "seen", "call", "text"),
    [
        ("api.resource.unknown", {"text": "{resource} is not a valid resource"}, "GET /api/v1/pets", "pets is not a valid resource"),
        ("api.Limit.invalid", {"text": "'{name}' is not a valid parameter."}, "GET /api/v1/claims?Limit=x", "'Limit' is not a valid parameter."),
        ("claims.get.ClaimNum.unknown", {"status": 404, "text": "Claim not found"}, "GET /api/v1/claims/99", "Claim not found"),
        ("warning.undocumented-parameter", {"variant": "refused", "text": "'{name}' is not a valid parameter."},
         "GET /api/v1/claims?a=1&b=2", "'a' is not a valid parameter."),
        ("api.Offset.beyond", {"variant": "not-found", "text": "Offset is required."}, "GET /api/v1/claims?Offset=9", "Offset is required."),
        # A text that says more than the mock knows is not played.
        ("claims.get.ClaimNum.unknown", {"text": "{resource} is not a valid resource."}, "GET /api/v1/claims/99", "Claim not found."),
    ],
)  # fmt: skip
async def test_the_text_of_a_refusal_is_the_observed_one(
    rule: str, seen: dict[str, Any], call: str, text: str, make_client: MakeClient, tmp_path: Path
) -> None:
    outcome = {"outcome": "differs" if "variant" in seen else "holds"}
    client = await client_of(make_client, tmp_path, {"extends": "default"}, {rule: outcome | seen})
    response, answer, exchange = await ask(client, Play(call=call, seen={}))
    assert json.loads(answer) == exchange.explanation == text
    assert response.headers["X-Mock-Rule"] == rule


async def test_what_an_office_refuses_is_no_warning_that_strict_refuses(
    make_client: MakeClient, tmp_path: Path
) -> None:
    rules = {"warning.base-path": of_variant("warning.base-path", "refused")}
    client = await client_of(make_client, tmp_path, {"extends": "default"}, rules, strict=True)
    refused, _, first = await ask(client, Play(call="GET /claimtrackings", seen={}))
    strictly, _, second = await ask(client, Play(call="GET /api/v1/claims?x=1", seen={}))
    assert (refused.status, first.is_refused_warning) == (404, False)
    assert (strictly.status, second.is_refused_warning) == (400, True)
    assert strictly.headers["X-Mock-Standing"] == "assumed"


@pytest.mark.parametrize(
    ("rule", "call", "body", "template", "text"),
    [
        ("claimtrackings.list.ClaimNum.unknown", LIST + "?ClaimNum=98", None, "ClaimNum {value} is invalid.", "ClaimNum 98 is invalid."),
        ("claimtrackings.create.TrackingDefNum.unknown", POST, {"ClaimNum": 15, "TrackingDefNum": 98},
         "TrackingDefNum {value} is invalid.", "TrackingDefNum 98 is invalid."),
        ("claimtrackings.create.Note.invalid", POST, {"ClaimNum": 15, "Note": 98}, "Note {value} is invalid.", "Note 98 is invalid."),
        ("claims.get.ClaimNum.unknown", "GET /api/v1/claims/98", None, "ClaimNum {value} is invalid.", "ClaimNum 98 is invalid."),
        ("claimtrackings.update.ClaimTrackingNum.unknown", "PUT /api/v1/claimtrackings/98", {},
         "ClaimTrackingNum {value} is invalid.", "ClaimTrackingNum 98 is invalid."),
        ("claimtrackings.create.ClaimNum.required", POST, {}, "ClaimNum {value} is invalid.", "ClaimNum is required."),
    ],
)  # fmt: skip
async def test_an_observed_text_can_name_the_value(
    rule: str, call: str, body: Any, template: str, text: str, make_client: MakeClient, tmp_path: Path
) -> None:
    client = await client_of(
        make_client, tmp_path, {"extends": "default"}, {rule: {"outcome": "holds", "text": template}}
    )
    response, answer, _ = await ask(client, Play(call=call, body=body, seen={}))
    assert (response.headers["X-Mock-Rule"], json.loads(answer)) == (rule, text)


async def test_a_transparent_mock_does_not_tell_the_standing(make_client: MakeClient) -> None:
    client = await make_client(transparent=True)
    response, _, _ = await ask(client, PLAYS["api.resource.unknown"])
    assert [name for name in response.headers if name.startswith("X-Mock")] == []


async def test_rules_on_what_is_not_there_are_not_covered(make_client: MakeClient, tmp_path: Path) -> None:
    """A variant that goes on where the contract stops does not cover the rules on what it goes on with."""
    last = ("claimtrackings.list.ClaimNum.zero", "claimtrackings.list.ClaimNum.invalid", "api.DateTimeFormatString.invalid",
            "claimtrackings.update.TrackingDefNum.category", "claimtrackings.list.TrackingType",
            "preferences.list.PrefName.invalid")  # fmt: skip
    rules = {rule: of_variant(rule, list(RULES[rule].variants)[-1]) for rule in last}
    rules["preferences.list.PrefName.empty"] = of_variant("preferences.list.PrefName.empty", "not-found")
    client = await client_of(make_client, tmp_path, {"extends": "default"}, rules)
    for call, body, never in (
        ("GET /api/v1/claimtrackings?ClaimNum=-3", None, "claimtrackings.list.ClaimNum"),
        ("GET /api/v1/claimtrackings?ClaimNum=x", None, "claimtrackings.list.ClaimNum"),
        ("GET /api/v1/claimtrackings?ClaimNum=19", None, "claimtrackings.list.TrackingType"),
        ("GET /api/v1/claims?DateTimeFormatString=%25", None, "api.DateTimeFormatString"),
        ("PUT /api/v1/claimtrackings/45", {"TrackingDefNum": 340}, "claimtrackings.update.TrackingDefNum"),
        (f"GET /api/v1/preferences?PrefName={'x' * 256}", None, "preferences.list.PrefName.empty"),
    ):
        response, answer, exchange = await ask(client, Play(call=call, body=body, seen={}))
        assert (response.status, never in exchange.rules) == (200, False), (call, answer)
    fitting, _, exchange = await ask(
        client, Play(call="PUT /api/v1/claimtrackings/45", body={"TrackingDefNum": 339}, seen={})
    )
    assert (fitting.status, "claimtrackings.update.TrackingDefNum" in exchange.rules) == (200, True)
    negative, _, _ = await ask(client, Play(call="PUT /api/v1/claimtrackings/45", body={"TrackingDefNum": -1}, seen={}))
    assert negative.status == 404  # no row has such a number


async def test_a_text_that_fits_is_kept_in_an_office_that_refuses_longer_ones(
    make_client: MakeClient, tmp_path: Path
) -> None:
    rules = {rule: of_variant(rule, list(RULES[rule].variants)[-1]) for rule in ("api.text.length", "api.text.plane")}
    client = await client_of(make_client, tmp_path, {"extends": "default"}, rules)
    for note, status, kept in (
        ("x" * 65_535, 200, "x" * 65_535), ("x" * 65_536, 400, ""), ("\U0001f600" * 16_383, 200, "\U0001f600" * 16_383),
        ("\U0001f600" * 16_384, 400, ""), ("half \ud83d", 200, "half \ufffd"),
    ):  # fmt: skip
        response, answer, _ = await ask(
            client, Play(call="PUT /api/v1/claimtrackings/45", body={"Note": note}, seen={})
        )
        assert response.status == status
        assert status == 400 or json.loads(answer)["Note"] == kept


async def test_a_change_moves_the_time_under_each_variant(make_client: MakeClient, tmp_path: Path) -> None:
    rule = "claimtrackings.update.DateTimeEntry.unchanged"
    client = await client_of(make_client, tmp_path, {"extends": "default"}, {rule: of_variant(rule, "moves")})
    _, _, changed = await ask(client, Play(call="PUT /api/v1/claimtrackings/45", body={"Note": "x"}, seen={}))
    _, _, unchanged = await ask(client, Play(call="PUT /api/v1/claimtrackings/45", body={"Note": "x"}, seen={}))
    assert (rule in changed.rules, "claimtrackings.update.DateTimeEntry" in changed.rules) == (False, True)
    assert (rule in unchanged.rules, "claimtrackings.update.DateTimeEntry" in unchanged.rules) == (True, False)


@pytest.mark.parametrize(("operation", "created", "changed"), [
    ("create", [341, "Resubmitted", "2023-07-26 09:48:10"], [341, "Resubmitted", "2023-07-26 09:48:10"]),
    ("update", [0, "", "2023-07-26 09:47:10"], [339, "Information needed", "2023-07-26 09:49:10"]),
])  # fmt: skip
async def test_a_claim_follows_its_trackings_at_an_office_that_does_so(
    operation: str, created: list[Any], changed: list[Any], make_client: MakeClient, tmp_path: Path
) -> None:
    rule = f"claimtrackings.{operation}.CustomTracking"
    client = await client_of(make_client, tmp_path, {"extends": "default"}, {rule: of_variant(rule, "follows")})

    async def claim_after(call: str, body: Any) -> list[Any]:
        client.app[MOCK].shared.office.clock.advance(60)
        response, _, _ = await ask(client, Play(call=call, body=body, seen={}))
        assert response.status < 300
        _, answer, _ = await ask(client, Play(call="GET /api/v1/claims/19", seen={}))
        return [json.loads(answer)[column] for column in ("CustomTracking", "customTracking", "SecDateTEdit")]

    assert await claim_after(POST, {"ClaimNum": 19, "TrackingDefNum": 341}) == created
    for note in ("one", "two"):  # the second one does not change the claim
        assert await claim_after(PUT, {"Note": note, "TrackingDefNum": 339}) == changed


async def test_a_tracking_whose_claim_is_not_there_is_changed_all_the_same(
    make_client: MakeClient, tmp_path: Path
) -> None:
    rule = "claimtrackings.update.CustomTracking"
    client = await client_of(make_client, tmp_path, {"extends": "default"}, {rule: of_variant(rule, "follows")})
    client.app[MOCK].shared.office.claim.delete(19)
    response, answer, _ = await ask(client, Play(call=PUT, body={"Note": "x"}, seen={}))
    assert (response.status, json.loads(answer)["Note"]) == (200, "x")


async def test_a_page_has_the_rows_that_were_observed(make_client: MakeClient, tmp_path: Path) -> None:
    rules = {"api.Limit.default": {"outcome": "differs", "rows": 3}}

    async def rows(path: str, **settings: Any) -> int:
        client = await client_of(make_client, tmp_path, {"extends": "default"}, rules, **settings)
        _, answer, _ = await ask(client, Play(call=f"GET /api/v1/{path}", seen={}))
        return len(json.loads(answer))

    assert [await rows(path) for path in ("claimtrackings", "claims", "claimtrackings?Limit=2")] == [3, 3, 2]
    assert [await rows(f"claimtrackings?{query}") for query in ("Limit=5", "Offset=6")] == [3, 2]
    assert await rows("claimtrackings", mode="local") == 8


async def test_the_order_is_that_of_the_office_after_each_change_too(make_client: MakeClient, tmp_path: Path) -> None:
    orders = {"definitions.list.order": "lowest-number-first", "claimtrackings.list.order.ties": "lower-number-first"}
    rules = {rule: of_variant(rule, name) for rule, name in orders.items()}
    client = await client_of(make_client, tmp_path, {"extends": "default"}, rules, office_per_key=True)

    async def numbers(resource: str) -> list[int]:
        _, answer, _ = await ask(client, Play(call=f"GET /api/v1/{resource}", seen={}))
        return [next(iter(row.values())) for row in json.loads(answer)]

    trackings, definitions = [45, 46, 34, 51, 50, 48, 49, 47], [339, 340, 341, 343, 344, 345]
    assert (await numbers("claimtrackings"), await numbers("definitions")) == (trackings, definitions)
    await ask(client, Play(call="POST /api/v1/claimtrackings", body={"ClaimNum": 15}, seen={}))
    await ask(client, Play(call="POST /api/v1/claimtrackings", body={"ClaimNum": 15}, seen={}))
    assert await numbers("claimtrackings") == [52, 53, *trackings]
    assert (await client.post("/__admin/reset?office=AnyCustomer")).status == 200
    assert (await numbers("claimtrackings"), await numbers("definitions")) == (trackings, definitions)
    times = [
        {"ClaimTrackingNum": number, "ClaimNum": 1, "DateTimeEntry": "2023-07-01 00:00:00"} for number in (9, 7, 8)
    ]
    office = {
        "claim": [1],
        "claimtracking": times,
        "definition": [{"DefNum": 9, "Category": 1}, {"DefNum": 8, "Category": 1}],
    }
    assert (await client.put("/__admin/office?office=AnyCustomer", json=office)).status == 200
    assert (await numbers("claimtrackings"), await numbers("definitions")) == ([7, 8, 9], [8, 9])


async def test_a_faulty_refusal_has_the_form_of_the_office_too(make_client: MakeClient, tmp_path: Path) -> None:
    rules = {"api.explanation": of_variant("api.explanation", "plain")}
    client = await client_of(make_client, tmp_path, {"extends": "default"}, rules)
    await client.post("/__admin/faults", json={"name": "econnector-down"})
    response, answer, exchange = await ask(client, Play(call="GET /api/v1/claims", seen={}))
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.decode() == exchange.explanation
