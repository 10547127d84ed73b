"""Fixture watcher tests: a valid fixture that is saved replaces the office, an invalid one changes nothing."""

import asyncio
import errno
import logging
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import NOW, Client
from mockserver import create_app
from mockserver.contract.contract import shipped_contract
from mockserver.office.clock import Clock
from mockserver.office.office import Office
from mockserver.syntax.document import read_file
from mockserver.web.mock import MOCK
from mockserver.web.thread import WORK
from mockserver.web.watch import watching

MAX_WAIT = 20
Watch = Callable[..., Awaitable[Client]]


@pytest.fixture
async def watch(aiohttp_client: Any, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Return a client of an app that watches these fixtures, and looks at them often."""
    monkeypatch.setattr("mockserver.web.watch._SECONDS", 0.05)

    async def start(*fixtures: Path, **settings: Any) -> Client:
        names = tuple(map(str, fixtures))
        app = create_app(*names, now=NOW, **settings)
        app.cleanup_ctx.append(lambda app: watching(app[MOCK], names))
        client: Client = await aiohttp_client(app)
        return client

    return start


async def health(client: Client) -> dict[str, Any]:
    answer: dict[str, Any] = await (await client.get("/__admin/health")).json()
    return answer


async def until(client: Client, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Wait until `holds` is true of /health, and return it."""
    async with asyncio.timeout(MAX_WAIT):
        while not holds(said := await health(client)):
            await asyncio.sleep(0.01)
    return said


def save(file: Path, text: str) -> None:
    """Write a file as editors do: completely, under another name first."""
    part = file.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(file)


def trackings(count: int) -> str:
    return "claim: [7]\nclaimtracking:\n" + "  - {ClaimNum: 7}\n" * count


async def settled(client: Client, file: Path) -> None:
    """Wait until the watcher has begun, and has loaded a change from just after the start."""
    save(file, trackings(2))
    await until(client, lambda said: said["claimtrackings"] == 2)


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    file = tmp_path / "office.yaml"
    save(file, trackings(1))
    return file


async def test_valid_fixture_replaces_the_office_and_its_start(watch: Watch, file: Path) -> None:
    client = await watch(file)
    await client.post("/api/v1/claimtrackings", json={"ClaimNum": 7})
    save(file, trackings(5) + "fault: [{name: throttled}]\npreference: {ClaimTrackingStatusExcludesNone: true}\n")
    said = await until(client, lambda said: said["claimtrackings"] == 5)
    assert (said["faults"], said["diagnostics"], said["requests"]) == (1, [], 1)
    assert (await (await client.get("/__admin/preferences")).json())["ClaimTrackingStatusExcludesNone"] is True
    assert (await (await client.get("/__admin/clock")).json()) == {"now": NOW, "frozen": True}
    await client.delete("/__admin/faults")
    await client.post("/__admin/reset")
    said = await health(client)
    assert (said["claimtrackings"], said["faults"]) == (5, 1)


async def test_invalid_fixture_changes_nothing_and_is_reported(
    watch: Watch, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = await watch(file)
    await settled(client, file)
    with caplog.at_level(logging.INFO, "mockserver"):
        save(file, trackings(9) + "  - {ClaimNum: 8}\n")
        said = await until(client, lambda said: bool(said["diagnostics"]))
    diagnostic = f"{file}:12:16: claimtracking[9].ClaimNum 8 is not a claim of this office; claims are 7"
    assert (said["claimtrackings"], said["diagnostics"]) == (2, [diagnostic])
    assert [record.levelname for record in caplog.records if diagnostic in record.getMessage()] == ["WARNING"]
    save(file, trackings(3))
    said = await until(client, lambda said: said["claimtrackings"] == 3)
    assert said["diagnostics"] == []


@pytest.mark.thorough
async def test_a_fixture_that_is_taken_away_changes_nothing_until_it_is_back(watch: Watch, file: Path) -> None:
    client = await watch(file)
    await settled(client, file)
    file.unlink()
    said = await until(client, lambda said: bool(said["diagnostics"]))
    assert said["claimtrackings"] == 2
    save(file, trackings(4))
    await until(client, lambda said: said["claimtrackings"] == 4 and not said["diagnostics"])


@pytest.mark.thorough
async def test_a_fixture_that_an_editor_does_not_share_yet_is_read_later(
    watch: Watch, file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = await watch(file)
    await settled(client, file)
    attempts = []

    def refuse(*_: Any) -> str:
        attempts.append(file)
        raise PermissionError(errno.EACCES, "Permission denied")  # as on Windows

    monkeypatch.setattr("mockserver.seeding.layers.read_file", refuse)
    save(file, trackings(4))
    said = await until(client, lambda _: len(attempts) > 2)
    assert (said["claimtrackings"], said["diagnostics"]) == (2, [f"{file}: Permission denied"])
    monkeypatch.setattr("mockserver.seeding.layers.read_file", read_file)
    await until(client, lambda said: said["claimtrackings"] == 4 and not said["diagnostics"])
    assert caplog.text.count("Permission denied") == 1


@pytest.mark.thorough
async def test_base_of_a_fixture_is_watched_even_before_it_exists(watch: Watch, file: Path) -> None:
    client = await watch(file)
    await settled(client, file)
    base = file.with_name("base.yaml")
    save(file, "extends: base.yaml\n" + trackings(1))
    await until(client, lambda said: bool(said["diagnostics"]))
    save(base, trackings(2))
    await until(client, lambda said: said["claimtrackings"] == 3 and not said["diagnostics"])
    save(base, trackings(5))
    await until(client, lambda said: said["claimtrackings"] == 6)


async def test_a_file_that_comes_into_a_folder_is_taken_over(watch: Watch, file: Path) -> None:
    client = await watch(file.parent)
    await settled(client, file)
    save(file.with_name("more.yaml"), "claimtracking: [{ClaimNum: 7}]")
    await until(client, lambda said: said["claimtrackings"] == 3)


async def test_each_office_of_a_key_begins_anew(watch: Watch, file: Path) -> None:
    client = await watch(file, office_per_key=True)
    mine = {"Authorization": "ODFHIR d/mine"}
    await client.post("/api/v1/claimtrackings", json={"ClaimNum": 7}, headers=mine)
    await settled(client, file)
    for key in ("mine", "another"):
        rows = await (await client.get("/api/v1/claimtrackings", headers={"Authorization": f"ODFHIR d/{key}"})).json()
        assert len(rows) == 2, key


class BrokenClock(Clock):
    """A clock that cannot be read while it is broken."""

    is_broken = True

    def text(self) -> str:
        """Fail."""
        if self.is_broken:
            raise RuntimeError("the clock is broken")
        return super().text()


@pytest.mark.thorough
async def test_unexpected_error_is_reported_and_watching_goes_on(
    aiohttp_client: Any, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = BrokenClock()
    office = Office(specs=shipped_contract().tables, encoder_of=shipped_contract().encoder_of, clock=clock)
    app = create_app(office=office)
    app.cleanup_ctx.append(lambda app: watching(app[MOCK], (str(file),)))
    client: Client = await aiohttp_client(app)
    save(file, trackings(2))
    said = await until(client, lambda said: bool(said["diagnostics"]))
    assert said["claimtrackings"] == 0
    assert "the clock is broken" in said["diagnostics"][0]
    assert "the clock is broken" in caplog.text
    save(file, trackings(3))
    clock.is_broken = False
    said = await until(client, lambda said: said["claimtrackings"] == 3)
    assert said["diagnostics"] == []


@pytest.mark.thorough
async def test_a_long_chain_of_fixtures_is_watched(watch: Watch, file: Path) -> None:
    for number in range(500):
        text = trackings(1) if number == 0 else f"extends: {number - 1}.yaml\n"
        file.with_name(f"{number}.yaml").write_text(text, encoding="utf-8")
    client = await watch(file)
    await settled(client, file)
    save(file, "extends: 499.yaml\n" + trackings(2))
    await until(client, lambda said: said["claimtrackings"] == 3)


async def test_a_save_during_a_load_is_loaded_in_its_place(watch: Watch, file: Path) -> None:
    client = await watch(file)
    await settled(client, file)
    save(file, "claim: [7]\ngenerate: {claim: {rows: 1000000}, claimtracking: {rows: 1000000}}\n")
    async with asyncio.timeout(MAX_WAIT):
        while not any(thread.name == WORK for thread in threading.enumerate()):
            await asyncio.sleep(0.001)
    save(file, trackings(3))  # the other one takes a minute
    await until(client, lambda said: said["claimtrackings"] == 3)
