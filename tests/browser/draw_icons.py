"""Draw the site's icons and its social card again from their SVG.

Run with Python from the top of the repository.

They are shipped in static/img; this is for the day that the mark changes.
"""

import io
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.install import find
from tests.browser.site_server import ROOT

IMAGES = ROOT / "static" / "img"
PICTURES = {
    "icon-512.png": ("favicon.svg", 512, 512),
    "icon-192.png": ("favicon.svg", 192, 192),
    "apple-touch-icon.png": ("touch-icon.svg", 180, 180),
    "social-card.png": ("social-card.svg", 1200, 630),
}


def main() -> None:
    """Draw each picture in the browser and keep it with few colours, so that it is small."""
    program, needs = find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, env={**os.environ, **needs})
        for name, (drawing, width, height) in PICTURES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            svg = (IMAGES / drawing).read_text(encoding="utf-8")
            page.set_content(f"<style>body{{margin:0}}svg{{width:100vw;height:100vh}}</style>{svg}")
            picture = Image.open(io.BytesIO(page.screenshot(omit_background=True)))
            picture.quantize(64).save(IMAGES / name, optimize=True)
            page.close()
        browser.close()
    icon = Image.open(IMAGES / "icon-192.png").convert("RGBA")
    icon.save(IMAGES / "favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)])


if __name__ == "__main__":
    main()
