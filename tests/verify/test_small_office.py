"""The small office does what it is told: choices, texts, deviations, faults, and a log of its requests."""

import http.client
import threading
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from mockserver.contract.contract import shipped_contract
from support.small_office import (
    CHOICES,
    DEVIATIONS,
    OTHER_CHOICES,
    SECRET_NOTES,
    Fault,
    SmallOffice,
    frozen,
    ticking,
)
from support.small_office_asks import create, get, update
from support.small_office_client import Ask, Client, Told
from support.small_office_probes import CHOICE_PROBES, DEVIATION_PROBES, PLAIN, Probe

# Rules on what the plain requests show, so that another choice changes them.
SHOWN = {
    "claimtrackings.list.order", "claimtrackings.list.order.ties", "claimtrackings.list.TrackingType",
    "claimtrackings.update.UserNum", "definitions.list.order", "warning.no-setup",
}  # fmt: skip
ONE = get("claimtrackings?Limit=1")


def answers(
    probe: Probe,
    before: tuple[Ask, ...] = (),
    *,
    choices: Mapping[str, str] | None = None,
    deviations: Iterable[str] = (),
) -> list[Told]:
    """Return the answers of a new office to some requests and then to a probe."""
    with (
        SmallOffice(
            choices=choices,
            deviations=deviations,
            excludes_none=probe.excludes_none,
            has_setup=probe.has_setup,
            clock=frozen(),
        ) as office,
        Client(office.address, office.headers) as client,
    ):
        return client.ask_all([*before, *probe.asks])


def test_every_choice_and_deviation_has_a_probe() -> None:
    assert CHOICE_PROBES.keys() == CHOICES.keys()
    assert DEVIATION_PROBES.keys() == DEVIATIONS.keys()
    assert len(OTHER_CHOICES) >= 45
    assert len(DEVIATIONS) >= 15


def test_the_office_can_choose_every_variant_of_the_contract() -> None:
    variants = {rule.id: tuple(rule.variants) for rule in shipped_contract().rules.values() if rule.variants}
    assert {rule: CHOICES.get(rule) for rule in variants} == variants


def test_every_deviation_makes_rules_of_the_contract_false() -> None:
    assert all(DEVIATIONS.values())
    assert {rule for rules in DEVIATIONS.values() for rule in rules} <= shipped_contract().rules.keys()


@pytest.mark.parametrize("rule", CHOICES)
def test_each_choice_shows_and_changes_nothing_else(rule: str) -> None:
    own = CHOICE_PROBES[rule]
    told = [answers(own, PLAIN, choices={rule: variant}) for variant in CHOICES[rule]]
    shown = [one[len(PLAIN) :] for one in told]
    assert all(one != other for place, one in enumerate(shown) for other in shown[:place])
    if rule not in SHOWN:
        assert all(one[: len(PLAIN)] == told[0][: len(PLAIN)] for one in told)


@pytest.mark.parametrize("name", DEVIATIONS)
def test_a_deviation_shows(name: str) -> None:
    own = DEVIATION_PROBES[name]
    assert answers(own, deviations=[name]) != answers(own)


def test_a_text_is_the_explanation_of_its_rule_alone() -> None:
    with (
        SmallOffice(texts={"api.Limit.invalid": "Limit?"}) as office,
        Client(office.address, office.headers) as client,
    ):
        assert client.ask(get("claimtrackings?Limit=0")) == Told(400, "application/json", "Limit?")
        assert client.ask(get("claimtrackings?Offset=-1")).value == "Offset is invalid."


def test_an_explanation_can_be_plain_text() -> None:
    told = answers(CHOICE_PROBES["api.explanation"], choices={"api.explanation": "plain"})
    assert told == [Told(400, "text/plain", "Limit is invalid.")]


@pytest.mark.parametrize(
    "wrong",
    [{"choices": {"api.Limit.clamped": "moves"}}, {"choices": {"api.nothing": "refused"}}, {"deviations": ["x"]}],
    ids=str,
)
def test_what_does_not_exist_cannot_be_chosen(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"api\.|deviation"):
        SmallOffice(**wrong)


def test_there_is_no_other_kind_of_fault() -> None:
    with pytest.raises(ValueError, match="'418' is not a kind"):
        Fault(when=1, kind="418")  # type: ignore[arg-type]


def test_the_data_show_what_verify_needs() -> None:
    with SmallOffice() as office:
        rows = office.rows
    assert len(rows) == 130
    assert {row["TrackingType"] for row in rows} == {"StatusHistory", "ClaimUser", "ClaimProcReceived"}
    assert len({row["ClaimNum"] for row in rows}) > 1
    times = [row["DateTimeEntry"] for row in rows]
    assert times != sorted(times, key=str)
    assert 100 < len(set(times)) < 130
    assert set(SECRET_NOTES) <= {row["Note"] for row in rows}
    assert all(any(secret in note for secret in office.secrets) for note in SECRET_NOTES)


