"""The claim checker while somebody writes: underlines, the list and the card, by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from .people import sign_in
from .test_editor import text_box
from .watch import axe_violations

ADD = "/admin/articles/article/add/"
BOLD = "Stem cell therapy is a proven, guaranteed cure for lupus."
HYPE = "Rest is a miracle for tired people."


def count(page: Page):
    """The running count beside the text."""
    return page.locator(".findings__count")


def card(page: Page):
    return page.locator(".finding-card")


@pytest.fixture
def form(site_server, browser_page) -> Page:
    """The add form. Nothing of it is saved: it has no title until the test gives it one."""
    sign_in(browser_page, site_server)
    browser_page.goto(site_server.url + ADD)
    text_box(browser_page).focus()
    return browser_page


def test_findings_come_within_half_a_second_and_are_settled_by_keyboard_alone(form):
    keys = form.keyboard
    keys.type(f"It rained. {HYPE} {BOLD}")
    expect(form.locator(".finding--block")).to_have_count(2)  # the words that weigh split it
    expect(count(form)).to_have_text("2 to settle, 1 stops publication.")
    assert axe_violations(form) == []
    form.screenshot(path="/tmp/rules-form.png", full_page=True)
    keys.press("Home")
    keys.press("F8")
    expect(card(form)).to_be_focused()
    form.screenshot(path="/tmp/rules-card.png", full_page=True)
