"""Demo accounts: one person for each role, with a password that is printed once."""

import secrets

from django.conf import settings
from django.db import transaction

from editorial import audit, roles
from editorial.errors import Refused
from editorial.models import User

from .environment import LOCAL_HOSTS

REVIEW_TITLE = "demonstration account, not a clinician"
PEOPLE = {
    "author": ("Demo", "Author", "author", "Demonstration author"),
    "editor": ("Demo", "Editor", "editor", "Demonstration editor"),
    "reviewer": ("Demo", "Reviewer", "reviewer", REVIEW_TITLE),
    "moderator": ("Demo", "Moderator", "moderator", "Demonstration moderator"),
    "admin": ("Demo", "Administrator", "administrator", "Demonstration administrator"),
}


def create() -> str | None:
    """Create the accounts that are missing; returns their password if any was created.

    Refused on a site that faces the public.
    """
    if not settings.DEBUG and any(host not in LOCAL_HOSTS for host in settings.ALLOWED_HOSTS):
        raise Refused(
            "Demo accounts are not created on a public site: ALLOWED_HOSTS names "
            f"{', '.join(settings.ALLOWED_HOSTS)} and DEBUG is off. Create people in the admin."
        )
    password = settings.DEMO_PASSWORD or secrets.token_urlsafe(9)
    created = [_create(name, password) for name in PEOPLE]
    return password if any(created) else None


@transaction.atomic
def _create(name: str, password: str) -> bool:
    if User.objects.filter(username=name).exists():
        return False
    first, last, role, title = PEOPLE[name]
    user = User.objects.create_user(
        name, f"{name}@example.org", password, first_name=first, last_name=last, title=title
    )
    roles.grant(user, role)
    audit.record("person.created", by=None, subject=name, roles=[role])
    return True