def test_the_office_keeps_a_log_of_requests_and_writes() -> None:
    steps = count(10.0)
    with SmallOffice(monotonic=lambda: next(steps)) as office, Client(office.address, office.headers) as client:
        before = office.rows
        number = client.ask(create(Note="Sent.")).value["ClaimTrackingNum"]
        client.ask(Ask(f"PUT /api/v1/claimtrackings/{number}", {"Note": "Called."}))
        client.ask(get("claims/99"))
    assert [(seen.method, seen.path, seen.at, seen.status) for seen in office.requests] == [
        ("POST", "/api/v1/claimtrackings", 10.0, 201),
        ("PUT", f"/api/v1/claimtrackings/{number}", 11.0, 200),
        ("GET", "/api/v1/claims/99", 12.0, 404),
    ]
    assert office.requests[0].body == b'{"ClaimNum": 48301, "Note": "Sent."}'
    assert office.requests[0].headers["authorization"] == f"ODFHIR {office.keys}"
    assert (office.created, office.changed) == ([number], [number])
    assert office.rows[:-1] == before


def test_a_ticking_clock_moves_with_each_write() -> None:
    start = datetime(2026, 8, 13, 9, 0, 0)
    with (
        SmallOffice(clock=ticking(start, timedelta(seconds=2))) as office,
        Client(office.address, office.headers) as client,
    ):
        told = client.ask_all([create(), update(Note="Called.")])
    assert [one.value["DateTimeEntry"] for one in told] == ["2026-08-13 09:00:02", "2026-08-13 09:00:04"]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("kind", "status", "content_type"),
    [("401", 401, "application/json"), ("429", 429, "application/json"), ("504", 504, "application/json"),
     ("html", 502, "text/html")],
)  # fmt: skip
def test_a_fault_spoils_one_answer(kind: Any, status: int, content_type: str, after: bool) -> None:
    fault = Fault(when=2, kind=kind, after=after, retry_after=3)
    with SmallOffice(faults=[fault]) as office, Client(office.address, office.headers) as client:
        told = [client.ask_with_headers(ask) for ask in (ONE, create(), ONE)]
    assert [one.status for one, _ in told] == [200, status, 200]
    assert told[1][0].content_type == content_type
    assert told[1][1].get("retry-after") == ("3" if kind == "429" else None)
    assert len(office.created) == after


def test_a_fault_can_hit_some_of_the_requests_that_it_is_for() -> None:
    fault = Fault(when=lambda request: request.method == "POST", kind="504", times=2)
    with SmallOffice(faults=[fault]) as office, Client(office.address, office.headers) as client:
        told = client.ask_all([ONE, create(), ONE, create(), create()])
    assert [one.status for one in told] == [200, 504, 200, 504, 201]
    assert len(office.created) == 1


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("kind", ["reset", "wrong-json"])
def test_an_answer_can_be_lost(kind: Any, after: bool) -> None:
    with SmallOffice(faults=[Fault(when=1, kind=kind, after=after)]) as office:
        with (
            Client(office.address, office.headers) as client,
            pytest.raises((ConnectionError, ValueError)),
        ):
            client.ask(create())
        with Client(office.address, office.headers) as client:
            assert client.ask(ONE).status == 200
    assert len(office.created) == after
    assert office.requests[0].status == (None if kind == "reset" else 201 if after else 200)


def test_a_truncated_answer_ends_early_and_its_write_is_kept() -> None:
    with (
        SmallOffice(faults=[Fault(when=1, kind="truncate")]) as office,
        Client(office.address, office.headers) as client,
        pytest.raises(http.client.IncompleteRead),
    ):
        client.ask(create())
    assert len(office.created) == 1


def test_a_slow_answer_comes_after_the_client_has_gone() -> None:
    with (
        SmallOffice(faults=[Fault(when=1, kind="slow")]) as office,
        Client(office.address, office.headers, timeout=0.05) as client,
        pytest.raises(TimeoutError),
    ):
        client.ask(create())
    assert len(office.created) == 1


def test_closing_ends_connections_and_threads() -> None:
    before = threading.enumerate()
    with SmallOffice() as office:
        client = Client(office.address, office.headers)
        client.ask(ONE)
    assert threading.enumerate() == before
    with client, pytest.raises(ConnectionError):
        client.ask(ONE)
    with Client(office.address, office.headers) as late, pytest.raises(ConnectionRefusedError):
        late.ask(ONE)
