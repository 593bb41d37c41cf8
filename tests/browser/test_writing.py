"""Writing at the desk: text keeps itself, a late text is kept aside, others are seen, comments."""

import re

import pytest
from playwright.sync_api import Page, expect

from .keyboard import reach
from .people import signed_in
from .watch import axe_violations

TITLE = "Rest and lupus"
CHANGE = re.compile(r"/admin/articles/article/\d+/change/$")
SLEEP = "Some sleep badly in a flare."


def text_box(page: Page):
    return page.locator(".tiptap[aria-label=Body]")


def saving(page: Page):
    """What the form says of its saving."""
    return page.locator("#desk-saving")


def write(page: Page, words: str) -> None:
    """Put these words at the end of the text."""
    text_box(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def person(new_page, server, name: str) -> Page:
    return signed_in(new_page(viewport={"width": 1280, "height": 900}), server, name)


@pytest.fixture
def author(own_site_server, new_page) -> Page:
    """The author's add form with a title and some text that nobody saved by hand."""
    page = person(new_page, own_site_server, "author")
    page.goto(own_site_server.url + "/admin/articles/article/add/")
    write(page, "Many people rest at noon.")
    return page


def test_a_stale_tab_keeps_both_texts_and_others_are_seen(author, own_site_server, new_page):
    author.get_by_label("Title").fill(TITLE)
    expect(author).to_have_url(CHANGE)
    editor = person(new_page, own_site_server, "editor")
    editor.goto(author.url)
    note = editor.locator("#desk-tabs")
    expect(note).to_contain_text(re.compile(r"has had this page open since \d\d:\d\d\."))
    assert axe_violations(editor) == []
    write(editor, "The editor adds this.")
    expect(saving(editor)).to_contain_text("revision 2")
    write(author, "The author adds that.")
    expect(saving(author)).to_contain_text("Nothing was overwritten")
    author.get_by_role("link", name="Compare the two texts").click()
    body = author.get_by_role("region", name=re.compile("^Body"))
    expect(body.locator("del").first).to_contain_text("editor")
    expect(body.locator("ins").first).to_contain_text("author")


def comment_on(page: Page, words: str) -> None:
    """Select these words of the reading view with the mouse, and comment on them."""
    page.get_by_text(words).first.click(click_count=3)
    page.get_by_role("button", name="Comment on the selected words").click()
    expect(page.get_by_label("Your comment")).to_be_focused()
    page.keyboard.type("Who says so?")
    page.get_by_role("button", name="Add the comment").click()


def test_comments_by_mouse_and_by_keyboard_alone(author, own_site_server, new_page):
    author.get_by_label("Title").fill(TITLE)
    write(author, f" {SLEEP}")
    expect(saving(author)).to_contain_text("revision 1")
    author.get_by_role("button", name="Save draft").click()
    author.wait_for_url(CHANGE)
    review = author.url.replace("/change/", "/review/")
    reviewer = person(new_page, own_site_server, "reviewer")
    reviewer.goto(review)
    comment_on(reviewer, SLEEP)
    marked = reviewer.locator(".desk-reading mark")
    expect(marked).to_have_text(f"Many people rest at noon. {SLEEP}")
    expect(reviewer.get_by_role("article", name="Comment by")).to_contain_text("Who says so?")

    reviewer.goto(review)
    reach(reviewer, reviewer.get_by_text("Comment on the text", exact=True))
    reviewer.keyboard.press("Enter")
    reach(reviewer, reviewer.get_by_label("About which sentence"))
    reviewer.keyboard.type("Some sleep")
    reach(reviewer, reviewer.get_by_label("Your comment"))
    reviewer.keyboard.type("In every flare?")
    reach(reviewer, reviewer.get_by_label("Must be resolved"))
    reviewer.keyboard.press("Space")
    reach(reviewer, reviewer.get_by_role("button", name="Add the comment"))
    reviewer.keyboard.press("Enter")
    expect(reviewer.locator("#comments")).to_contain_text("2 open; 1 must be resolved")
    for scheme, width in (("light", 320), ("dark", 1280)):
        reviewer.emulate_media(color_scheme=scheme)
        reviewer.set_viewport_size({"width": width, "height": 800})
        assert axe_violations(reviewer) == []
        assert reviewer.evaluate("document.documentElement.scrollWidth") <= width
    reach(reviewer, reviewer.get_by_role("button", name=re.compile("^Resolve .*In every flare")))
    reviewer.keyboard.press("Enter")
    expect(reviewer.locator("#comments")).to_contain_text("1 resolved")


def test_comparing_and_restoring_by_keyboard_alone(author, own_site_server, new_page):
    author.get_by_label("Title").fill(TITLE)
    author.get_by_role("button", name="Save draft").click()
    author.wait_for_url(CHANGE)
    editor = person(new_page, own_site_server, "editor")
    editor.goto(author.url)
    write(editor, f" {SLEEP}")
    expect(saving(editor)).to_contain_text("revision 2")
    author.goto(author.url.replace("/change/", "/history/"))
    compare = author.get_by_role("link", name="Compare revision 1 with the newest")
    reach(author, compare)
    author.keyboard.press("Enter")
    author.wait_for_url(re.compile("/compare/1/2/"))
    expect(author.locator("ins").last).to_contain_text("sleep badly")
    reach(author, author.get_by_role("button", name="Restore revision 1 as a new draft"))
    author.keyboard.press("Enter")
    author.wait_for_url(CHANGE)
    expect(author.locator(".messagelist")).to_contain_text("Restored from revision 1.")
    expect(text_box(author)).to_have_text("Many people rest at noon.")
