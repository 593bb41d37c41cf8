"""In whose name a command acts."""

from django.core.management.base import CommandError
from django.db import transaction
from django.db.models import Q

from editorial import audit, roles
from editorial.errors import Refused
from editorial.models import User
from editorial.roles import Role


def add_by_argument(parser) -> None:
    """The option --by USER."""
    parser.add_argument(
        "--by",
        metavar="USER",
        help="in whose name (user name); without it the first superuser or administrator, and on "
        "a site without any the account “import”, which nobody can sign in to",
    )


def acting_user(name: str | None, *actions: str) -> User:
    """The active user of this name, else whoever is in charge, if they may do all the actions.

    Raises CommandError with a sentence that says what to do.
    """
    user = _named(name) if name else _in_charge() or _import_account()
    for action in actions:
        try:
            roles.require(user, action)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
    return user


def _named(name: str) -> User:
    user = User.objects.filter(is_active=True, username=name).first()
    if user is None:
        raise CommandError(f"There is no active user called “{name}”.")
    return user


def _in_charge() -> User | None:
    in_charge = Q(is_superuser=True) | Q(groups__name=Role.ADMINISTRATOR.value)
    people = User.objects.filter(in_charge, is_active=True, is_staff=True)
    return people.order_by("-is_superuser", "pk").first()


@transaction.atomic
def _import_account() -> User:
    """An editor without a password, for imports on a site that has no people yet."""
    user, is_new = User.objects.get_or_create(
        username="import", defaults={"first_name": "Import", "is_staff": True}
    )
    if is_new:
        user.set_unusable_password()
        user.save()
        roles.grant(user, Role.EDITOR.value)
        audit.record("person.created", by=None, subject="import", roles=[Role.EDITOR.value])
    return user


def counted(number: int, noun: str, plural: str = "") -> str:
    """“1 source”, “2 sources”."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
