"""Signing in and out, and what people do to their own passwords and second factors, as Events.

This only writes the log. No network address is kept: events are never erased. And a name that
nobody here has is not kept either, as people type passwords into the wrong field.
"""

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from django.contrib.auth import signals
from django.db.models import Q

from . import audit
from .models import User

UNKNOWN = "a name that nobody has here"


def _record(verb, user, **data) -> None:
    if user is None or not user.pk:
        return
    audit.record_alone(verb, by=user, subject=user.get_username(), **data)


def signed_in(sender, request, user, **kwargs):
    """A session begins."""
    _record("person.signed_in", user)


def signed_out(sender, request, user, **kwargs):
    """A session ends by the person's own wish."""
    _record("person.signed_out", user)


def sign_in_failed(sender, credentials, **kwargs):
    """A name and password that do not fit; by nobody that is known."""
    tried = str(credentials.get("username") or credentials.get("email") or "")
    known = User.objects.filter(Q(username=tried) | Q(email__iexact=tried)).exclude(username="")
    name = known.values_list("username", flat=True).first() if tried else None
    audit.record_alone("person.sign_in_failed", by=None, subject=name or UNKNOWN)


def second_factor_failed(sender, request, user, **kwargs):
    """The password fitted, the code or passkey did not."""
    if user is None:
        return
    audit.record_alone(
        "person.sign_in_failed", by=None, subject=user.get_username(), step="second factor"
    )


def second_factor_changed(verb):
    """A receiver that records what happened to one of the person's second factors."""

    def receive(sender, request, user, authenticator=None, **kwargs):
        _record(verb, user, kind=getattr(authenticator, "type", ""))

    return receive


def own_account_changed(verb):
    """A receiver that records a change of the person's own password or address."""

    def receive(sender, request, user, **kwargs):
        _record(verb, user)

    return receive


RECEIVERS = [
    (signals.user_logged_in, signed_in),
    (signals.user_logged_out, signed_out),
    (signals.user_login_failed, sign_in_failed),
    (mfa_signals.authentication_failed, second_factor_failed),
    (mfa_signals.authenticator_added, second_factor_changed("person.second_factor_added")),
    (mfa_signals.authenticator_removed, second_factor_changed("person.second_factor_removed")),
    (mfa_signals.authenticator_reset, second_factor_changed("person.second_factor_reset")),
    (account_signals.password_changed, own_account_changed("person.password_changed")),
    (account_signals.password_set, own_account_changed("person.password_changed")),
    (account_signals.password_reset, own_account_changed("person.password_reset")),
    (account_signals.email_changed, own_account_changed("person.email_changed")),
]


def connect() -> None:
    """Listen, once."""
    for number, (signal, receiver) in enumerate(RECEIVERS):
        signal.connect(receiver, weak=False, dispatch_uid=f"editorial.sign_ins.{number}")
