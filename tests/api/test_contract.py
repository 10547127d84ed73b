"""Contract tests over HTTP: status, response, covered rules and warnings of each case, with all rules covered."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from conftest import Client, MakeClient
from mockserver.api.declared_rules import check_rules
from mockserver.api.resources import OPERATIONS
from mockserver.api.resources.claimtrackings import LIST
from mockserver.contract.contract import shipped_contract
from mockserver.errors import ContractUnusable
from mockserver.recording.journal import Exchange
from mockserver.web.app_keys import TENANTS
from support.all_cases import ALL_WARNINGS, CASES
from support.cases import Case

RULES = shipped_contract().rules


async def make_office(case: Case, make_client: MakeClient, folder: Path, **settings: Any) -> Client:
    if case.office is None:
        return await make_client(*case.fixtures, **dict(case.settings) | settings)
    file = folder / "office.json"
    file.write_text(json.dumps(case.office))
    return await make_client(str(file), **dict(case.settings) | settings)


async def call(client: Client, case: Case) -> tuple[int, Any, Exchange]:
    method, path = case.call.split()
    headers = dict(case.headers)
    if case.authorization:
        headers["Authorization"] = case.authorization
    if case.content_type:
        headers["Content-Type"] = case.content_type
    data = case.raw if case.raw is not None else None if case.body is None else json.dumps(case.body).encode()
    url = URL(str(client.make_url("/")).rstrip("/") + path, encoded=True)
    # From a file, since aiohttp warns about a body as large as that of one case.
    sent = io.BytesIO(data) if data is not None else None
    response = await client.session.request(method, url, data=sent, headers=headers)
    assert response.headers["Content-Type"] == "application/json"
    answer = json.loads(await response.read())
    journal = client.app[TENANTS].shared.journal
    exchange = list(journal)[-1]
    assert response.headers["X-Mock-Request-Id"] == str(exchange.id)
    assert response.headers.get("X-Mock-Warnings", "0") == str(len(exchange.warnings))
    if response.status >= 400:
        assert response.headers["X-Mock-Rule"] == exchange.refused_by
    if response.status == 401:
        assert "Key0" not in str(answer) + str(response.headers)
    return response.status, answer, exchange


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
async def test_response_follows_the_contract(case: Case, make_client: MakeClient, tmp_path: Path) -> None:
    client = await make_office(case, make_client, tmp_path)
    for _ in range(case.times - 1):
        await call(client, case)
    status, answer, exchange = await call(client, case)
    assert status == case.status, answer
    if callable(case.answer):
        assert case.answer(answer), answer
    elif isinstance(case.answer, dict):
        assert case.answer.items() <= answer.items(), answer
    elif case.answer is not None:
        assert answer == case.answer
    assert set(case.meets.split()) <= set(exchange.rules)
    assert set(exchange.rules) <= RULES.keys()
    if case.warns:
        assert [text for _, text in exchange.warnings] == [case.warns]
    if case.status >= 400:
        assert RULES[exchange.refused_by].status == case.status


@pytest.mark.parametrize("case", ALL_WARNINGS, ids=lambda case: case.id)
async def test_strict_refuses_what_earns_a_warning(case: Case, make_client: MakeClient, tmp_path: Path) -> None:
    status, answer, exchange = await call(await make_office(case, make_client, tmp_path, strict_headers=True), case)
    assert (status, answer) == (401 if "authorization" in case.meets else 400, case.refused or case.warns)
    assert exchange.refused_by in case.meets
    assert not re.search("ignored|is taken|counts|is served", answer), "a refusal that says what happens when served"


def test_every_rule_is_covered_by_a_case() -> None:
    met = {rule for case in CASES for rule in case.meets.split()}
    assert met == RULES.keys()


def test_a_rule_that_only_the_code_names_stops_the_start() -> None:
    misspelt = replace(LIST, covered={".odrer": lambda _call, _answer: True})
    with pytest.raises(ContractUnusable, match=r"rules\.yaml does not have claimtrackings\.list\.odrer"):
        check_rules(shipped_contract(), [*OPERATIONS, misspelt])


def test_a_rule_that_nothing_names_stops_the_start() -> None:
    with pytest.raises(ContractUnusable, match=r"rules\.yaml has claimtrackings\.update\."):
        check_rules(shipped_contract(), [one for one in OPERATIONS if one.name != "claimtrackings/update"])


def test_every_assumption_says_why() -> None:
    silent = [rule.id for rule in RULES.values() if rule.standing == "assumed" and not rule.note]
    assert silent == []
