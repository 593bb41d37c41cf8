"""Staff sign-in: accounts are made by an administrator, never by signing up. And the letters about
accounts: in the site's words, under the site's own address, never that of a request's Host."""

from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core import context
from allauth.core.internal.httpkit import clean_client_ip
from django.conf import settings
from django.urls import reverse

from editorial import mail

from . import proving
from .context import SITE_NAME


class StaffAdapter(DefaultAccountAdapter):
    """Closes the sign-up page, and knows whose address to count attempts against."""

    def is_open_for_signup(self, request) -> bool:
        """Nobody signs up."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Whether to ask again before second factors are looked at or changed."""
        return not proving.is_fresh(context.request)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Where a new password is chosen, on the site's own address."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", quote(key))

    def format_email_subject(self, subject: str) -> str:
        """The subject, with the site's name before it."""
        return f"{SITE_NAME}: {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Write one letter. A mail server that is away undoes nothing, and tells nobody whether
        there was somebody to write to."""
        words = {"email": email, "SITE_NAME": SITE_NAME, "SITE_URL": settings.SITE_URL}
        mail.send([self.render_mail(template_prefix, email, context | words)])

    def get_client_ip(self, request) -> str:
        """The address that our outermost proxy saw. Whatever stands further left in
        X-Forwarded-For was written by the visitor; a header that is too short did not come by way
        of all our proxies, so the connection's own address counts."""
        passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        proxies = settings.TRUSTED_PROXIES
        chosen = passed[-proxies] if 0 < proxies <= len(passed) else ""
        connected = request.META.get("REMOTE_ADDR", "")  # empty on a Unix socket
        return clean_client_ip(chosen) or clean_client_ip(connected) or "::"


class StaffBackend(AuthenticationBackend):
    """Signs in by name or e-mail address. What was typed is tried as both, so the same person may
    be found twice; their password is compared once, or the time would tell who has an account."""

    def authenticate(self, request, **credentials):
        """The person, or None."""
        self._compared = {}
        return super().authenticate(request, **credentials)

    def _check_password(self, user, password):
        if user is None:
            return None
        if user.pk not in self._compared:
            self._compared[user.pk] = super()._check_password(user, password)
        return self._compared[user.pk]
