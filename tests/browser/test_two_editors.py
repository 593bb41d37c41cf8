"""Two people write on one page at once: the later save is refused and no word is lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from .people import signed_in
from .watch import axe_violations

DESK = {"width": 1280, "height": 900}
TITLE = "Rest and lupus"
CHANGE = re.compile(r"/admin/articles/article/\d+/change/")
COMPARE = re.compile(r"/compare/\d+/\d+/")


def write(page: Page, words: str) -> None:
    """Put these words at the end of the text."""
    box = page.locator(".tiptap[aria-label=Body]")
    box.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save draft").click()


@pytest.fixture
def conflict(own_site_server, new_page) -> Page:
    """The author's browser, after the editor saved while the author was writing."""
    author, editor = (
        signed_in(new_page(viewport=DESK), own_site_server, name) for name in ("author", "editor")
    )
    author.goto(own_site_server.url + "/admin/articles/article/add/")
    author.get_by_label("Title").fill(TITLE)
    author.get_by_label("Summary").fill("What rest can do.")
    write(author, "Many people rest at noon.")
    save(author)
    author.wait_for_url(CHANGE)
    editor.goto(author.url)
    write(author, " The author adds this.")
    write(editor, " The editor adds that.")
    save(editor)
    expect(editor.locator(".messagelist")).to_contain_text("successfully")
    save(author)
    expect(author.get_by_role("heading", level=1)).to_contain_text(
        "Somebody saved while you were writing"
    )
    return author


def test_the_later_save_is_refused_and_both_texts_are_kept(conflict):
    expect(conflict.locator(".messagelist")).to_contain_text("Nothing was overwritten")
    body = conflict.get_by_role("region", name=re.compile("^Body"))
    expect(body.locator("del").first).to_contain_text("editor")
    expect(body.locator("ins").first).to_contain_text("author")
    expect(body.locator("ins").first).to_contain_text("added:")
    address = conflict.url
    conflict.get_by_role("link", name="Go on with revision 2").click()
    box = conflict.locator(".tiptap[aria-label=Body]")
    expect(box).to_contain_text("The editor adds that.")
    expect(box).not_to_contain_text("The author adds this.")
    conflict.goto(address)
    conflict.get_by_role("button", name="Restore revision 3 as a new draft").click()
    conflict.wait_for_url(CHANGE)
    expect(conflict.locator(".messagelist")).to_contain_text("Restored from revision 3.")
    expect(box).to_contain_text("The author adds this.")


def test_a_second_tab_of_the_same_person_cannot_overwrite(own_site_server, new_page):
    first = signed_in(new_page(viewport=DESK), own_site_server, "author")
    first.goto(own_site_server.url + "/admin/articles/article/add/")
    first.get_by_label("Title").fill(TITLE)
    save(first)
    first.wait_for_url(CHANGE)
    second = first.context.new_page()
    second.goto(first.url)
    write(first, "From the first tab.")
    save(first)
    expect(first.locator(".messagelist")).to_contain_text("successfully")
    write(second, "From the second tab.")
    save(second)
    expect(second.locator(".messagelist")).to_contain_text("perhaps in another tab")
    first.reload()
    expect(first.locator(".tiptap[aria-label=Body]")).to_have_text("From the first tab.")


def test_comparing_is_accessible_and_fits_a_phone(conflict, browser_problems):
    found = {}
    stale = conflict.url
    conflict.goto(re.sub("/meanwhile/.*", "/history/", stale))
    history = conflict.url
    conflict.get_by_role("link", name="Compare revision 1 with the newest").click()
    conflict.wait_for_url(COMPARE)
    for scheme, width in (("light", 320), ("dark", 1280)):
        conflict.emulate_media(color_scheme=scheme)
        conflict.set_viewport_size({"width": width, "height": 800})
        for address in (stale, history, stale.replace("/meanwhile/3/", "/compare/1/2/")):
            conflict.goto(address)
            seen = axe_violations(conflict)
            if conflict.evaluate("document.documentElement.scrollWidth") > width:
                seen.append("wider than the window")
            found[width, address] = seen
    assert {place: seen for place, seen in found.items() if seen} == {}
