"""The citation picker beyond finding: numbers, moving, several in one place, adding a source."""

import json

import pytest
from playwright.sync_api import Page, expect

from .people import signed_in
from .test_editor import CITED, OTHER, find, new_article, stored, text_box
from .watch import axe_violations

CITE = '<cite data-source="{}"></cite>'.format
NUMBERS = "chips => chips.map(chip => chip.dataset.number).join()"


@pytest.fixture
def desk(own_site_server, new_page) -> Page:
    """The add form of an article with some text."""
    page = new_page()
    signed_in(page, own_site_server)
    new_article(page, own_site_server, "Rest helped. Sleep did too.")
    return page


def cite(page: Page, words: str, key="Enter") -> None:
    page.keyboard.press("Control+Alt+c")
    find(page, words)
    page.keyboard.press(key)


def numbers(page: Page) -> str:
    return text_box(page).locator("cite").evaluate_all(NUMBERS)


def test_citations_are_numbered_moved_by_keyboard_and_numbered_anew(desk):
    cite(desk, CITED)
    cite(desk, OTHER, "Control+Enter")
    expect(desk.get_by_role("dialog").get_by_role("status")).to_contain_text("is cited")
    find(desk, CITED)
    desk.keyboard.press("Enter")
    assert stored(desk).endswith(f"too.{CITE(CITED)}{CITE(OTHER)}{CITE(CITED)}</p>")
    assert numbers(desk) == "1,2,1"
    for _ in range(2):  # from behind the last to the one in the middle
        desk.keyboard.press("ArrowLeft")
    desk.keyboard.press("ArrowLeft")
    for _ in range(5):
        desk.keyboard.press("Alt+ArrowLeft")
    assert stored(desk) == (
        f"<p>Rest helped.{CITE(OTHER)} Sleep did too.{CITE(CITED)}{CITE(CITED)}</p>"
    )
    assert numbers(desk) == "1,2,2"
    desk.keyboard.press("Alt+ArrowRight")
    assert f"Sleep{CITE(OTHER)} did" in stored(desk)


def test_a_citation_is_dragged_to_another_place(desk):
    cite(desk, CITED)
    chip = text_box(desk).locator("cite")
    assert chip.get_attribute("draggable") == "true"
    box = desk.evaluate(
        """() => {
          const text = document.querySelector(".ProseMirror p").firstChild
          const range = document.createRange()
          range.setStart(text, 12)
          range.setEnd(text, 13)
          const { x, y, height } = range.getBoundingClientRect()
          return { x, y: y + height / 2 }
        }"""
    )
    chip.hover()
    desk.mouse.down()
    desk.mouse.move(box["x"] + 30, box["y"], steps=4)
    desk.mouse.move(box["x"] + 1, box["y"], steps=4)
    desk.mouse.up()
    assert stored(desk) == f"<p>Rest helped.{CITE(CITED)} Sleep did too.</p>"


def test_a_source_is_added_by_hand_where_nobody_can_be_asked(desk):
    desk.keyboard.press("Control+Alt+c")
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("combobox").fill("10.5555/Nowhere.Yet")
    expect(dialog.get_by_role("status")).to_contain_text("Look-ups are switched off here")
    dialog.get_by_role("button", name="Add a source by hand").click()
    assert axe_violations(desk) == []
    expect(dialog.get_by_label("DOI")).to_have_value("10.5555/Nowhere.Yet")
    dialog.get_by_label("Title").fill("A paper that nobody looked up")
    dialog.get_by_label("Authors, such as “Burt RK, et al.”").fill("Stand-in A, et al.")
    dialog.get_by_label("Year").fill("2021")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("dialog")).to_have_count(0)
    expect(text_box(desk)).to_be_focused()
    assert CITE("stand-in-2021-paper") in stored(desk)
    expect(text_box(desk).locator("cite")).to_have_text("[Stand-in A, 2021]")


def test_a_paper_is_looked_up_shown_and_cited(desk):
    """The services' side is tested elsewhere; here their answers stand for them."""
    found = {"service": "Crossref", "title": "A looked-up paper", "authors": "Stand-in A"}
    found |= {"journal": "Journal", "year": 2020, "citation": "1(2):3", "notices": ["correction"]}
    source = {"key": "stand-in-2020", "label": "Stand-in A, 2020", "title": found["title"]}
    source |= {"retracted": False, "standing": "corrected", "described": False}

    def search(route):
        answer = route.fetch().json()
        route.fulfill(json=answer | {"can_look_up": True})

    desk.route("**/source/find/?q=*", search)
    desk.route("**/source/look-up/", lambda route: route.fulfill(body=json.dumps(found)))
    kept = {"source": source, "is_new": True, "remarks": []}
    desk.route("**/source/keep/", lambda route: route.fulfill(body=json.dumps(kept)))
    desk.keyboard.press("Control+Alt+c")
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("combobox").fill("10.5555/looked.up")
    dialog.get_by_role("button", name="Look up DOI 10.5555/looked.up").click()
    expect(dialog).to_contain_text("A looked-up paper")
    expect(dialog).to_contain_text("It was corrected.")
    expect(dialog.get_by_role("button", name="Add it and cite it")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(text_box(desk).locator("cite")).to_have_text("[Stand-in A, 2020]")
