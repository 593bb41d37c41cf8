"""The desk without a mouse: writing, saving, approving, scheduling, showing to an outsider."""

import re

import pytest
from playwright.sync_api import Page, expect

from .keyboard import press, reach, type_into
from .people import signed_in
from .watch import axe_violations

CHANGE = re.compile(r"/admin/articles/article/\d+/change/$")
TITLE = "Rest and lupus"
NOON = "Many people rest at noon."


def person(new_page, server, name: str) -> Page:
    return signed_in(new_page(viewport={"width": 1280, "height": 900}), server, name)


def text_box(page: Page):
    return page.locator(".tiptap[aria-label=Body]")


def saving(page: Page):
    return page.locator("#desk-saving")


def messages(page: Page):
    return page.locator(".messagelist")


def go(page: Page, server, path: str) -> Page:
    page.goto(server.url + path)
    return page


def begin(page: Page, server) -> str:
    """Write a new article and let it keep itself; answers the address of its form."""
    go(page, server, "/admin/articles/article/add/")
    page.locator(".tiptap[aria-label=Body]").wait_for()
    type_into(page, page.get_by_label("Title"), TITLE)
    type_into(page, text_box(page), NOON)
    expect(saving(page)).to_contain_text("revision 1")
    expect(page).to_have_url(CHANGE)
    return page.url


def test_text_keeps_itself_and_is_found_again(own_site_server, new_page):
    author = person(new_page, own_site_server, "author")
    go(author, own_site_server, "/admin/articles/article/add/")
    text_box(author).wait_for()
    type_into(author, text_box(author), NOON)  # no title yet: it cannot be saved
    expect(saving(author)).to_contain_text("What you typed is kept")
    author.close()
    again = author.context.new_page()
    go(again, own_site_server, "/admin/articles/article/add/")
    assert axe_violations(again) == []
    press(again, "link", re.compile("^Restore the text"))
    expect(text_box(again)).to_contain_text(NOON)
    type_into(again, again.get_by_label("Title"), TITLE)
    expect(saving(again)).to_contain_text("revision 1")
    again.close()
    later = author.context.new_page()
    go(later, own_site_server, "/admin/articles/article/")
    press(later, "link", re.compile(f"^{TITLE}$"))
    expect(text_box(later)).to_have_text(NOON)


def test_a_late_save_is_refused_and_taken_up_again(own_site_server, new_page):
    author, editor = (person(new_page, own_site_server, who) for who in ("author", "editor"))
    address = begin(author, own_site_server)
    editor.goto(address)
    type_into(editor, text_box(editor), " The editor adds that.")
    press(editor, "button", "Save draft")
    expect(messages(editor)).to_contain_text("successfully")
    type_into(author, text_box(author), " The author adds this.")
    expect(saving(author)).to_contain_text("Nothing was overwritten")
    press(author, "link", "Compare the two texts")
    press(author, "button", re.compile(r"^Restore revision \d+ as a new draft"))
    author.wait_for_url(CHANGE)
    expect(text_box(author)).to_contain_text("The author adds this.")


def test_a_text_is_submitted_approved_and_scheduled(own_site_server, new_page):
    author = person(new_page, own_site_server, "author")
    review = begin(author, own_site_server).replace("/change/", "/review/")
    author.goto(review)
    press(author, "button", "Submit for review")
    expect(messages(author)).to_contain_text("Submitted")
    reviewer = person(new_page, own_site_server, "reviewer")
    reviewer.goto(review)
    press(reviewer, "button", "Approve")
    expect(messages(reviewer)).to_contain_text("Approved")
    editor = person(new_page, own_site_server, "editor")
    editor.goto(review)
    form = editor.locator("form", has=editor.get_by_role("button", name="Schedule publication"))
    reach(editor, form.get_by_label("When"))
    editor.keyboard.type("07072036")
    editor.keyboard.press("ArrowRight")
    editor.keyboard.type("0900AM")  # where clocks have twelve hours, the half of the day, too
    press(editor, "button", "Schedule publication")
    expect(messages(editor)).to_contain_text("7 July 2036, 09:00 BST")
    press(editor, "link", re.compile("^schedule$"))
    expect(editor.get_by_role("heading", name="Monday, 7 July 2036")).to_be_visible()


def test_an_outsider_is_shown_one_revision_and_remarks_on_it(own_site_server, new_page):
    author = person(new_page, own_site_server, "author")
    address = begin(author, own_site_server)
    author.goto(address)
    press(author, "link", re.compile("^Preview"))
    type_into(author, author.get_by_label("For whom"), "Dr Example")
    press(author, "button", "Make a link")
    stranger = new_page(viewport={"width": 320, "height": 800})
    stranger.goto(author.get_by_label("Address of the preview").input_value())
    expect(stranger.get_by_text(NOON).first).to_be_visible()
    type_into(stranger, stranger.get_by_label("Your name"), "Dr Example")
    type_into(stranger, stranger.locator("textarea[name=text]"), "At noon, or after lunch?")
    press(stranger, "button", "Send the remark")
    expect(stranger.get_by_role("status")).to_contain_text("The editors have your remark")
    author.goto(address.replace("/change/", "/review/"))
    remark = author.get_by_role("article", name=re.compile("Dr Example"))
    expect(remark).to_contain_text("At noon, or after lunch?")
    press(author, "button", re.compile("^Resolve .*At noon"))
    expect(author.locator("#comments")).to_contain_text("1 resolved")


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ('<span id="wanted">Go</span>', "does not get to"),
        ('<a href="/" id="wanted" style="outline: none">Go</a>', "nothing shows"),
        (
            '<a href="/" id="wanted">Go</a><p style="position: fixed; inset: 0">Over it</p>',
            "covered by",
        ),
    ],
    ids=["out of reach", "unseen", "covered"],
)
def test_what_the_keyboard_cannot_use_is_noticed(browser_page, html, says):
    browser_page.set_content(html)
    with pytest.raises(AssertionError, match=says):
        reach(browser_page, browser_page.locator("#wanted"))
