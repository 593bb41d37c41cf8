"""A reader asks about a sentence without script, and follows it to the moderator's answer."""

import pytest
from playwright.sync_api import Page, expect

from .people import signed_in
from .test_every_page import look_at
from .watch import axe_violations

ARTICLE = "/articles/can-stem-cells-cure-autoimmune-disease/"
WHY = "My doctor said <b>something else</b>."
ANSWER = "The sentence tells what was seen, and no more."


def fill_in(page: Page, server) -> str:
    """Follow the article's link and ask about its first claim, forgetting to say why at first;
    the sentence."""
    page.goto(server.url + ARTICLE)
    page.get_by_role("link", name="Question a sentence", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Question a sentence")
    choice = page.get_by_role("radio").first
    sentence = choice.get_attribute("value")
    choice.check()
    page.get_by_label("What is wrong with it?").select_option("It claims more than is known")
    page.get_by_label("Say why").fill(" ")
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_role("alert")).to_contain_text("was not sent yet")
    expect(page.get_by_role("radio", checked=True)).to_have_attribute("value", sentence)
    page.get_by_label("Say why").fill(WHY)
    page.get_by_role("button", name="Send the question").click()
    return sentence


def answer(page: Page, server, sentence: str) -> None:
    """Find the question in the queue, read it and decide."""
    page.goto(f"{server.url}/admin/moderation/?origin=reader")
    row = page.get_by_role("listitem").filter(has_text="A reader asks").filter(has_text=sentence)
    row.get_by_role("link", name="Open this claim").click()
    asked = page.get_by_role("region", name="Readers’ questions")
    expect(asked).to_contain_text("1 in all, 1 waiting")
    expect(asked).to_contain_text(WHY)
    page.get_by_label("not a claim", exact=True).check()
    page.get_by_label("Reason").first.fill(ANSWER)
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Decided. The decision stays with the sentence.")).to_be_visible()


def test_a_reader_asks_without_script_and_follows_it_to_the_answer(own_site_server, new_page):
    reader = new_page(java_script_enabled=False, viewport={"width": 320, "height": 800})
    sentence = fill_in(reader, own_site_server)
    expect(reader.get_by_role("heading", level=1)).to_contain_text("waits for a moderator")
    expect(reader.get_by_role("main")).to_contain_text(sentence)
    assert reader.context.cookies() == []
    link = reader.url
    moderator = signed_in(new_page(), own_site_server, "moderator")
    answer(moderator, own_site_server, sentence)
    later = new_page(java_script_enabled=False)  # another day, another browser, the same link
    later.goto(link)
    expect(later.get_by_role("main")).to_contain_text(ANSWER)
    expect(later.get_by_role("main")).to_contain_text("It stays as it is.")
    later.goto(own_site_server.url + ARTICLE)
    expect(later.locator("#trust")).to_contain_text("Challenged once, never changed")


@pytest.mark.parametrize("path", ["/report/", "/report/?page=56", "/report/?claim=1"])
def test_the_form_is_accessible(site_server, new_page, path):
    assert look_at(new_page(), site_server.url + path) == {}


def test_a_refused_form_and_the_outcome_are_accessible(own_site_server, new_page):
    page = new_page(viewport={"width": 320, "height": 800})
    page.goto(f"{own_site_server.url}/report/?page=56")
    page.get_by_label("What is wrong with it?").select_option("Something else")
    page.get_by_label("Say why").fill("Why?")
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_role("alert")).to_be_visible()
    seen = axe_violations(page)
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("waits for a moderator")
    assert seen + axe_violations(page) == []


def test_selected_words_lead_to_the_form_with_their_sentence_chosen(site_server, new_page):
    reader = new_page()
    reader.goto(site_server.url + ARTICLE)
    claim = reader.locator(".prose .claim").first
    words = claim.inner_text().strip()
    link = reader.locator("[data-ask]")
    expect(link).to_be_hidden()
    claim.evaluate("node => getSelection().selectAllChildren(node)")
    expect(link).to_be_visible()
    link.click()
    chosen = reader.get_by_role("radio", checked=True)
    assert words in chosen.get_attribute("value")
    assert reader.context.cookies() == []
