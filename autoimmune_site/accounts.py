"""Staff sign-in: accounts are made by an administrator, never by signing up."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal.httpkit import clean_client_ip
from django.conf import settings

from . import proving


class StaffAdapter(DefaultAccountAdapter):
    """Closes the sign-up page, and knows whose address to count attempts against."""

    def is_open_for_signup(self, request) -> bool:
        """Nobody signs up."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Whether to ask again before second factors are looked at or changed."""
        return not proving.is_fresh(context.request)

    def get_client_ip(self, request) -> str:
        """The address that our outermost proxy saw. Whatever stands further left in
        X-Forwarded-For was written by the visitor; a header that is too short did not come by way
        of all our proxies, so the connection's own address counts."""
        passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        proxies = settings.TRUSTED_PROXIES
        chosen = passed[-proxies] if 0 < proxies <= len(passed) else ""
        connected = request.META.get("REMOTE_ADDR", "")  # empty on a Unix socket
        return clean_client_ip(chosen) or clean_client_ip(connected) or "::"
