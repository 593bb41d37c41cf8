"""How long a signed-in session lasts, and that staff have a second factor before it is worth much.

Times stand in the session itself, so that any number of web processes agree on them. A changed
password ends a person's other sessions (Django compares its hash); so does shutting a person out.
"""

import time

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy

IDLE = 2 * 3600  # seconds without a sign of the person
LONGEST = 12 * 3600  # seconds from signing in, whatever the person does
NOTED_EVERY = 60  # seconds; a sign of the person is written down at most so often

STARTED, SEEN = "signed_in_at", "seen_at"
ENDED = gettext_lazy(
    "You were signed out because nothing happened for two hours, or after twelve in all."
)


def begin(sender, request, **kwargs):
    """A session begins; listens to user_logged_in, which comes after the second factor."""
    request.session[STARTED] = request.session[SEEN] = int(time.time())


def connect() -> None:
    """Listen, once."""
    user_logged_in.connect(begin, dispatch_uid="autoimmune_site.sessions.begin")


def keep_within_limits(get_response):
    """End sessions that are too old, and show nothing of the desk to staff who lack the second
    factor that STAFF_MFA asks for. Readers, who send no session, cost nothing here."""

    def answer(request):
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            if _is_over(request):
                request.session.flush()
                request.user = AnonymousUser()
                if request.path_info.startswith("/admin/"):
                    messages.info(request, ENDED)
            elif _lacks_second_factor(request):
                request.user.lacks_second_factor = request.lacks_second_factor = True
                if not request.path_info.startswith("/accounts/"):
                    request.user = AnonymousUser()
        return get_response(request)

    return answer


def _is_over(request) -> bool:
    """Whether the session is past a limit; else the person's sign of life is written down."""
    now, session = int(time.time()), request.session
    started = session.setdefault(STARTED, now)
    seen = session.setdefault(SEEN, started)
    if now - started > LONGEST or now - seen > IDLE:
        return True
    # An open form says by itself that it is still open; that is no sign of a person.
    if now - seen > NOTED_EVERY and not request.path_info.endswith("/presence/"):
        session[SEEN] = now
    return False


def _lacks_second_factor(request) -> bool:
    if settings.STAFF_MFA == "optional" or not request.user.is_authenticated:
        return False
    return not is_mfa_enabled(request.user)
