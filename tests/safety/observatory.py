"""Mozilla Observatory's scoring of one answer, as published: what each header adds or costs.

Counted from 100. What a site cannot be given by its own headers alone (a place on the HSTS preload
list, +5) is left out, and so is what needs the network (redirects from HTTP, 0 when they are right;
tests/safety/test_browser_side.py looks at ours). Credit beyond 100 counts only from 90 on.
"""

from urllib.parse import urlsplit

import lxml.html

ENOUGH_FOR_CREDIT = 90
BROAD = {"'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "data:", "http:", "https:", "*"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
SIX_MONTHS = 15_768_000


def policy_of(header: str) -> dict[str, set[str]]:
    """Directive -> its values."""
    parts = [part.split() for part in header.split(";") if part.strip()]
    return {name: set(values) for name, *values in parts}


def modifiers(response) -> dict[str, int]:
    """Each test's name and what it adds or costs."""
    policy = policy_of(response.headers.get("Content-Security-Policy", ""))
    return {
        "content-security-policy": _csp(policy),
        "x-frame-options": _framing(policy, response),
        "referrer-policy": 5 if response.headers.get("Referrer-Policy") in PRIVATE else -5,
        "cross-origin-resource-policy": _embedding(response),
        "strict-transport-security": _transport(response),
        "x-content-type-options": (
            0 if response.headers.get("X-Content-Type-Options") == "nosniff" else -5
        ),
        "cookies": _cookies(response),
        "cross-origin-resource-sharing": (
            0 if "Access-Control-Allow-Origin" not in response.headers else -50
        ),
        "subresource-integrity": _scripts(response),
    }


def score(response) -> int:
    """The points of an answer."""
    values = modifiers(response).values()
    base = 100 + sum(value for value in values if value < 0)
    return base + sum(v for v in values if v > 0) if base >= ENOUGH_FOR_CREDIT else base


def _csp(policy) -> int:
    if not policy:
        return -25
    scripts = policy.get("script-src", policy.get("default-src", {"*"}))
    styles = policy.get("style-src", policy.get("default-src", {"*"}))
    objects = policy.get("object-src", policy.get("default-src", {"*"}))
    if BROAD & (scripts | objects):
        return -20
    if BROAD & styles:
        return 0
    closed = policy.get("default-src") == {"'none'"}
    sent = policy.get("form-action", {"*"}) <= {"'self'", "'none'"}
    return 10 if closed and sent and policy.get("base-uri") else 5


def _framing(policy, response) -> int:
    if policy.get("frame-ancestors") in ({"'none'"}, {"'self'"}):
        return 5
    return 5 if response.headers.get("X-Frame-Options") in ("DENY", "SAMEORIGIN") else -20


def _embedding(response) -> int:
    said = response.headers.get("Cross-Origin-Resource-Policy", "")
    return 10 if said in ("same-origin", "same-site") else 0


def _transport(response) -> int:
    said = response.headers.get("Strict-Transport-Security", "")
    ages = [int(part.split("=")[1]) for part in said.split(";") if "max-age=" in part]
    if not ages:
        return -20
    return 0 if ages[0] >= SIX_MONTHS else -10


def _cookies(response) -> int:
    if not response.cookies:
        return 0
    for name, cookie in response.cookies.items():
        is_session = "session" in name.lower() or "sid" in name.lower()
        if not cookie["secure"]:
            return -40 if is_session else -20
        if is_session and not cookie["httponly"]:
            return -30
        if cookie["samesite"] not in ("Lax", "Strict"):
            return -20 if "csrf" in name.lower() else 0
    return 5


def _scripts(response) -> int:
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return 0
    scripts = lxml.html.fromstring(response.content).xpath("//script[@src]")
    return -50 if any(urlsplit(script.get("src")).netloc for script in scripts) else 0
