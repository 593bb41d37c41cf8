"""Moderators at work: ten claims by keyboard alone, and two who want the same one."""

import re

from playwright.sync_api import Page, expect

from .people import sign_in, signed_in
from .watch import axe_violations

SENTENCES = [
    f"Stem cell therapy is a proven, guaranteed cure for lupus in group {n}." for n in range(1, 13)
]
DECIDED = "Decided. The decision stays with the sentence."


def with_work(server, tmp_path) -> None:
    """An article whose sentences all wait for a moderator."""
    path = tmp_path / "promises.txt"
    path.write_text("What clinics promise\n\n" + "\n\n".join(SENTENCES) + "\n", encoding="utf-8")
    server.manage("import_articles", str(path), "--by", "author")


def waiting(page: Page) -> int:
    words = page.get_by_text(re.compile(r"^\d+ claims? waits?")).first.text_content()
    return int(re.search(r"\d+", words).group())


def decide_first(page: Page, number: int, key: str) -> None:
    """Open the first row, answer and send, by keys alone."""
    page.keyboard.press("j" if number == 0 else "k")
    expect(page.locator(".queue-item.is-current")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Decide", exact=True)).to_be_visible()
    page.wait_for_load_state()  # the page's keys are bound by its script, behind its text
    page.keyboard.press(key)
    expect(page.get_by_label("Reason", exact=True)).to_be_focused()
    page.keyboard.type("It quotes what a clinic says; see j, k and x.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(DECIDED)).to_be_visible()


def test_a_moderator_clears_ten_claims_by_keyboard_alone(own_site_server, new_page, tmp_path):
    with_work(own_site_server, tmp_path)
    page = signed_in(
        new_page(viewport={"width": 1280, "height": 900}), own_site_server, "moderator"
    )
    page.goto(f"{own_site_server.url}/admin/moderation/?severity=block")
    before = waiting(page)
    page.keyboard.press("?")
    expect(page.get_by_text("claim it: take it for 15 minutes")).to_be_visible()
    seen = axe_violations(page)
    page.keyboard.press("?")
    for number in range(10):
        decide_first(page, number, "xo"[number % 2])
        if number == 0:
            page.goto(f"{own_site_server.url}/admin/moderation/?severity=block")
    page.keyboard.press("u")
    expect(page.get_by_label("Why you take it back")).to_be_focused()
    page.keyboard.type("The wrong key.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Taken back. The questions are open again.")).to_be_visible()
    page.goto(f"{own_site_server.url}/admin/moderation/?severity=block")
    assert waiting(page) == before - 9
    assert seen == []


def test_two_moderators_take_the_same_claim(own_site_server, new_page, tmp_path):
    with_work(own_site_server, tmp_path)
    own_site_server.manage(
        "shell",
        "-c",
        "from editorial import roles; from editorial.models import User; "
        "u = User.objects.create_user('second', 's@example.org', 'correct-horse-battery-staple'); "
        "u.is_staff = True; u.save(); roles.grant(u, 'moderator')",
    )
    one = signed_in(new_page(), own_site_server, "moderator")
    two = sign_in(new_page(), own_site_server, "second")
    for page in (one, two):
        page.goto(f"{own_site_server.url}/admin/moderation/?severity=block")
        page.get_by_role("link", name=re.compile("Open this claim.*Stem cell")).first.click()
        expect(page.get_by_role("heading", name="Decide", exact=True)).to_be_visible()
    assert one.url == two.url
    one.keyboard.press("c")
    expect(one.get_by_text("You have taken it, until")).to_be_visible()
    two.get_by_label("not a claim", exact=True).check()
    two.get_by_label("Reason", exact=True).fill("Mine.")
    two.get_by_role("button", name="Decide").click()
    expect(two.get_by_text(re.compile("is at this claim until"))).to_be_visible()
    expect(two.get_by_label("Reason", exact=True)).to_have_value("Mine.")
    one.get_by_label("not a claim", exact=True).check()
    one.get_by_label("Reason", exact=True).fill("It quotes.")
    one.get_by_role("button", name="Decide").click()
    expect(one.get_by_text(DECIDED)).to_be_visible()
    two.get_by_role("button", name="Decide").click()
    expect(two.get_by_text(re.compile("already"))).to_be_visible()
    assert axe_violations(two) == []
