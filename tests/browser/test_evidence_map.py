"""A reader's question to the evidence map: what has at least moderate certainty for lupus, and its
main harm? Three steps, by mouse, by keyboard alone and without script."""

import pytest
from playwright.sync_api import Page, expect

from .test_every_page import look_at

CONDITION = "Systemic lupus erythematosus"


def the_answer_stands_there(page: Page) -> None:
    """Three therapies, and belimumab's own page names its main harm."""
    table = page.get_by_role("table")
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text("3 pairs fit")
    for name in ("B-cell", "Belimumab", "Corticosteroids"):
        expect(table.get_by_role("rowheader", name=name)).to_be_visible()
    expect(table.get_by_role("row", name="Belimumab")).to_contain_text("Main harm: infection")


def test_what_helps_in_lupus_and_its_main_harm_in_three_steps(site_server, new_page):
    page = new_page(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    page.goto(f"{site_server.url}/evidence/")
    page.get_by_label("Condition", exact=True).select_option(label=CONDITION)
    page.get_by_label("At least this certain").select_option(label="Moderate")
    page.get_by_role("button", name="Show").click()
    the_answer_stands_there(page)
    page.get_by_role("link", name="Belimumab for Systemic lupus erythematosus").click()
    harms = page.get_by_role("region", name="What harm it can do")
    expect(harms.get_by_role("listitem").first).to_contain_text("Infection")


def test_the_same_by_keyboard_alone(site_server, browser_page):
    page = browser_page
    page.goto(f"{site_server.url}/evidence/")
    page.get_by_label("Condition", exact=True).focus()
    page.keyboard.type("Systemic l")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Mod")
    for _ in range(5):  # stage, kind, order, form, then the button
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**certainty=moderate**")
    the_answer_stands_there(page)


@pytest.mark.parametrize(
    "path",
    [
        "/evidence/?condition=systemic-lupus-erythematosus&form=list",
        "/evidence/liver-transplantation/autoimmune-hepatitis/",
    ],
)
def test_the_map_as_a_list_and_a_pair_not_looked_for_are_accessible(site_server, new_page, path):
    assert look_at(new_page(), site_server.url + path) == {}
