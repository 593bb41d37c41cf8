"""Readers' pages by keyboard and by what they say of themselves: every stop is seen, the order is
that of the page, and names, roles and states are right."""

import pytest
from playwright.sync_api import expect

from .keyboard import SHOWN

STOPS = 45  # the way through the head of a page and well into its text
PAGES = [
    "/",
    "/conditions/systemic-lupus-erythematosus/",
    "/articles/can-stem-cells-cure-autoimmune-disease/",
    "/therapies/svf-clinic-products/",
    "/conditions/",
    "/evidence/",
    "/evidence/autologous-hsct/multiple-sclerosis/",
    "/claims/1/",
    "/sources/1/",
    "/search/?q=lupus",
    "/glossary/",
    "/report/?page=1",
]
HAS_FOCUS = "document.activeElement"
# Whether the stop stands after the one before it in the page, as whoever reads aloud meets it.
FOLLOWS = """element => {
  const before = window.lastStop
  window.lastStop = element
  return !before || !!(before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING)
}"""


@pytest.mark.parametrize("width", [320, 1280])
def test_every_stop_is_seen_and_in_order(site_server, new_page, width):
    page = new_page(viewport={"width": width, "height": 640})
    wrong = {}
    for path in PAGES:
        page.goto(site_server.url + path)
        found = []
        for _ in range(STOPS):
            page.keyboard.press("Tab")
            element = page.evaluate_handle(HAS_FOCUS).as_element()
            if element.evaluate("element => element === document.body"):
                break  # the keyboard has left the page
            hidden = element.evaluate(SHOWN)
            if hidden or not element.evaluate(FOLLOWS):
                html = element.evaluate("element => element.outerHTML.slice(0, 120)")
                found.append(f"{hidden or 'out of order'}: {html}")
        if found:
            wrong[path] = found
    assert wrong == {}


def test_a_condition_says_what_its_parts_are(site_server, new_page):
    page = new_page()
    page.goto(site_server.url + "/conditions/systemic-lupus-erythematosus/")
    expect(page.get_by_role("banner")).to_be_visible()
    expect(page.get_by_role("contentinfo")).to_be_attached()
    expect(page.get_by_role("search")).to_be_visible()
    expect(page.get_by_role("navigation", name="On this page")).to_match_aria_snapshot("""
      - navigation "On this page":
        - list:
          - listitem:
            - link "When to get help"
          - listitem:
            - link "What helps"
    """)
    expect(page.get_by_role("main")).to_match_aria_snapshot("""
      - main:
        - article:
          - heading "Systemic lupus erythematosus" [level=1]
          - region "What matters most":
            - heading "What matters most" [level=2]
          - region "When to get help":
            - heading "When to get help" [level=2]
            - heading "Call 999 or go to A&E now if" [level=3]
          - region "Treatments, and how sure anyone can be"
          - region "Can you trust this page?"
    """)


def test_the_search_field_says_that_it_offers_pages_and_which_is_chosen(site_server, new_page):
    page = new_page()
    page.goto(site_server.url + "/search/")
    field = page.get_by_role("combobox", name="Search for a condition, a treatment or a question")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("lup")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("option", selected=True)).to_have_count(0)
    field.press("ArrowDown")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_have_count(1)
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))


def test_a_form_that_is_refused_says_so_at_once_and_at_each_field(site_server, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(site_server.url + "/report/?page=1")
    page.locator("form[method=post]").evaluate("form => { form.noValidate = true }")
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_role("alert")).to_contain_text("was not sent yet")
    reason = page.locator("[name=reason]").first
    expect(reason).to_have_attribute("aria-invalid", "true")
    expect(reason).to_have_accessible_description("Choose what is wrong with the sentence.")
