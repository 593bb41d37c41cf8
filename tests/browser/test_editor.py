"""The editors' desk in a real browser: citing a source, the security policy, accessibility."""

import re

import pytest
from playwright.sync_api import Page, expect

from .people import signed_in
from .watch import axe_violations

CITED = "burt-2019-mist"
OTHER = "bluestone-2015-treg"
RETRACTED = "obokata-2014-stap-retracted"
ADD = "/admin/articles/article/add/"


def text_box(page: Page):
    """The editing surface, once the editor has started."""
    return page.get_by_role("textbox", name="Body")


def editor_started(page: Page) -> None:
    """Wait for the editor: its parts are fetched after the page has loaded."""
    page.locator(".ProseMirror[aria-label]").wait_for()


def stored(page: Page) -> str:
    """What the form would send as the body."""
    return page.locator("textarea[name=body]").input_value()


def new_article(page: Page, server, body: str = "Rest helped some people.") -> None:
    """The add form with a title, a summary and this text, the cursor at its end."""
    page.goto(server.url + ADD)
    editor_started(page)
    page.get_by_label("Title").fill("Rest and lupus")
    page.get_by_label("Summary").fill("What rest can do.")
    text_box(page).click()
    page.keyboard.type(body)


def find(page: Page, words: str) -> None:
    """Type into the open dialog and wait for the source of this key to be found."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Search the sources").fill(words)
    expect(dialog.get_by_role("status")).to_have_text("1 source found.")


@pytest.fixture
def desk(site_server, browser_page) -> Page:
    """The add form of an article with some text. Nothing is saved."""
    signed_in(browser_page, site_server)
    new_article(browser_page, site_server)
    return browser_page


def test_citing_by_keyboard_alone_stores_exactly_the_cite_element(own_site_server, new_page):
    page = new_page()
    signed_in(page, own_site_server)
    page.goto(own_site_server.url + ADD)
    editor_started(page)
    page.get_by_label("Title").focus()
    page.keyboard.type("Rest and lupus")
    page.get_by_label("Summary").focus()
    page.keyboard.type("What rest can do.")
    for _ in range(30):  # past the toolbar
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.ProseMirror')"):
            break
    page.keyboard.type("Rest helped some people.")
    page.keyboard.press("Control+Alt+c")
    expect(page.get_by_role("combobox", name="Search the sources")).to_be_focused()
    page.keyboard.type("burt 2019")
    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text("2 sources found.")
    selected = page.get_by_role("option", selected=True)
    expect(selected).to_contain_text("Burt RK, 2019")
    while "Relapsing-Remitting" not in selected.inner_text():
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type(" Others slept.")
    page.get_by_label("Title").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/admin/articles/article/\d+/change/"))

    plain = new_page(java_script_enabled=False, storage_state=page.context.storage_state())
    plain.goto(page.url)
    assert stored(plain) == (
        f'<p>Rest helped some people.<cite data-source="{CITED}"></cite> Others slept.</p>'
    )


def test_the_toolbar_button_cites_after_the_selected_words(desk):
    desk.keyboard.press("Control+Shift+ArrowLeft")
    desk.get_by_role("button", name="Cite a source").click()
    find(desk, CITED)
    desk.get_by_role("option").click()
    expect(text_box(desk)).to_be_focused()
    assert stored(desk) == f'<p>Rest helped some people.<cite data-source="{CITED}"></cite></p>'


def test_a_chip_shows_author_and_year_and_says_what_is_wrong(desk):
    for key in (CITED, RETRACTED):
        desk.keyboard.press("Control+Alt+c")
        find(desk, key)
        desk.keyboard.press("Enter")
        if key == RETRACTED:
            desk.get_by_role("button", name="Cite it all the same").click()
    chips = text_box(desk).locator("cite")
    expect(chips).to_have_text(["[Burt RK, 2019]", "[Obokata H, 2014: retracted]"])


def test_a_retracted_source_is_not_cited_without_a_second_answer(desk):
    before = stored(desk)
    desk.keyboard.press("Control+Alt+c")
    find(desk, RETRACTED)
    expect(desk.get_by_role("option")).to_contain_text("retracted")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("alert")).to_contain_text("Obokata H, 2014 was retracted.")
    assert stored(desk) == before
    desk.keyboard.press("Enter")  # the answer that stands ready is the safe one
    expect(desk.get_by_role("combobox", name="Search the sources")).to_be_focused()
    expect(desk.get_by_role("alert")).to_be_empty()
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name="Cite it all the same").click()
    assert f'<cite data-source="{RETRACTED}"></cite>' in stored(desk)


def test_a_chip_is_changed_and_deleted(desk):
    desk.keyboard.press("Control+Alt+c")
    find(desk, CITED)
    desk.keyboard.press("Enter")
    chip = text_box(desk).locator("cite")
    chip.click()
    expect(desk.get_by_role("dialog", name="Change this citation")).to_contain_text(
        "It cites Burt RK, 2019 now."
    )
    find(desk, OTHER)
    desk.keyboard.press("Enter")
    assert stored(desk) == f'<p>Rest helped some people.<cite data-source="{OTHER}"></cite></p>'
    chip.click()
    desk.get_by_role("button", name="Delete this citation").click()
    expect(text_box(desk)).to_be_focused()
    assert stored(desk) == "<p>Rest helped some people.</p>"


def test_a_chip_is_changed_from_the_keyboard(desk):
    desk.keyboard.press("Control+Alt+c")
    find(desk, CITED)
    desk.keyboard.press("Enter")
    desk.keyboard.press("ArrowLeft")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("dialog", name="Change this citation")).to_be_visible()


def test_escape_closes_the_dialog_and_gives_the_cursor_back(desk):
    before = stored(desk)
    desk.keyboard.press("Control+Alt+c")
    find(desk, CITED)
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_have_count(0)
    expect(text_box(desk)).to_be_focused()
    desk.keyboard.type(" More.")
    assert stored(desk) == before.replace("people.", "people. More.")


def test_a_search_that_finds_nothing_says_what_to_do(desk):
    desk.keyboard.press("Control+Alt+c")
    desk.keyboard.type("no such paper anywhere")
    expect(desk.get_by_role("dialog").get_by_role("status")).to_contain_text(
        "No source fits “no such paper anywhere”."
    )
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("dialog")).to_be_visible()


def test_a_search_after_signing_out_says_so(desk, browser_problems):
    browser_problems.allow("status of 403")  # the checker beside the text asks too
    desk.context.clear_cookies()
    desk.keyboard.press("Control+Alt+c")
    desk.keyboard.type("burt")
    expect(desk.get_by_role("dialog").get_by_role("status")).to_contain_text(
        "You are no longer signed in."
    )


def paste(page: Page, html: str) -> None:
    """Paste markup where the cursor is."""
    page.evaluate(
        """html => {
          const clipboardData = new DataTransfer()
          clipboardData.setData("text/html", html)
          document.querySelector(".ProseMirror[contenteditable]").dispatchEvent(
            new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}))
        }""",
        html,
    )


def test_a_pasted_citation_stays_and_style_goes(desk):
    cite = f'<cite data-source="{CITED}">x</cite>'
    paste(desk, f'<p style="color: red" class="x">Sleep{cite} <cite>The Lancet</cite></p>')
    assert f'Sleep<cite data-source="{CITED}"></cite> The Lancet' in stored(desk)
    assert "style" not in stored(desk)
    assert "class" not in stored(desk)


def test_text_pasted_from_google_docs_is_as_bold_as_it_was_there(desk):
    words = '<span>Plain </span><span style="font-weight:700">bold</span>'
    paste(desk, f'<b style="font-weight:normal;" id="docs-internal-guid-1"><p>{words}</p></b>')
    assert "Plain <strong>bold</strong>" in stored(desk)


@pytest.mark.parametrize("path", ["/admin/", "/admin/evidence/source/", ADD])
def test_the_desk_keeps_the_strict_policy(site_server, browser_page, path):
    """A violation is a console error, and any of those fails the test (see conftest)."""
    signed_in(browser_page, site_server)
    answer = browser_page.goto(site_server.url + path, wait_until="networkidle")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    if path == ADD:
        expect(text_box(browser_page)).to_be_visible()
        assert browser_page.locator("style").count() == 0
        # The rules that the policy keeps out come from citation.css: blanks stay as typed.
        expect(text_box(browser_page)).to_have_css("white-space", "break-spaces")


def test_without_script_the_text_is_edited_as_html(own_site_server, new_page):
    page = new_page(java_script_enabled=False)
    signed_in(page, own_site_server)
    page.goto(own_site_server.url + ADD)
    page.get_by_label("Title").fill("Rest and lupus")
    page.get_by_label("Summary").fill("What rest can do.")
    html = f'<p>Rest helped.<cite data-source="{CITED}"></cite></p>'
    page.get_by_label("Body").fill(html)
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url(re.compile(r"/admin/articles/article/\d+/change/"))
    assert stored(page) == html


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_the_dialog_is_accessible(site_server, new_page, browser_problems, scheme, width):
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    signed_in(page, site_server)
    found = {}
    new_article(page, site_server)
    found["form"] = axe_violations(page)
    page.keyboard.press("Control+Alt+c")
    find(page, RETRACTED)
    page.keyboard.press("Enter")
    found["dialog"] = axe_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert found == dict.fromkeys(found, [])


def test_buttons_keep_a_border_in_forced_colours(site_server, new_page):
    page = new_page(forced_colors="active")
    signed_in(page, site_server)
    new_article(page, site_server)
    buttons = page.locator("input[type=submit], .prose-menubar__button:visible, .theme-toggle")
    borders = buttons.evaluate_all("all => all.map(b => getComputedStyle(b).borderTopStyle)")
    assert len(borders) > 10
    assert set(borders) == {"solid"}
