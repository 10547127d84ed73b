"""Pictures of the page: `python tests/page/picture.py [FOLDER]` writes docs/page.png, or each view into FOLDER.

The office is `practice`, in the middle of a day of requests.
"""

import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import sync_playwright

from mockserver import MockServer

FILE = Path(__file__).resolve().parents[2] / "docs" / "page.png"
PLACES = {
    "office": "#/office", "claim": "#/office/claim/1003", "table": "#/office/table/carrier", "traffic": "#/traffic/latest",
    "exchange": "#/traffic/5", "contract": "#/contract", "rule": "#/contract/claimtrackings.create.TrackingDefNum.category",
    "faults": "#/faults", "try": "#/try/claimtrackings/create",
}  # fmt: skip
SIZES = {"wide": (1280, 800), "narrow": (390, 844)}
SETTLE_MS = 300


def main(folder: Path | None) -> None:
    """Send the requests of a day, and take the picture of README or those of all views."""
    with MockServer("practice", now="2026-11-27 09:30:00") as server, sync_playwright() as playwright:
        send_a_day(server)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        if folder is None:
            picture(browser, server, "claim", FILE)
        else:
            folder.mkdir(exist_ok=True)
            for size in SIZES:
                for theme in ("light", "dark"):
                    for name in PLACES:
                        picture(browser, server, name, folder / f"{name}-{size}-{theme}.png", size=size, theme=theme)
        browser.close()


def picture(
    browser: Any, server: MockServer, name: str, file: Path, *, size: str = "wide", theme: str = "light"
) -> None:
    """Take the picture of a view."""
    width, height = SIZES[size]
    with browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme) as context:
        page = context.new_page()
        page.goto(f"{server.url.removesuffix('/api/v1')}/{PLACES[name]}")
        page.wait_for_selector(".head:has(.connection[data-state=live]) ~ main[aria-busy=false]")
        page.wait_for_timeout(SETTLE_MS)
        page.screenshot(path=str(file))


def send_a_day(server: MockServer) -> None:
    """Send what a client sends on a day: reads, writes, refusals, a lost response and its retry, a throttled list."""

    def send(method: str, path: str, **body: Any) -> None:
        with suppress(requests.ConnectionError):  # of the response that the fault loses
            requests.request(method, server.url + path, json=body or None, headers=server.headers, timeout=10)
        server.clock.advance(2)

    send("GET", "/patients?LName=Hartwell")
    send("GET", "/claims?PatNum=102")
    send("GET", "/claimtrackings?ClaimNum=1003")
    server.clock.advance(40)
    send(
        "POST",
        "/claimtrackings",
        ClaimNum=1003,
        TrackingDefNum=402,
        TrackingErrorDefNum=431,
        Note="Carrier asks for the X-ray.",
    )
    send("POST", "/claimtrackings", ClaimNum=1003, TrackingDefNum=431)
    send("GET", "/referrals")
    server.clock.advance(95)
    server.fault(operation="claimtrackings/create", when="after", then="reset")
    for _ in range(2):
        send("POST", "/claimtrackings", ClaimNum=1004, TrackingDefNum=403, Note="Appeal sent by fax.")
    server.fault(name="throttled")
    for _ in range(2):
        send("GET", "/claimtrackings?Limit=5")
    send("GET", "/claimtrackings?claimnum=1003")
    send("PUT", "/claimtrackings/15", TrackingDefNum=404, Note="Appeal refused by phone.")
    send("POST", "/claimtrackings", ClaimNum=4711)
    send("PUT", "/claims/1003", ClaimNote="Ask for Ms. Doyle at the carrier.")
    server.clock.advance(60)
    send("POST", "/claimtrackings", ClaimNum=1003, TrackingDefNum=401, Note="X-ray received, in review.")
    server.fault(name="throttled", times=2, operation="claimtrackings/create")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
