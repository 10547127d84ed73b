"""Serving of the page: negotiation, headers, assets, and the flag."""

import hashlib
import io
import re
from argparse import Namespace

import pytest

from conftest import Client, MakeClient
from mockserver.assets import version
from mockserver.cli.serve import log_page_url
from mockserver.office.lookups import CLAIM_STATUSES
from mockserver.web.page.routes import ASSETS

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
MAX_BYTES = 250_000
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html"
)
# lit-html 3.3.3 as its authors publish it, BSD-3-Clause.
LIT = {
    "LICENSE": "2b66f9390afde29edfe4314daff93f01fb182e1178053e228120178987e5db75",
    "directive-helpers.js": "f7fb1154b8f72ed2cc08b05eaeed71c99270e9ad2d48620ed24688a1af4c2b62",
    "directive.js": "3344c4f41c69cd0701d3937e8f9ef90bd845614bf6456d0b8314b7c51d415b9d",
    "directives/live.js": "b305f9066319d838db797abd5a4d871537277e25f35332702bfce4452c020ecf",
    "directives/repeat.js": "083140026ecd8665fedd15b17769f9d516252a9f1502f1e91e6967686ee82626",
    "lit-html.js": "b878e7f95dec8a9b6e9b217faca6b6a11bad82ebc44c0caa77419ed83edd81f2",
}
IMPORT = re.compile(r'(?:from|import)\s*"([^"]+)"')
LAZY = re.compile(r'\bimport\("([^"]+)"\)')
FILES = sorted(file.relative_to(ASSETS).as_posix() for file in ASSETS.rglob("*") if file.is_file())
SERVED = [name for name in FILES if name not in ("index.html", "lit/LICENSE") and not name.endswith(".d.ts")]


async def test_a_browser_gets_the_page(client: Client) -> None:
    response = await client.get("/", headers=BROWSER)
    assert response.status == 200
    assert response.content_type == "text/html"
    assert response.headers["Content-Security-Policy"] == POLICY
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Vary"] == "Accept"
    assert response.headers["Server"] == "opendental-mock"


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/json, text/html;q=0.5", ""])
async def test_a_program_gets_the_operations(client: Client, accept: str) -> None:
    response = await client.get("/", headers={"Accept": accept})
    assert (await response.json())["name"] == "opendental-mock"
    assert response.headers["Vary"] == "Accept"


@pytest.mark.parametrize("name", SERVED)
async def test_every_asset_is_served_with_its_type(client: Client, name: str) -> None:
    response = await client.get(f"/__page/{name}")
    assert response.status == 200
    types = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
    assert response.content_type == types[name.rpartition(".")[2]]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert await response.read() == (ASSETS / name).read_bytes()


@pytest.mark.parametrize("name", ["nothing.js", "lit/nothing.js"])
async def test_an_asset_that_is_not_there_is_a_problem(client: Client, name: str) -> None:
    response = await client.get(f"/__page/{name}")
    assert response.status == 404
    assert (await response.json(content_type="application/problem+json"))[
        "detail"
    ] == f"The page has no /__page/{name}."


@pytest.mark.parametrize("name", ["//etc/x.js", "/../routes.py", "/%2e%2e/x.js", "/LICENSE"])
async def test_only_assets_are_served(client: Client, name: str) -> None:
    response = await client.get(f"/__page{name}")
    assert response.status == 404


async def test_the_page_is_not_in_the_journal(client: Client) -> None:
    await client.get("/", headers=BROWSER)
    await client.get("/__page/app.js")
    assert (await (await client.get("/__admin/requests")).json())["total"] == 0


async def test_the_settings_of_the_page(make_client: MakeClient) -> None:
    client = await make_client(page="read-only")
    assert (await client.get("/", headers=BROWSER)).content_type == "text/html"
    assert await (await client.get("/__page/settings.json")).json() == {"page": "read-only", "version": version()}


@pytest.mark.parametrize("settings", [{"page": "off"}, {"admin": False}])
async def test_without_a_page_a_browser_gets_the_operations(
    make_client: MakeClient, settings: dict[str, object]
) -> None:
    client = await make_client(**settings)
    assert (await client.get("/", headers=BROWSER)).content_type == "application/json"
    assert (await client.get("/__page/app.js")).status == 404
    assert "Content-Security-Policy" not in (await client.get("/__page/app.js")).headers


async def test_the_page_has_the_guard_of_the_host(client: Client) -> None:
    for path in ("/", "/__page/app.js"):
        assert (await client.get(path, headers={"Host": "evil.test", **BROWSER})).status == 403


