"""What an administrator does to people's accounts; each change is an Event without passwords."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext

from . import audit, roles
from .errors import NotAllowed

WATCHED = ("username", "first_name", "last_name", "email", "title", "interests", "is_active")


@transaction.atomic
def save(user, *, by, role_list, is_new: bool) -> None:
    """Keep a person as the form left them, with these roles and no others.

    Raises NotAllowed.
    """
    roles.require(by, "user.manage")
    before = {} if is_new else _facts(type(user).objects.get(pk=user.pk))
    user.save()
    changed = sorted(name for name, value in _facts(user).items() if before.get(name) != value)
    if is_new:
        audit.record("person.created", by=by, subject=user.username)
    elif changed:
        audit.record("person.changed", by=by, subject=user.username, fields=changed)
    if not is_new and before["is_active"] != user.is_active:
        verb = "person.let_in_again" if user.is_active else "person.shut_out"
        audit.record(verb, by=by, subject=user.username)
    roles.grant(user, *role_list, by=by)


@transaction.atomic
def note_new_password(user, *, by) -> None:
    """Record that an administrator gave somebody a password."""
    roles.require(by, "user.manage")
    audit.record("person.password_given", by=by, subject=user.username)


@transaction.atomic
def take_second_factors(user, *, by) -> int:
    """Take away all second factors of somebody who lost them; says how many there were.

    The person's sessions lose the desk until they set up new ones (where STAFF_MFA asks for one).
    Nobody does it for themselves: a colleague has to know that it is them. Raises NotAllowed.
    """
    roles.require(by, "user.manage")
    if user.pk == by.pk:
        raise NotAllowed(
            gettext("Nobody takes away their own second factors here. Ask another administrator.")
        )
    gone, _ = Authenticator.objects.filter(user=user).delete()
    audit.record("person.second_factors_taken", by=by, subject=user.username, number=gone)
    return gone


def _facts(user) -> dict:
    return {name: getattr(user, name) for name in WATCHED}
