"""Browser of the tests of the page: real Chromium, and a listener for everything that must not happen."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from mockserver import MockServer

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NOW = "2023-07-26 09:47:10"
SIZES = {"narrow": (360, 740), "wide": (1600, 900)}
# Both sizes and both themes; with ALL_LOOKS=1 each size in each theme.
LOOKS = [("wide", "light"), ("narrow", "dark")]
if os.environ.get("ALL_LOOKS") == "1":
    LOOKS += [("wide", "dark"), ("narrow", "light")]
MAX_WAIT_MS = 30_000
MARKUP = "<img src=x onerror=alert(1)><b>bold</b>"
READY = ".head:has(.connection[data-state=live]) ~ main[aria-busy=false]"

# For tests of what does not look different, such as a file that is downloaded.
one_look = pytest.mark.parametrize("look", [("wide", "light")], indirect=True, ids=["wide-light"])

OpenPage = Callable[..., Any]
StartServer = Callable[..., MockServer]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start the browser. Skip the test if there is none, but fail in CI unless NO_BROWSER is set."""
    missing = "playwright" if find_spec("playwright") is None else "chromium" if CHROMIUM is None else ""
    if missing:
        if os.environ.get("CI") == "true" and not os.environ.get("NO_BROWSER"):
            pytest.fail(f"{missing} is not installed")
        pytest.skip(f"{missing} is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def start() -> Iterator[StartServer]:
    """Return a function that starts a server, which stops after the page is closed."""
    with ExitStack() as stack:
        yield lambda *names, **settings: stack.enter_context(MockServer(*names, **settings))


@pytest.fixture
def server(start: StartServer) -> MockServer:
    """Start a server with the default office."""
    return start(now=NOW)


@pytest.fixture(params=LOOKS, ids=["-".join(look) for look in LOOKS])
def look(request: pytest.FixtureRequest) -> tuple[str, str]:
    """Return the size of the window and the theme: every test of the page runs in both sizes and both themes."""
    look: tuple[str, str] = request.param
    return look


@pytest.fixture
def open_page(browser: Any, server: MockServer, look: tuple[str, str]) -> Iterator[OpenPage]:
    """Return a function that opens a place of the page. The test fails if the browser reports a problem."""
    contexts, problems = [], []

    def opened(
        place: str = "#/office", *, to: MockServer = server, allowed: tuple[str, ...] = (), ready: str = READY,
        axe: bool = False, motion: str = "no-preference",
    ) -> Any:  # fmt: skip
        width, height = SIZES[look[0]]
        viewport = {"width": width, "height": height}
        context = browser.new_context(viewport=viewport, color_scheme=look[1], reduced_motion=motion)
        contexts.append(context)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        if axe:
            context.add_init_script(path=axe_file())
        page = context.new_page()
        page.set_default_timeout(MAX_WAIT_MS)
        host = urlsplit(to.url).netloc
        page.on("pageerror", lambda error: problems.append(f"error: {error}"))
        page.on("console", lambda message: problems.extend(_problem(message, allowed)))
        page.on(
            "request",
            lambda request: problems.append(f"another host: {request.url}")
            if urlsplit(request.url).netloc not in (host, "") else None,
        )  # fmt: skip
        page.goto(f"http://{host}/{place}")
        page.wait_for_selector(ready)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []


def _problem(message: Any, allowed: tuple[str, ...]) -> list[str]:
    """Return a message of the console, unless it only says that the API has refused a request."""
    path = urlsplit(message.location.get("url", "")).path
    if message.type not in ("error", "warning") or any(one in message.text for one in allowed):
        return []
    refused = message.text.startswith("Failed to load resource: the server responded with a status of 4")
    return [] if refused and not path.startswith(("/__page", "/__admin")) else [f"console: {message.text} {path}"]


def axe_file() -> Path:
    """Return the file of axe-core."""
    spec = find_spec("axe_playwright_python")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).with_name("axe.min.js")


def post(server: MockServer, **fields: Any) -> requests.Response:
    """Create a claim tracking as a client does."""
    return requests.post(f"{server.url}/claimtrackings", json=fields, headers=server.headers, timeout=10)
