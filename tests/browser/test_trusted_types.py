"""The admin under Trusted Types: text becomes HTML by one policy only, and a script by none."""

import pytest
from playwright.sync_api import expect

from .people import signed_in

# Each as an injected text of a stranger would do it, were there a hole; answers what happened.
TRIES = """
() => {
  const outcome = (act) => { try { act(); return "done"; } catch (error) { return error.name; } };
  return {
    address: outcome(() => { document.createElement("script").src = "/static/x.js"; }),
    text: outcome(() => { document.createElement("script").text = "1"; }),
    another: outcome(() => { trustedTypes.createPolicy("other", {}); }),
  };
}
"""
WRITTEN = """
() => {
  const box = document.createElement("div");
  document.body.append(box);
  box.innerHTML = "<p>Rest</p><img src='/static/none.png' onerror='ran = 1'>"
    + "<script>ran = 1</" + "script>"
    + "<iframe srcdoc='<script>parent.ran = 1</" + "script>'></iframe>";
  return new Promise((done) => setTimeout(() => done([box.children.length, typeof ran]), 300));
}
"""


@pytest.fixture
def desk(site_server, new_page, browser_problems):
    """A signed-in editor's page."""
    page = new_page()
    signed_in(page, site_server, "editor")
    return page


def test_text_becomes_no_script_and_html_runs_nothing(desk, site_server, browser_problems):
    for expected in ("Trusted", "Content Security Policy", "status of 404"):
        browser_problems.allow(expected)
    desk.goto(f"{site_server.url}/admin/articles/article/")
    tried = desk.evaluate(TRIES)
    assert set(tried.values()) == {"TypeError"}, tried
    assert desk.evaluate(WRITTEN) == [4, "undefined"]


def test_date_pickers_and_finding_by_name_work(desk, site_server):
    desk.goto(f"{site_server.url}/admin/therapies/assessment/add/")
    desk.locator(".select2-selection").first.click()
    expect(desk.locator(".select2-results__option").first).to_be_visible()
    desk.keyboard.press("Escape")
    calendar = desk.locator(".datetimeshortcuts a[id^=calendarlink]").first
    calendar.click()
    expect(desk.locator(".calendarbox").first).to_be_visible()
    desk.locator(".calendarbox td a").first.click()
