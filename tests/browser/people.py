"""Being signed in as the demo accounts."""

import re

from playwright.sync_api import Page

_DESK = re.compile(r"^[^?]*/admin/$")  # not the sign-in page, whose address ends in ?next=/admin/


def sign_in(page: Page, server, name: str = "author") -> Page:
    """Sign in as this person and wait for the desk."""
    page.goto(f"{server.url}/accounts/login/?next=/admin/")
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(server.password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(_DESK)
    return page


def signed_in(page: Page, server, name: str = "author") -> Page:
    """The same person, signed in before the test began; the page is still empty."""
    page.context.add_cookies([{"name": "sessionid", "value": server.cookies[name],
                               "url": server.url}])  # fmt: skip
    return page
