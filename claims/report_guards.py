"""What keeps the readers' form from being misused, without a cookie and without a trace.

The form carries a signed token in place of the CSRF cookie. That is sound because a report acts
with nobody's authority: there is no session that another site could borrow. The token proves that
the form came from here, for this page, and not long ago; its number makes one form one report; and
browsers say by themselves when another site sent the form.
"""

import hashlib
import hmac
import ipaddress
import secrets
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.utils import timezone

TOKEN_SECONDS = 12 * 3600
LARGEST_BODY = 64 * 1024  # bytes; the longest form that a reader can fill in is far smaller
LIMITS = ((3600, 10), (24 * 3600, 40))  # (seconds, reports from one neighbourhood of addresses)
_SALT = "claims.report"


@dataclass(frozen=True)
class Token:
    """What a form's token says: its own number, and whether it is still good."""

    key: str
    is_fresh: bool


def new_token(page) -> str:
    """A token for a form about this page."""
    return signing.dumps([page.pk, secrets.token_urlsafe(16)], salt=_SALT)


def read_token(value: str, page) -> Token | None:
    """The token of a form about this page; None when it was never given out for it."""
    try:
        pk, key = signing.loads(value, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if pk != page.pk:
        return None
    try:
        signing.loads(value, salt=_SALT, max_age=TOKEN_SECONDS)
    except signing.SignatureExpired:
        return Token(key, is_fresh=False)
    return Token(key, is_fresh=True)


def came_from_here(request) -> bool:
    """Whether the browser says that our own page sent the form; true when it says nothing."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or origin in (
        settings.SITE_URL,
        f"{request.scheme}://{request.get_host()}",
    )


def is_too_large(request) -> bool:
    """Whether the body is larger than any form a reader can fill in; told before it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdecimal() or int(length) > LARGEST_BODY


def may_ask(request, name="report", limits=LIMITS) -> bool:
    """Count this report against its neighbourhood; False when that has asked too often.

    Kept in the cache only, as a hash with the day's random salt, and forgotten with it. Another
    form than the report's counts under its own `name`, against its own `limits`.
    """
    who = _neighbourhood(get_adapter().get_client_ip(request))
    day = timezone.localdate().isoformat()
    salt = cache.get_or_set(f"{name}-salt-{day}", lambda: secrets.token_hex(32), 25 * 3600)
    digest = hmac.new(salt.encode(), who.encode(), hashlib.sha256).hexdigest()[:32]
    counts = [(_counted(f"{name}-{seconds}-{digest}", seconds), most) for seconds, most in limits]
    return all(count <= most for count, most in counts)


def _counted(key: str, seconds: int) -> int:
    """How often this key was counted in the last stretch of so many seconds, with this time."""
    if cache.add(key, 1, seconds):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # forgotten between the two
        cache.set(key, 1, seconds)
        return 1


def _neighbourhood(address: str) -> str:
    """The network an address belongs to: 256 addresses of IPv4, a customer's own of IPv6."""
    ip = ipaddress.ip_address(address)
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ipaddress.ip_network((ip.packed, 24 if ip.version == 4 else 48), strict=False))
