"""Shared fixtures: an office on the vendor page's clock, and a client of it."""

import asyncio
import gc
import logging
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from hypothesis import settings

from mockserver import create_app
from support.effort import VARIABLE, is_thorough, some
from support.now import NOW as NOW

# Run by test_examples.py, each as a user would run it; and by hand.
collect_ignore = ["examples", "benchmarks"]

# In GitHub Actions the commands that the tests run must not write annotations or the summary of the real step.
for _name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
    os.environ.pop(_name, None)

# With it each of the hundreds of commands that the tests run would compile the package again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Each of them imports aiohttp too, which then reads all authorities of the system, twice; these are one.
os.environ["SSL_CERT_FILE"] = str(Path(__file__).with_name("data") / "an-authority.pem")

# Under `nohup`, or in the background of a script, signals are ignored, and the processes of the tests inherit that.
for _name in ("SIGINT", "SIGHUP"):
    _number = getattr(signal, _name, None)
    if _number is not None and signal.getsignal(_number) == signal.SIG_IGN:
        signal.signal(_number, signal.default_int_handler if _name == "SIGINT" else signal.SIG_DFL)


@pytest.fixture
def a_process_of_its_own() -> Iterator[None]:
    """Restore the state that a command changes in its process: signal handlers, the log, the garbage collector."""
    log, root = logging.getLogger("mockserver"), logging.getLogger()
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    handlers = {number: signal.getsignal(number) for number in numbers}
    level, root_level, writers, often = log.level, root.level, list(root.handlers), gc.get_threshold()
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)
    log.setLevel(level)
    root.setLevel(root_level)
    root.handlers[:] = writers
    gc.set_threshold(*often)


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati"])
def zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """Set the time zone of this process."""
    if not hasattr(time, "tzset"):
        pytest.skip("the platform cannot change a process's time zone")
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


Client = TestClient[web.Request, web.Application]
MakeClient = Callable[..., Awaitable[Client]]
LEFT_OUT = pytest.StashKey[int]()
"""The number of tests that a quick run leaves out."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption(
        "--loop",
        choices=["asyncio", "uvloop"],
        default="asyncio",
        help="the event loop of the tests; the servers that they start have uvloop's where it is installed",
    )
    parser.addoption(
        "--thorough",
        action="store_true",
        help="run what takes long too, and try ten times as many values; so does the variable THOROUGH=1",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Choose the number of generated examples."""
    if config.getoption("--thorough"):
        os.environ[VARIABLE] = "1"
    settings.register_profile("quick", max_examples=some(100), deadline=None)
    settings.load_profile("quick")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave slow tests out of a quick run, or skip them if all that were chosen are slow."""
    slow = [] if is_thorough() else [item for item in items if item.get_closest_marker("thorough")]
    if len(slow) == len(items):
        for item in slow:
            item.add_marker(pytest.mark.skip(reason="takes long; --thorough runs it"))
    elif slow:
        config.stash[LEFT_OUT] = len(slow)
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]


def pytest_collection_finish() -> None:
    """Keep what is there for all tests out of the garbage collector, whose passes took a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(2_000, 10, 50)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over the number of tests that a worker of pytest-xdist has left out."""
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("left_out", 0)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Pass that number on, if this is a worker."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash.get(LEFT_OUT, 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell how many tests were left out."""
    if count := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"{count} tests take longer or show the same as others; --thorough runs them too")


def pytest_asyncio_loop_factories(config: pytest.Config) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Return the event loop of the option."""
    if config.getoption("--loop") == "uvloop":
        import uvloop  # type: ignore[import-not-found,unused-ignore]  # it need not be installed

        return {"uvloop": uvloop.new_event_loop}
    return {"asyncio": asyncio.new_event_loop}


@pytest.fixture
def make_client(aiohttp_client: Any) -> MakeClient:
    """Return a function that makes a client of an app from `create_app`'s arguments, frozen at the page's POST."""

    async def make(*fixtures: str, **settings: Any) -> Client:
        client: Client = await aiohttp_client(create_app(*fixtures, **{"now": NOW} | settings))
        return client

    return make


@pytest.fixture
async def client(make_client: MakeClient) -> Client:
    """Return a client of the default office."""
    return await make_client()
