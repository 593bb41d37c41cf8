"""The claim checker while somebody writes: underlines, the list and the card, by keyboard alone."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .people import signed_in
from .test_editor import stored, text_box
from .watch import axe_violations

ROOT = Path(__file__).resolve().parents[2]
ADD = "/admin/articles/article/add/"
BOLD = "Stem cell therapy is a proven, guaranteed cure for lupus."
HYPE = "Rest is a miracle for tired people."
SURE = "Autologous haematopoietic stem cell transplantation reduces pain in Crohn's disease."
HEDGED = SURE.replace("reduces", "may reduce")
# Milliseconds from the last key until the first underline is drawn.
WAIT = """() => new Promise((done) => {
  let last = 0
  addEventListener("keydown", () => (last = performance.now()), { capture: true })
  new MutationObserver((_, watching) => {
    if (!document.querySelector(".finding")) return
    watching.disconnect()
    done(performance.now() - last)
  }).observe(document.querySelector(".ProseMirror"), { subtree: true, childList: true })
})"""


def count(page: Page):
    """The running count beside the text."""
    return page.locator(".findings__count")


def card(page: Page):
    return page.locator(".finding-card")


@pytest.fixture
def form(site_server, browser_page) -> Page:
    """The add form of an article; without a title and a summary it makes no page."""
    signed_in(browser_page, site_server)
    browser_page.goto(site_server.url + ADD)
    expect(count(browser_page)).to_have_text("The checker stops at nothing.")
    text_box(browser_page).focus()
    return browser_page


def test_findings_come_while_writing_and_are_read_by_keyboard_alone(form):
    keys = form.keyboard
    form.evaluate(f"window.waited = ({WAIT})(), null")
    keys.type(f"It rained. {HYPE} {BOLD}")
    # Half a second on an idle machine: a pause of 250 ms, 25 ms of the server's processor.
    assert form.evaluate("window.waited") < 3000
    expect(count(form)).to_have_text("2 to settle, 1 stops publication.")
    assert axe_violations(form) == []
    assert stored(form) == f"<p>It rained. {HYPE} {BOLD}</p>", "underlines are not text"

    keys.press("Home")
    keys.press("F8")
    expect(card(form)).to_be_focused()
    expect(card(form)).to_contain_text("Advice, in the text, 1 of 2")
    assert axe_violations(form) == []
    keys.press("F8")
    expect(card(form)).to_contain_text("Stops publication, in the text, 2 of 2")
    expect(card(form)).to_contain_text(BOLD)
    keys.press("Shift+F8")
    expect(card(form)).to_contain_text(HYPE)
    keys.press("Escape")
    expect(card(form)).to_have_count(0)
    keys.type("Truly. ")  # the cursor stands before the sentence
    assert f"It rained. Truly. {HYPE}" in stored(form)
    keys.press("Control+z")
    assert stored(form) == f"<p>It rained. {HYPE} {BOLD}</p>", "one step back is what was typed"

    form.get_by_label("Title").focus()
    keys.type(BOLD)
    expect(count(form)).to_have_text("3 to settle, 2 stop publication.")
    expect(form.get_by_label("Title")).to_have_class("vTextField finding-field--block")
    keys.press("F8")
    expect(card(form)).to_contain_text("in the title, 1 of 3")


def test_what_a_writer_says_against_a_finding_is_kept_with_the_claim(own_site_server, new_page):
    page = new_page(viewport={"width": 1600, "height": 900})
    signed_in(page, own_site_server)
    page.goto(own_site_server.url + ADD)
    expect(count(page)).to_have_text("The checker stops at nothing.")
    page.get_by_label("Title").fill("Rest and lupus")
    page.get_by_label("Summary").fill("What rest can do.")
    text_box(page).click()
    page.keyboard.type(BOLD)
    expect(page.locator("#desk-saving")).to_contain_text("revision 1")
    page.locator(".finding").first.click()
    page.get_by_text("It does not apply here").click()
    page.get_by_label("Why not?").fill("The sentence stands in a leaflet.")
    page.get_by_role("button", name="Tell the moderator").click()
    expect(card(page)).to_contain_text("to the moderator: The sentence stands in a leaflet.")
    expect(count(page)).to_have_text("1 to settle, 1 stops publication.")
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url("**/change/")
    notes = own_site_server.manage(
        "shell", "-c", "from claims.models import ClaimNote; print(ClaimNote.objects.get().text)"
    )
    assert "Said while writing: The sentence stands in a leaflet." in notes


def test_a_wording_that_fits_is_put_in_by_keyboard_and_can_be_undone(form):
    form.keyboard.type(SURE)
    expect(count(form)).to_contain_text("1 to settle")
    form.keyboard.press("F8")
    expect(card(form)).to_be_focused()
    form.get_by_role("button", name="Use this wording").focus()
    form.keyboard.press("Enter")
    # Nothing is claimed beyond the assessment any more; what is left asks for a source.
    expect(count(form)).to_contain_text("none stops publication")
    assert stored(form) == f"<p>{HEDGED}</p>"
    expect(text_box(form)).to_be_focused()
    form.keyboard.press("Control+z")
    assert stored(form) == f"<p>{SURE}</p>"


def test_places_in_the_text_that_would_be_kept_are_places_in_what_is_written(browser_page):
    """The function alone, on text that keeping would mend: blanks, a citation, an emoji."""
    source = (ROOT / "static/editor/placing.js").read_text(encoding="utf-8")
    found = browser_page.evaluate(
        "() => {"
        + source.replace("export function", "function")
        + """
          const doc = { descendants(visit) {
            visit({ isText: true, text: "Rest 🛌\u00a0 is " }, 1)
            visit({ isText: false }, 12)
            visit({ isText: true, text: "good." }, 13)
          } }
          const text = Array.from("Title\\nRest 🛌  is good.")
          const place = placesOf(text, [6, text.length], spotsInDocument(doc))
          const other = placesOf(text, [6, text.length], spotsInText("Rest is bad, on the whole."))
          return [
            place(6, 10), place(11, 12), place(14, 22), place(6, text.length), other(14, 22),
            place(6, 6), place(6, 90), leastChange([..."It cures."], "It may cure."),
          ]
        }"""
    )
    assert found == [
        {"from": 1, "to": 5},
        {"from": 6, "to": 8},
        {"from": 10, "to": 18},
        {"from": 1, "to": 18},
        None,
        None,
        None,
        found[-1],
    ]
    change = found[-1]
    assert (
        "It cures."[: change["keep"]]
        + change["words"]
        + "It cures."[change["keep"] + change["cut"] :]
        == "It may cure."
    )


def test_one_question_is_asked_within_half_a_second_of_a_pause_and_none_before(form):
    """By the page's own clock, so that a slow machine proves nothing and breaks nothing."""
    asked = []
    form.on("request", lambda request: request.url.endswith("/claims/check/") and asked.append(1))
    form.clock.install(time=0)
    form.clock.pause_at(60_000)  # it stands still but where it is told to run
    form.keyboard.type("Rest is a miracle")
    for letter in " for tired people.":
        form.clock.run_for(200)
        form.keyboard.type(letter)
    assert asked == [], "while keys follow each other nothing is asked"
    with form.expect_response("**/claims/check/"):
        form.clock.run_for(500)
    assert asked == [1]
    expect(form.locator(".finding").first).to_be_visible()
    form.clock.run_for(5000)
    assert asked == [1], "nothing new, nothing to ask"


def test_a_further_part_of_a_condition_is_checked_as_its_body_is(site_server, browser_page):
    page = browser_page
    signed_in(page, site_server)
    page.goto(site_server.url + "/admin/therapies/condition/add/")
    expect(count(page)).to_have_text("The checker stops at nothing.")
    part = page.locator(".prose-editor:has(> textarea[name=living]) .ProseMirror")
    part.click()
    page.keyboard.type(SURE)
    expect(count(page)).to_contain_text("1 to settle")
    expect(part.locator(".finding").first).to_be_visible()
    page.keyboard.press("Home")
    page.keyboard.press("F8")
    expect(card(page)).to_contain_text("in “Living with it”, 1 of 1")
    assert axe_violations(page) == []
    page.get_by_role("button", name="Use this wording").focus()
    page.keyboard.press("Enter")
    expect(part).to_have_text(HEDGED)
    expect(part).to_be_focused()
