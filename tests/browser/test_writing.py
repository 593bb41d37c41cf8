"""Writing at the desk: text keeps itself, a late text is kept aside, others are seen, comments."""

import re

import pytest
from playwright.sync_api import Page, expect

from .people import sign_in
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
    return sign_in(new_page(viewport={"width": 1280, "height": 900}), server, name)


def tab_to(page: Page, wanted) -> None:
    """Press Tab until this is focused."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("The keyboard does not reach it.")


@pytest.fixture
def author(own_site_server, new_page) -> Page:
    """The author's add form with a title and some text that nobody saved by hand."""
    page = person(new_page, own_site_server, "author")
    page.goto(own_site_server.url + "/admin/articles/article/add/")
    write(page, "Many people rest at noon.")
    return page


def test_text_keeps_itself_and_a_closed_tab_loses_nothing(author, own_site_server):
    expect(saving(author)).to_contain_text("Title: This field is required")
    expect(saving(author)).to_contain_text("What you typed is kept")
    author.close()
    page = author.context.new_page()
    page.goto(own_site_server.url + "/admin/articles/article/add/")
    expect(page.get_by_role("heading", name=re.compile("^You have text from"))).to_be_visible()
    assert axe_violations(page) == []
    page.get_by_role("link", name=re.compile("^Restore the text")).click()
    expect(text_box(page)).to_contain_text("Many people rest at noon.")
    page.get_by_label("Title").fill(TITLE)
    expect(saving(page)).to_contain_text("revision 1")
    expect(page).to_have_url(CHANGE)
    with page.expect_response(lambda answer: "sleep" in (answer.request.post_data or "")):
        write(page, f" {SLEEP}")
    page.close()
    again = author.context.new_page()
    again.goto(own_site_server.url + "/admin/articles/article/")
    again.get_by_role("link", name=TITLE, exact=True).click()
    expect(text_box(again)).to_have_text(f"Many people rest at noon. {SLEEP}")
    expect(again.get_by_role("heading", name=re.compile("^You have text from"))).to_have_count(0)


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
    tab_to(reviewer, reviewer.get_by_text("Comment on the text", exact=True))
    reviewer.keyboard.press("Enter")
    tab_to(reviewer, reviewer.get_by_label("About which sentence"))
    reviewer.keyboard.type("Some sleep")
    tab_to(reviewer, reviewer.get_by_label("Your comment"))
    reviewer.keyboard.type("In every flare?")
    tab_to(reviewer, reviewer.get_by_label("Must be resolved"))
    reviewer.keyboard.press("Space")
    tab_to(reviewer, reviewer.get_by_role("button", name="Add the comment"))
    reviewer.keyboard.press("Enter")
    expect(reviewer.locator("#comments")).to_contain_text("2 open; 1 must be resolved")
    for scheme, width in (("light", 320), ("dark", 1280)):
        reviewer.emulate_media(color_scheme=scheme)
        reviewer.set_viewport_size({"width": width, "height": 800})
        assert axe_violations(reviewer) == []
        assert reviewer.evaluate("document.documentElement.scrollWidth") <= width
    tab_to(reviewer, reviewer.get_by_role("button", name=re.compile("^Resolve .*In every flare")))
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
    tab_to(author, compare)
    author.keyboard.press("Enter")
    author.wait_for_url(re.compile("/compare/1/2/"))
    expect(author.locator("ins").last).to_contain_text("sleep badly")
    tab_to(author, author.get_by_role("button", name="Restore revision 1 as a new draft"))
    author.keyboard.press("Enter")
    author.wait_for_url(CHANGE)
    expect(author.locator(".messagelist")).to_contain_text("Restored from revision 1.")
    expect(text_box(author)).to_have_text("Many people rest at noon.")
