"""What is demanded of each kind of page, and who cannot judge a text."""

from datetime import timedelta

from django.db import connections
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from . import registry
from .models import DeclaredInterest, Event, KindPolicy


def of(kind: str) -> KindPolicy:
    """The rules for a kind of page; the first values where nobody has set any."""
    return KindPolicy.objects.filter(kind=kind).first() or KindPolicy(kind=kind)


def after_migrate(*, using, **kwargs) -> None:
    """A row for each kind, so that an administrator finds all of them."""
    if KindPolicy._meta.db_table in connections[using].introspection.table_names():
        for kind in registry.kinds:
            KindPolicy.objects.using(using).get_or_create(kind=kind)


def latest_due(page, reviewed_on):
    """The last day on which a page that was reviewed on that day is to be read again."""
    return reviewed_on + timedelta(days=days_between_reviews([page])[page.pk])


def days_between_reviews(pages) -> dict[int, int]:
    """Within how many days of its last review each page is to be read again, by primary key."""
    by_kind = {kind: of(kind).review_days for kind in {page.kind for page in pages}}
    sooner = registry.review_days(pages)
    return {
        page.pk: min(by_kind[page.kind], sooner.get(page.pk, by_kind[page.kind])) for page in pages
    }


def contributors(page, revision) -> set[int]:
    """Who wrote any revision since the one that readers see, up to this one, and what was
    restored on the way. For the live revision: since the one that was live before it."""
    since = _number_before(page, revision)
    authors = _authors(page, since, revision.number)
    restored = Event.objects.filter(page_id=page.pk, verb="revision.restored")
    for data in restored.values_list("data", flat=True):
        if since < data["number"] <= revision.number:
            approved = page.revisions.filter(number__lt=data["source"], approved_at__isnull=False)
            before = approved.values_list("number", flat=True).first() or 0
            authors |= _authors(page, before, data["source"])
    return authors


def _number_before(page, revision) -> int:
    """The number of the text that this one takes the place of; 0 where there was none."""
    if page.live_revision_id and page.live_revision_id != revision.pk:
        return page.live_revision.number
    if page.live_revision_id is None:
        return 0
    was_live = Q(approved_at__isnull=False) | ~Q(override_reason="")
    earlier = page.revisions.filter(was_live, number__lt=revision.number)
    return earlier.values_list("number", flat=True).first() or 0


def _authors(page, after: int, upto: int) -> set[int]:
    rows = page.revisions.filter(number__gt=after, number__lte=upto)
    return set(rows.values_list("author_id", flat=True)) - {None}


def interests_of(user, page, revision, on=None) -> list[DeclaredInterest]:
    """What this person has declared in the page, or in a page that the revision is about."""
    on = on or timezone.localdate()
    lasting = DeclaredInterest.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on), user=user, since__lte=on
    )
    subjects = {page.pk, *registry.subjects(revision)}
    return list(lasting.filter(page__in=subjects).select_related("page"))


def why_not(user, page, revision) -> str:
    """Why this person may not judge this text, in a sentence; empty when they may."""
    if user.pk in contributors(page, revision):
        return gettext("You wrote part of this text. Somebody else must approve it.")
    if held := interests_of(user, page, revision):
        pages = ", ".join(f"“{interest.page}”" for interest in held)
        return gettext(
            "You have declared an interest in %(pages)s: %(what)s Somebody without "
            "one must approve this text."
        ) % {"pages": pages, "what": held[0].what}
    return ""
