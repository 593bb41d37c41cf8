"""An editor schedules a withdrawal, cancels it and withdraws a page at once: by keyboard alone."""

import re

from playwright.sync_api import expect

from .keyboard import press, reach
from .people import signed_in

LIST = "/admin/articles/article/?status__exact=published"
TITLE = re.compile("Review: ")


def test_a_withdrawal_is_scheduled_cancelled_and_done_by_keyboard_alone(
    own_site_server, browser_page
):
    page = signed_in(browser_page, own_site_server, "editor")
    page.goto(own_site_server.url + LIST)
    page.get_by_role("link", name=re.compile("^Read and review")).first.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(TITLE)
    address = page.url
    form = page.locator("form", has=page.get_by_role("button", name="Schedule withdrawal"))
    expect(form).to_contain_text("Europe/London time")
    reach(page, form.get_by_label("When"))
    page.keyboard.type("07072036")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("0900AM")  # where clocks have twelve hours, the half of the day, too
    reach(page, form.get_by_label("Why (readers see this)"))
    page.keyboard.type("The guideline will have changed.")
    press(page, "button", "Schedule withdrawal")
    expect(page.locator(".messagelist")).to_contain_text("It comes down on 7 July 2036, 09:00 BST")
    press(page, "link", re.compile("^schedule$"))
    expect(page.get_by_role("heading", name="Monday, 7 July 2036")).to_be_visible()
    press(page, "button", re.compile("^Cancel "))
    expect(page.locator(".messagelist")).to_contain_text("Taken off the calendar.")
    page.goto(address)
    form = page.locator("form", has=page.get_by_role("button", name="Withdraw the page"))
    reach(page, form.get_by_label("Why (readers see this)"))
    page.keyboard.type("The guideline has changed.")
    press(page, "button", "Withdraw the page")
    expect(page.locator(".messagelist")).to_contain_text("Withdrawn.")
