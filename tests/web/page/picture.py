"""Picture of the page for README: `python tests/web/page/picture.py` writes docs/page.png from a running page."""

import shutil
from pathlib import Path
from typing import Any

import requests
from playwright.sync_api import sync_playwright

from mockserver import MockServer

FILE = Path(__file__).resolve().parents[3] / "docs" / "page.png"


def main() -> None:
    """Create a few trackings, and take the picture of a claim's history."""
    with MockServer(now="2023-07-26 09:47:10") as server, sync_playwright() as playwright:
        for note, status in (("Missing attachment.", 339), ("Attachments sent.", 341), ("Denied: not covered.", 345)):
            body: dict[str, Any] = {"ClaimNum": 15, "Note": note, "TrackingDefNum": status, "TrackingErrorDefNum": 340}
            requests.post(f"{server.url}/claimtrackings", json=body, headers=server.headers, timeout=10)
            server.clock.advance(3600)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1180, "height": 640}, color_scheme="light")
        page.goto(server.url.removesuffix("/api/v1") + "/#/office/claim/15")
        page.wait_for_selector(".connection[data-state=live]")
        page.screenshot(path=str(FILE))
        browser.close()


if __name__ == "__main__":
    main()
