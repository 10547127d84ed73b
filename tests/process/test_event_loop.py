"""Event loop tests: uvloop if it is installed, otherwise asyncio's, or the one that is named."""

import asyncio
import subprocess
import sys
import time
from types import ModuleType
from typing import Literal

import pytest

from mockserver import MockServer
from mockserver.cli import main
from mockserver.web.event_loop import Loop, NoSuchLoop

pytestmark = pytest.mark.usefixtures("a_process_of_its_own")
RUN = ("run", "--allow-no-requests", "--", sys.executable, "-c", "pass")


@pytest.fixture
def none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulate a machine without uvloop."""
    monkeypatch.setitem(sys.modules, "uvloop", None)
    monkeypatch.delenv("OPENDENTAL_MOCK_LOOP", raising=False)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[asyncio.AbstractEventLoop]:
    """Simulate a machine with a module of that name. Return the loops that it has made."""
    made: list[asyncio.AbstractEventLoop] = []

    def new_event_loop() -> asyncio.AbstractEventLoop:
        made.append(asyncio.new_event_loop())
        return made[-1]

    module = ModuleType("uvloop")
    vars(module)["new_event_loop"] = new_event_loop
    monkeypatch.setitem(sys.modules, "uvloop", module)
    return made


@pytest.mark.parametrize(
    ("words", "variable", "loops"),
    [([], "", 1), (["--loop", "auto"], "asyncio", 1), (["--loop", "uvloop"], "", 1), (["--loop", "asyncio"], "", 0), ([], "asyncio", 0)],
)  # fmt: skip
def test_command_runs_on_uvloop_if_installed_and_not_disabled(
    words: list[str],
    variable: str,
    loops: int,
    made: list[asyncio.AbstractEventLoop],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENDENTAL_MOCK_LOOP", variable)
    assert main([RUN[0], *words, *RUN[1:]]) == 0
    assert len(made) == loops


@pytest.mark.usefixtures("none")
@pytest.mark.parametrize("words", [[], ["--loop", "asyncio"]])
def test_without_uvloop_the_command_runs_all_the_same(words: list[str]) -> None:
    assert main([RUN[0], *words, *RUN[1:]]) == 0


@pytest.mark.usefixtures("none")
@pytest.mark.parametrize("by", ["flag", "variable"])
def test_missing_uvloop_is_wrong_use_with_a_remedy(
    by: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if by == "variable":
        monkeypatch.setenv("OPENDENTAL_MOCK_LOOP", "uvloop")
    assert main(["serve", "--port", "0", *(["--loop", "uvloop"] if by == "flag" else [])]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "--loop uvloop" in line
    assert "pip install uvloop" in line


def test_unknown_loop_is_wrong_use_and_lists_the_choices(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--loop", "trio"])
    assert ended.value.code == 2
    assert "auto, asyncio or uvloop" in capsys.readouterr().err
    with pytest.raises(ValueError, match="auto, asyncio or uvloop"):
        MockServer(loop="trio")  # type: ignore[arg-type]


@pytest.mark.usefixtures("none")
def test_mock_server_uses_asyncio_without_uvloop() -> None:
    with MockServer() as server:
        assert isinstance(server.call(asyncio.get_running_loop), asyncio.BaseEventLoop)
    with pytest.raises(NoSuchLoop, match="pip install uvloop"):
        MockServer(loop="uvloop")


@pytest.mark.parametrize("loop", ["auto", "uvloop", "asyncio"])
def test_a_mock_server_has_the_loop_that_it_was_given(loop: Literal["auto", "uvloop", "asyncio"]) -> None:
    uvloop = pytest.importorskip("uvloop")
    with MockServer(loop=loop) as server:
        assert isinstance(server.call(asyncio.get_running_loop), uvloop.Loop) == (loop != "asyncio")


def test_loop_run_returns_the_result() -> None:
    async def give() -> int:
        return 5

    assert [Loop(name).run(give()) for name in ("auto", "asyncio")] == [5, 5]


@pytest.mark.parametrize("begins", ["before the server", "after it"])
def test_a_server_goes_on_while_a_test_has_stopped_time(begins: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """freezegun replaces `time.monotonic`, which asyncio's loop asks for the time."""
    api = ModuleType("freezegun.api")
    vars(api)["real_monotonic"] = time.monotonic
    server = MockServer(loop="asyncio")
    if begins == "before the server":
        monkeypatch.setitem(sys.modules, "freezegun.api", api)
        monkeypatch.setattr(time, "monotonic", lambda: 0.0)
    with server:
        monkeypatch.setattr(time, "monotonic", lambda: 0.0)
        server.fault(then="delay", delay=0.01)
        assert status(f"{server.url}/claimtrackings") == 200
        assert status(f"{server.admin_url}/requests?operation=claims/list&wait=0.01") == 200


def status(url: str) -> int:
    """Return the status of a GET, in another process: the time of this one stands still."""
    program = f"import urllib.request; print(urllib.request.urlopen({url!r}, timeout=20).status)"
    return int(subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, timeout=60).stdout)
