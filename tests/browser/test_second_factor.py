"""Setting up a passkey and signing in with it, as a person does, with Chromium's own
authenticator."""

from .people import sign_in
from .watch import axe_violations


def authenticator(page):
    """A device that holds passkeys and is always willing, over the debugging connection."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_set_up_and_signs_in_alone(browser_page, own_site_server, known_origins):
    page, server = browser_page, own_site_server
    # A passkey belongs to a name; an address of numbers is none.
    server.url = server.url.replace("127.0.0.1", "localhost")
    known_origins.add(server.url)
    authenticator(page)
    sign_in(page, server, "editor")
    for address in (
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/add/",
    ):
        page.goto(f"{server.url}{address}")
        assert axe_violations(page) == [], address
    page.locator("[name=name]").fill("My laptop")
    passwordless = page.locator("[name=passwordless]")
    if passwordless.count():
        passwordless.check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: not url.endswith("/webauthn/add/"))
    page.goto(f"{server.url}/accounts/2fa/webauthn/")
    assert "My laptop" in page.locator("main").inner_text()
    page.goto(f"{server.url}/accounts/2fa/recovery-codes/")
    assert axe_violations(page) == []
    page.context.clear_cookies()
    page.goto(f"{server.url}/accounts/login/?next=/admin/")
    page.locator("#passkey_login").click()
    page.wait_for_url(f"{server.url}/admin/")
    assert page.locator("#user-tools").get_by_text("My letters").is_visible()
