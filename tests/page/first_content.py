"""Time to the first content of the page: `python tests/page/first_content.py [LOADS] [OFFICE]`, in milliseconds.

The first content is the browser's first contentful paint; the first data are the claims of the office, painted. OFFICE
is a fixture, such as `large`.
"""

import shutil
import statistics
import sys
from typing import Any

from playwright.sync_api import sync_playwright

from mockserver import MockServer

WATCH = """new MutationObserver((_changes, observer) => {
  if (!document.querySelector(".claims [data-item]")) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => performance.mark("first-data")));
}).observe(document, { childList: true, subtree: true });"""
READ = "name => performance.getEntriesByName(name)[0]?.startTime"
NAMES = ("first-contentful-paint", "first-data")


def main(loads: int, *fixtures: str) -> None:
    """Load the page so many times, each with an empty cache, and print the quartiles."""
    times: dict[str, list[float]] = {name: [] for name in NAMES}
    with MockServer(*fixtures) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for _ in range(loads + 1):
            for name, time in load(browser, server.url.removesuffix("/api/v1")).items():
                times[name].append(time)
        browser.close()
    for name, found in times.items():
        low, median, high = statistics.quantiles(found[1:], n=4)  # the first load starts the browser
        print(f"{name:24} {low:4.0f} {median:4.0f} {high:4.0f}")


def load(browser: Any, url: str) -> dict[str, float]:
    """Load the page in a new context, and return the times."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(url)
        page.wait_for_selector(".connection[data-state=live]")
        return {name: page.evaluate(READ, name) for name in NAMES}


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 25, *sys.argv[2:])
