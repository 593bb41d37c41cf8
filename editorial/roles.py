"""Who may do what: one table, asked by every action and every screen."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.utils.translation import gettext, gettext_lazy

from . import audit
from .errors import NotAllowed


class Role(models.TextChoices):
    """The roles of staff; each is a Django group of this name."""

    AUTHOR = "author", gettext_lazy("author")
    EDITOR = "editor", gettext_lazy("editor")
    REVIEWER = "reviewer", gettext_lazy("medical reviewer")
    MODERATOR = "moderator", gettext_lazy("moderator")
    ADMINISTRATOR = "administrator", gettext_lazy("administrator")


A, E, R, M, X = Role.AUTHOR, Role.EDITOR, Role.REVIEWER, Role.MODERATOR, Role.ADMINISTRATOR
EVERYONE = frozenset(Role.values)

# action -> (roles that may do it to anything, roles that may do it to their own pages)
RULES: dict[str, tuple[frozenset, frozenset]] = {
    "page.view": (EVERYONE, frozenset()),
    "page.add": (frozenset({A, E, X}), frozenset()),
    "page.edit": (frozenset({E, X}), frozenset({A})),
    "page.submit": (frozenset({E, X}), frozenset({A})),
    "page.request_changes": (frozenset({E, R, X}), frozenset()),
    "page.assign": (frozenset({E, X}), frozenset()),
    "page.approve": (frozenset({R}), frozenset()),
    "page.confirm_review": (frozenset({R}), frozenset()),
    "page.set_review_due": (frozenset({E, R, X}), frozenset()),
    "page.spread_reviews": (frozenset({E, X}), frozenset()),
    "page.publish": (frozenset({E, R, X}), frozenset()),
    "page.schedule": (frozenset({E, X}), frozenset()),
    "page.withdraw": (frozenset({E, M, X}), frozenset()),
    "image.view": (EVERYONE, frozenset()),
    "image.add": (frozenset({A, E, M, X}), frozenset()),
    "image.edit": (frozenset({A, E, M, X}), frozenset()),
    "image.delete": (frozenset({E, X}), frozenset()),
    "page.show_outside": (frozenset({E, R, X}), frozenset({A})),
    "page.override": (frozenset({X}), frozenset()),
    "comment.add": (EVERYONE, frozenset()),
    "comment.resolve": (frozenset({E, R, X}), frozenset({A})),
    "comment.settle": (frozenset({E, R, X}), frozenset()),
    "claim.view": (EVERYONE, frozenset()),
    "flag.raise": (EVERYONE, frozenset()),
    "flag.decide": (frozenset({M}), frozenset()),
    "claim.note": (EVERYONE, frozenset()),
    "claim.describe": (frozenset({E, M}), frozenset()),
    "rule.edit": (frozenset({R, X}), frozenset()),
    "correction.word": (frozenset({E, R, M, X}), frozenset()),
    "source.view": (EVERYONE, frozenset()),
    "source.edit": (frozenset({A, E, M, X}), frozenset()),
    "notice.record": (frozenset({E, M, X}), frozenset()),
    "source.merge": (frozenset({E, M, X}), frozenset()),
    "source.acknowledge": (frozenset({M}), frozenset()),
    "assessment.view": (EVERYONE, frozenset()),
    "assessment.edit": (frozenset({E, R, X}), frozenset()),
    "assessment.approve": (frozenset({R}), frozenset()),
    "audit.view": (EVERYONE, frozenset()),
    "user.manage": (frozenset({X}), frozenset()),
    "policy.edit": (frozenset({X}), frozenset()),
    "interest.edit": (frozenset({X}), frozenset()),
    "redirect.edit": (frozenset({E, X}), frozenset()),
}

DOINGS = {
    "page.add": gettext_lazy("write new pages"),
    "page.edit": gettext_lazy("edit this page"),
    "page.submit": gettext_lazy("submit this page"),
    "page.request_changes": gettext_lazy("send pages back"),
    "page.assign": gettext_lazy("ask somebody for a review"),
    "page.approve": gettext_lazy("approve pages"),
    "page.confirm_review": gettext_lazy("review published pages"),
    "page.set_review_due": gettext_lazy("set when a page is due for review"),
    "page.spread_reviews": gettext_lazy("move the reviews of many pages"),
    "page.publish": gettext_lazy("publish pages"),
    "page.schedule": gettext_lazy("schedule pages"),
    "page.withdraw": gettext_lazy("withdraw pages"),
    "image.add": gettext_lazy("upload pictures"),
    "image.edit": gettext_lazy("describe pictures"),
    "image.delete": gettext_lazy("delete pictures"),
    "page.show_outside": gettext_lazy("show this page to people outside"),
    "page.override": gettext_lazy("publish without review"),
    "comment.add": gettext_lazy("comment on pages"),
    "comment.resolve": gettext_lazy("resolve comments on this page"),
    "comment.settle": gettext_lazy("say which comments stop publication"),
    "flag.raise": gettext_lazy("flag claims"),
    "flag.decide": gettext_lazy("decide flags"),
    "claim.note": gettext_lazy("leave notes about claims"),
    "claim.describe": gettext_lazy("correct what a claim is said to be about"),
    "rule.edit": gettext_lazy("change what the checker looks for"),
    "correction.word": gettext_lazy("word corrections"),
    "source.edit": gettext_lazy("edit sources"),
    "notice.record": gettext_lazy("record notices about sources"),
    "source.merge": gettext_lazy("merge sources"),
    "source.acknowledge": gettext_lazy("acknowledge the citation of a retracted source"),
    "assessment.edit": gettext_lazy("edit assessments"),
    "assessment.approve": gettext_lazy("approve assessments"),
    "user.manage": gettext_lazy("manage people"),
    "policy.edit": gettext_lazy("change the rules for kinds of page"),
    "interest.edit": gettext_lazy("record declared interests"),
    "redirect.edit": gettext_lazy("change redirects"),
}


def can(user, action: str, page=None) -> bool:
    """Whether this person may do this, to this page where a page is meant.

    “Own” pages are those that the person created. Who is anonymous, inactive or signed in without
    the second factor that the site asks for may nothing.
    """
    if not _is_let_in(user):
        return False
    anyone, owners = RULES[action]
    if user.role_names & anyone:
        return True
    return page is not None and page.created_by_id == user.pk and bool(user.role_names & owners)


def can_sometimes(user, action: str) -> bool:
    """Whether there may be a page to which this person may do this."""
    if not _is_let_in(user):
        return False
    anyone, owners = RULES[action]
    return bool(user.role_names & (anyone | owners))


def _is_let_in(user) -> bool:
    return bool(user and user.is_active and user.is_staff and not user.lacks_second_factor)


def require(user, action: str, page=None) -> None:
    """Raise NotAllowed, with a sentence, unless `can`."""
    if not can(user, action, page):
        name = user.display_name if user and user.pk else gettext("An anonymous visitor")
        raise NotAllowed(
            gettext("%(name)s may not %(do)s. Ask an administrator for the role.")
            % {"name": name, "do": DOINGS.get(action, action)}
        )


def holders(*roles: str):
    """Active staff who have one of these roles (administrators by superuser's right included
    where that role is asked for), each once, by name."""
    wanted = models.Q(groups__name__in=roles)
    if Role.ADMINISTRATOR in roles:
        wanted |= models.Q(is_superuser=True)
    people = get_user_model().objects.filter(wanted, is_active=True, is_staff=True)
    return people.distinct().order_by("first_name", "last_name", "username")


@transaction.atomic
def grant(user, *roles: str, by=None) -> None:
    """Give a person these roles and no others, and the door to the admin; a change is an Event.

    `by` is None only where a command acts. Whoever calls it has asked for “user.manage”.
    """
    before = sorted(user.groups.values_list("name", flat=True))
    groups = [Group.objects.get_or_create(name=Role(role).value)[0] for role in roles]
    user.groups.set(groups)
    user.__dict__.pop("role_names", None)
    if groups and not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    after = sorted(group.name for group in groups)
    if before != after:
        audit.record(
            "person.roles_changed", by=by, subject=user.username, before=before, after=after
        )
