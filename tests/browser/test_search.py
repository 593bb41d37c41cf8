"""Searching with keys, with a pointer and without script."""

import json

from playwright.sync_api import expect

from .watch import axe_violations


def test_pages_are_offered_while_one_types(site_server, new_page):
    page = new_page(viewport={"width": 1280, "height": 800})
    page.goto(site_server.url + "/")
    field = page.get_by_role("combobox", name="Search for a condition")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("butterfly")
    offered = page.get_by_role("listbox", name="Pages that fit")
    expect(offered.get_by_role("group", name="Conditions")).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    assert axe_violations(page) == []
    field.press("ArrowDown")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_contain_text("Systemic lupus erythematosus")
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
    field.press("Escape")
    expect(offered).to_be_hidden()
    expect(field).to_have_value("butterfly")
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/conditions/systemic-lupus-erythematosus/")
    block = page.locator('script[type="application/ld+json"]').text_content()
    assert json.loads(block)["about"][0]["name"] == "Systemic lupus erythematosus"


def test_a_search_is_narrowed_without_script(site_server, new_page):
    page = new_page(java_script_enabled=False, viewport={"width": 320, "height": 800})
    page.goto(site_server.url + "/")
    page.get_by_label("Search for a condition").fill("stem cells")
    page.get_by_role("button", name="Search").last.click()
    narrow = page.get_by_role("complementary", name="Narrow these results")
    link = narrow.get_by_role("link", name="Multiple sclerosis")
    count = int(link.locator(".facet-count").text_content())
    link.click()
    expect(page.get_by_text(f"{count} result")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
