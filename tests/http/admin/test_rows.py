"""Row tests of the admin API: single rows are read, stored and deleted like those of `server.office`."""

from typing import Any

import pytest

from conftest import NOW, Client

OFFICE = "/__admin/office"


async def answer(client: Client, method: str, path: str, row: Any = None) -> tuple[int, Any]:
    response = await client.request(method, f"{OFFICE}/{path}", json=row)
    return response.status, await response.json()


async def test_a_row_is_stored_replaced_and_deleted(client: Client) -> None:
    status, row = await answer(client, "PUT", "claimtracking", {"ClaimNum": 15, "DateTimeEntry": "now"})
    assert (status, row["ClaimTrackingNum"], row["DateTimeEntry"]) == (200, 52, NOW)
    _, replaced = await answer(client, "PUT", "claimtracking", {**row, "Note": "Sent."})
    assert replaced == row | {"Note": "Sent."}
    _, rows = await answer(client, "GET", "claimtracking")
    assert rows == (await (await client.get(OFFICE)).json())["claimtracking"]
    assert replaced in rows
    assert (await answer(client, "DELETE", "claimtracking/52"))[0] == 200
    assert replaced not in (await answer(client, "GET", "claimtracking"))[1]


@pytest.mark.parametrize(
    ("method", "path", "row", "status", "words"),
    [
        ("PUT", "claims", {}, 404, "'claims' is not a table of rows; did you mean claim?"),
        ("DELETE", "claim/99", None, 404, "99 is not a claim of this office"),
        ("DELETE", "claim/1555555555555555555", None, 404, "is not a claim of this office"),
        ("DELETE", "claim/3", None, 400, "claim 3 cannot be deleted; trackings that name it"),
        ("PUT", "claim", ["ClaimNum"], 400, "The body is not a row: give a JSON object with its columns."),
        ("PUT", "claim", {"ClaimNum": "x", "Note": 1}, 400, "claim[0]."),
    ],
    ids=str,
)
async def test_what_cannot_be_is_a_problem(
    client: Client, method: str, path: str, row: Any, status: int, words: str
) -> None:
    found, problem = await answer(client, method, path, row)
    assert found == status
    told = [problem["detail"], *(error["message"] for error in problem.get("errors", ()))]
    assert any(words in one for one in told), told
