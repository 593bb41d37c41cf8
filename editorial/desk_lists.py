"""The lists of pages that this room itself puts on the desk's first page."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext

from . import roles
from .dashboard import PageList, blocked, register_list, why_blocked, with_newest
from .models import Page, Revision

State = Revision.State
RECENT_DAYS = 7


def _at_work(*states):
    return Revision.objects.filter(page=OuterRef("pk"), state__in=states)


def _my_drafts(user):
    mine = _at_work(State.DRAFT, State.CHANGES_REQUESTED).filter(author=user)
    return with_newest(Page.objects.filter(Exists(mine))).order_by("-newest_at", "-pk")


def _sent_back(user):
    mine = _at_work(State.CHANGES_REQUESTED).filter(author=user)
    return with_newest(Page.objects.filter(Exists(mine))).order_by("-newest_at", "-pk")


def _blocked(user):
    pages = blocked()
    if not _oversees(user):
        pages = pages.filter(created_by=user)
    return with_newest(pages).order_by("newest_at", "pk")


def _ready(user):
    return with_newest(Page.objects.filter(Exists(_at_work(State.APPROVED)))).order_by(
        "newest_at", "pk"
    )


def _recent(user):
    since = timezone.now() - timedelta(days=RECENT_DAYS)
    pages = Page.objects.published().filter(published_at__gte=since)
    return with_newest(pages).order_by("-published_at", "-pk")


def _writes(user) -> bool:
    return roles.can(user, "page.add")


def _oversees(user) -> bool:
    return roles.can(user, "page.publish") or roles.can(user, "flag.decide")


def _publishes(user) -> bool:
    return roles.can(user, "page.publish")


def _views(user) -> bool:
    return roles.can(user, "page.view")


def register() -> None:
    """Put them there; called once, when the room is ready."""
    for page_list in (
        PageList(
            "my-drafts",
            gettext("My drafts"),
            gettext("You have no draft. Whatever you begin to write waits for you here."),
            _my_drafts,
            order=10,
            short=5,
            is_for=_writes,
        ),
        PageList(
            "sent-back",
            gettext("Sent back to me"),
            gettext("Nobody asked you for changes."),
            _sent_back,
            order=12,
            is_urgent=True,
            is_for=_writes,
        ),
        PageList(
            "blocked",
            gettext("Cannot be published as it stands"),
            gettext("Nothing stands in the way of any text at work."),
            _blocked,
            order=30,
            short=5,
            is_urgent=True,
            is_for=_views,
            notes=why_blocked,
        ),
        PageList(
            "approved",
            gettext("Approved, not yet published"),
            gettext("No approved text waits to be published."),
            _ready,
            order=40,
            is_for=_publishes,
        ),
        PageList(
            "published",
            gettext("Published in the last 7 days"),
            gettext("Nothing was published in the last 7 days."),
            _recent,
            order=80,
            short=5,
            is_for=_views,
        ),
    ):
        register_list(page_list)
