"""The design system: a living page of every component, icons, and what a page weighs."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders

from autoimmune_site.style_page import COLOURS, SPACES

from .test_reading import strict

CSS = (Path(__file__).resolve().parents[2] / "static" / "css" / "site.css").read_text()


def test_the_style_page_shows_every_component_and_stays_out_of_search_engines(client, db):
    tree = strict(client.get("/style/"))
    assert tree.css_first('meta[name="robots"]').attributes["content"] == "noindex"
    for part in (".sure", ".points", ".stage", ".state", ".claim-link", "[data-claim-card]"):
        assert tree.css_first(part) is not None, part
    for part in (".assessment", ".care-now", ".notice", ".button", ".contents", ".crumb", ".tags"):
        assert tree.css_first(part) is not None, part
    assert "/style/" not in client.get("/sitemap.xml").content.decode()


def test_every_colour_on_the_style_page_is_defined_in_light_and_in_dark():
    light, dark = re.findall(r":root \{(.*?)\}", CSS, re.S)[:2]
    shared = {"link-strong", "focus"}
    for token, _ in COLOURS:
        assert f"--{token}:" in light, token
        assert f"--{token}:" in dark or token in shared, token
    assert all(f"--{token}:" in light for token in SPACES)


def test_a_style_uses_no_colour_that_is_not_defined():
    used = set(re.findall(r"var\(--([a-z0-9-]+)", CSS))
    defined = set(re.findall(r"--([a-z0-9-]+):", CSS))
    set_by_script = {"left", "top"}
    assert used - defined - set_by_script == set()


def test_icons_and_manifest_are_where_the_page_says(client, db):
    tree = strict(client.get("/style/"))
    for link in tree.css('link[rel~="icon"], link[rel="apple-touch-icon"]'):
        assert finders.find(link.attributes["href"].removeprefix("/static/")), link.html
    manifest = client.get(tree.css_first('link[rel="manifest"]').attributes["href"])
    assert manifest["Content-Type"] == "application/manifest+json"
    for icon in manifest.json()["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))
