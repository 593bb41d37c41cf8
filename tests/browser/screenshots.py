"""Pictures of each kind of page: on a desk and on a phone, in the light and in the dark.

They hold few colours, so that they are small, and go into docs/screenshots. Run by
`make screenshots`, which serves a copy of the site with its shipped content.
"""

import io
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.install import find
from tests.browser.site_server import ROOT, SiteServer

TARGET = ROOT / "docs" / "screenshots"
PAGES = {
    "home": "/",
    "article": "/articles/can-stem-cells-cure-autoimmune-disease/",
    "condition": "/conditions/systemic-lupus-erythematosus/",
    "therapy": "/therapies/autologous-hsct/",
    "therapy-sold-unproven": "/therapies/svf-clinic-products/",
    "conditions": "/conditions/",
    "glossary": "/glossary/",
    "new": "/new/",
    "versions": "/articles/can-stem-cells-cure-autoimmune-disease/versions/",
    "style": "/style/",
    "evidence": "/evidence/",
    "assessment": "/evidence/autologous-hsct/multiple-sclerosis/",
    "claim": "/claims/1/",
    "search": "/search/?q=lupus",
}
# Pages in which the first claim is opened, as a reader would.
OPENED = {"card": "/articles/can-stem-cells-cure-autoimmune-disease/"}
VIEWS = {
    "": (1280, 900, "light"),
    "-dark": (1280, 900, "dark"),
    "-phone": (360, 720, "light"),
    "-phone-dark": (360, 720, "dark"),
}
COLOURS = 96


def take(browser: Browser, server: SiteServer, name: str, path: str) -> None:
    """One page in every view."""
    for view, (width, height, scheme) in VIEWS.items():
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, locale="en-GB"
        )
        page = context.new_page()
        page.goto(server.url + path)
        if name in OPENED:
            page.locator("a.claim-link").nth(1).click()
            page.wait_for_selector("#claim-card:popover-open")
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        picture.quantize(COLOURS, dither=Image.Dither.NONE).save(
            TARGET / f"{name}{view}.png", optimize=True
        )
        context.close()


def main() -> None:
    """Serve, open each page in each view, and keep the pictures."""
    TARGET.mkdir(parents=True, exist_ok=True)
    program, needs = find()
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        server = SiteServer(Path(home))
        try:
            browser = playwright.chromium.launch(
                executable_path=program, env={**os.environ, **needs}
            )
            for name, path in (PAGES | OPENED).items():
                take(browser, server, name, path)
                print(f"{name}: {len(VIEWS)} pictures")
            browser.close()
        finally:
            server.stop()


if __name__ == "__main__":
    main()
