"""Reading with a keyboard, a finger, without script and in forced colours; nothing moves."""

from playwright.sync_api import Page, expect

from .watch import axe_violations

ARTICLE = "/articles/can-stem-cells-cure-autoimmune-disease/"
SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(e => { sum += e.value; }))
    .observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
})"""


def test_a_sentence_opens_its_card_by_keyboard_and_gives_the_focus_back(
    site_server, browser_page: Page
):
    page = browser_page
    page.goto(site_server.url + ARTICLE)
    sign = page.locator("a.claim-link").first
    sign.focus()
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog")
    expect(card).to_be_visible()
    expect(card).to_be_focused()
    expect(card.get_by_role("link", name="Challenge this")).to_be_visible()
    assert axe_violations(page) == []
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(sign).to_be_focused()
    assert page.evaluate(SHIFTS) == 0


def test_a_card_and_a_term_open_by_touch_within_a_small_screen(site_server, new_page):
    page = new_page(viewport={"width": 320, "height": 640}, has_touch=True)
    page.goto(site_server.url + ARTICLE)
    page.locator("a.claim-link").first.tap()
    card = page.get_by_role("dialog")
    expect(card).to_be_in_viewport(ratio=1)
    card.get_by_role("button", name="Close").tap()
    expect(card).to_be_hidden()
    page.locator("a.term").first.tap()
    expect(card.locator("dfn")).to_be_visible()


def test_without_script_the_sign_and_the_term_lead_to_pages_that_say_the_same(
    site_server, new_page
):
    page = new_page(java_script_enabled=False)
    page.goto(site_server.url + ARTICLE)
    page.locator("a.claim-link").first.click()
    expect(page.get_by_role("heading", name="What this sentence rests on")).to_be_visible()
    page.go_back()
    page.locator("a.term").first.click()
    expect(page.get_by_role("heading", name="Words explained")).to_be_visible()


def test_in_forced_colours_the_cards_of_urgency_keep_their_edges(site_server, new_page):
    page = new_page(forced_colors="active", viewport={"width": 320, "height": 640})
    page.goto(site_server.url + "/conditions/systemic-lupus-erythematosus/")
    for name in ("care-now", "care-today", "care-soon"):
        card = page.locator(f".{name}")
        edge = card.evaluate("e => getComputedStyle(e).borderTopWidth")
        assert float(edge.removesuffix("px")) >= 2
        expect(card.get_by_role("heading")).to_be_visible()