async def test_the_page_needs_no_token_and_its_data_do(make_client: MakeClient) -> None:
    client = await make_client(admin_token="Sesame")
    assert (await client.get("/", headers=BROWSER)).status == 200
    assert (await client.get("/__page/settings.json")).status == 200
    assert (await client.get("/__admin/office")).status == 401


def test_the_assets_are_small() -> None:
    assert sum((ASSETS / name).stat().st_size for name in FILES) < MAX_BYTES


def test_lit_is_vendored_unedited() -> None:
    files = (file for file in (ASSETS / "lit").rglob("*") if file.is_file() and not file.name.endswith(".d.ts"))
    found = {file.relative_to(ASSETS / "lit").as_posix(): file for file in files}
    assert {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in found.items()} == LIT
    assert 'litHtmlVersions??=[]).push("3.3.3")' in found["lit-html.js"].read_text("utf-8")
    assert "Redistribution and use in source and binary forms" in found["LICENSE"].read_text("utf-8")


def imported(name: str) -> set[str]:
    """Return the modules that are imported, also by way of others, before a module runs."""
    found, todo = set(), [ASSETS / name]
    while todo:
        file = todo.pop()
        if file not in found:
            found.add(file)
            todo += [(file.parent / one).resolve() for one in IMPORT.findall(file.read_text("utf-8"))]
    return {file.relative_to(ASSETS).as_posix() for file in found}


def test_only_the_module_that_asks_for_data_comes_before_the_first_paint() -> None:
    named = re.findall(r'="__page/([^"]+[.]js)"', (ASSETS / "index.html").read_text("utf-8"))
    assert named == ["server.js", "start.js"]
    assert imported("start.js") == {"start.js"}
    assert LAZY.findall((ASSETS / "start.js").read_text("utf-8")) == ["./app.js"]
    assert len(imported("app.js")) < 25
    assert imported("server.js") == {"server.js"}  # it sends the first requests before the others are there


def test_the_page_names_its_places_before_its_modules_run() -> None:
    names = re.findall(r'name: "([^"]+)"', (ASSETS / "app.js").read_text("utf-8"))
    assert re.findall(r'<a href="#/[a-z]+">([^<]+)</a>', (ASSETS / "index.html").read_text("utf-8")) == names


def test_assets_import_only_assets() -> None:
    for name in FILES:
        if name.endswith(".js"):
            file = ASSETS / name
            for target in (*IMPORT.findall(file.read_text("utf-8")), *LAZY.findall(file.read_text("utf-8"))):
                assert target.startswith("."), (name, target)
                assert (file.parent / target).is_file(), (name, target)


def test_the_words_of_a_claim_are_those_of_the_admin_api() -> None:
    table = (ASSETS / "words.js").read_text("utf-8").partition("CLAIM_STATUSES = {")[2].partition("}")[0]
    assert dict(re.findall(r'(\w): "([^"]+)"', table)) == CLAIM_STATUSES


def test_no_asset_imports_itself_by_way_of_others() -> None:
    for name in FILES:
        if name.endswith(".js"):
            file = ASSETS / name
            targets = [(file.parent / target).relative_to(ASSETS) for target in IMPORT.findall(file.read_text("utf-8"))]
            circles = [target for target in targets if name in imported(target.as_posix())]
            assert circles == [], name


def test_no_asset_has_inline_script_style_or_markup_from_text() -> None:
    for name in FILES:
        if not name.startswith("lit/"):
            text = (ASSETS / name).read_text("utf-8")
            assert not re.search(r"\bstyle=|innerHTML|outerHTML|unsafeHTML|\beval\(|\son[a-z]+=", text), name


@pytest.mark.parametrize(
    ("is_terminal", "page", "no_admin", "said"),
    [(True, "on", False, 1), (False, "on", False, 0), (True, "off", False, 0), (True, "on", True, 0)],
)
def test_serve_on_a_terminal_says_where_the_page_is(
    is_terminal: bool,
    page: str,
    no_admin: bool,
    said: int,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("sys.stderr", Stream(is_terminal))
    with caplog.at_level("INFO", logger="mockserver"):
        log_page_url("http://127.0.0.1:30222/api/v1", Namespace(page=page, admin=not no_admin))
    assert caplog.messages == ["the page is at http://127.0.0.1:30222/"] * said


class Stream(io.StringIO):
    """A stream that may be a terminal."""

    def __init__(self, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal
