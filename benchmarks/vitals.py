"""Core Web Vitals of readers' pages in Chromium, as a throttled phone would see them.

    python benchmarks/vitals.py [--times 5] [--url http://127.0.0.1:8000]

Serves a copy of the site with its shipped content (or asks the site at --url), opens each page in
a fresh context of 390 by 844 points with an empty cache, on a line of 1.6 Mbit/s with 150 ms for
each round trip and a processor four times slower, and prints the median of so many times: largest
contentful paint, layout shift, total blocking time, and bytes over the wire. Fails when a median
is over LIMITS.
"""

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, sync_playwright

from tests.browser.install import find
from tests.browser.site_server import SiteServer

PAGES = {
    "home": "/",
    "condition": "/conditions/systemic-lupus-erythematosus/",
    "article": "/articles/can-stem-cells-cure-autoimmune-disease/",
}
LIMITS = {"lcp": 1000.0, "cls": 0.0, "tbt": 50.0, "bytes": 60_000.0}
LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
SLOWER = 4
WATCH = """
window.vitals = {lcp: 0, cls: 0, tbt: 0};
const watch = (type, add) =>
  new PerformanceObserver(list => list.getEntries().forEach(add)).observe({type, buffered: true});
watch("largest-contentful-paint", e => { vitals.lcp = e.startTime; });
watch("layout-shift", e => { if (!e.hadRecentInput) vitals.cls += e.value; });
watch("longtask", e => { vitals.tbt += Math.max(0, e.duration - 50); });
"""


def once(browser: Browser, address: str) -> dict[str, float]:
    """One visit of somebody who was never here."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, device_scale_factor=3, is_mobile=True
    )
    page = context.new_page()
    wire = context.new_cdp_session(page)
    received = []
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda done: received.append(done["encodedDataLength"]))
    wire.send("Network.emulateNetworkConditions", LINE)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(WATCH)
    page.goto(address, wait_until="load")
    page.wait_for_function("vitals.lcp > 0")  # no paint counts once the reader has scrolled
    page.wait_for_timeout(500)
    page.mouse.wheel(0, 4000)
    page.wait_for_timeout(800)
    seen = page.evaluate("vitals")
    context.close()
    return seen | {"bytes": sum(received)}


def measure(url: str, times: int) -> bool:
    """Print the medians; whether all are within their limits."""
    program, needs = find()
    good = True
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, env={**os.environ, **needs})
        print(f"{'page':<10} {'LCP ms':>8} {'CLS':>6} {'TBT ms':>7} {'bytes':>7}")
        for name, path in PAGES.items():
            once(browser, url + path)  # the server makes the page
            seen = [once(browser, url + path) for _ in range(times)]
            median = {key: statistics.median(one[key] for one in seen) for key in LIMITS}
            good &= all(median[key] <= LIMITS[key] for key in LIMITS)
            print(
                f"{name:<10} {median['lcp']:>8.0f} {median['cls']:>6.3f} {median['tbt']:>7.0f} "
                f"{median['bytes']:>7.0f}"
            )
        browser.close()
    return good


def main() -> int:
    """Run it; 1 when a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--url", default="")
    options = parser.parse_args()
    if options.url:
        return 0 if measure(options.url.rstrip("/"), options.times) else 1
    with tempfile.TemporaryDirectory() as home:
        server = SiteServer(Path(home))
        try:
            return 0 if measure(server.url, options.times) else 1
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
