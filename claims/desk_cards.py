"""What the claims room puts on the desk's first page: flags by age, and pages that they stop."""

from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from editorial import roles
from editorial.dashboard import Blocker
from editorial.models import Revision
from editorial.registry import Card

from .models import Anchor, Claim, Flag, QueueItem

# name in the address: (words, younger than so many days, at least so many days old)
AGES = {
    "old": (gettext_lazy("Flags open for more than 30 days"), None, 30),
    "weeks": (gettext_lazy("Flags open for 8 to 30 days"), 30, 7),
    "new": (gettext_lazy("Flags open for up to 7 days"), 7, None),
}


def of_age(age: str, now=None) -> Q:
    """The condition on flags of one of the AGES; every flag is of exactly one."""
    _, younger, older = AGES[age]
    now = now or timezone.now()
    condition = Q()
    if younger is not None:
        condition &= Q(raised_at__gt=now - timedelta(days=younger))
    if older is not None:
        condition &= Q(raised_at__lte=now - timedelta(days=older))
    return condition


def flag_cards(user):
    """How many claims wait, by the age of their flags, for those who decide or publish, and how
    many were handed to the editors; two queries."""
    if not (roles.can(user, "flag.decide") or roles.can(user, "page.publish")):
        return
    now = timezone.now()
    waiting = Flag.objects.open().filter(claim__queue_item__isnull=False)
    counts = waiting.aggregate(
        **{age: Count("claim", filter=of_age(age, now), distinct=True) for age in AGES}
    )
    for order, (age, (words, _, _)) in enumerate(AGES.items(), 50):
        yield Card(
            title=words,
            count=counts[age],
            url=f"{reverse('admin:moderation')}?age={age}",
            order=order,
            is_urgent=age == "old",
        )
    if handed_on := QueueItem.objects.filter(escalated_at__isnull=False).count():
        url = f"{reverse('admin:moderation')}?only=escalated"
        yield Card(
            gettext("Claims handed to the editors"), handed_on, url, order=49, is_urgent=True
        )


_OPEN_BLOCK = Q(
    claim__flags__state=Flag.State.OPEN, claim__flags__severity=Flag.Severity.BLOCK
) | Q(claim__state=Claim.State.MUST_CHANGE)


def _stopping():
    return Anchor.objects.filter(_OPEN_BLOCK, revision__state__in=Revision.OPEN_STATES)


def _reasons(pages) -> dict[int, list[str]]:
    """For each page, how many of its sentences wait or must change; one query."""
    counts = (
        _stopping()
        .filter(revision__page__in=pages)
        .order_by()
        .values("revision__page")
        .annotate(
            waiting=Count("claim", filter=~Q(claim__state="must_change"), distinct=True),
            wrong=Count("claim", filter=Q(claim__state="must_change"), distinct=True),
        )
    )
    return {row["revision__page"]: list(_words(row)) for row in counts}


def _words(row):
    if waiting := row["waiting"]:
        yield (
            gettext("A sentence waits for a moderator.")
            if waiting == 1
            else gettext("%(waiting)s sentences wait for a moderator.") % {"waiting": waiting}
        )
    if wrong := row["wrong"]:
        yield (
            gettext("A sentence must be changed, as a moderator decided.")
            if wrong == 1
            else gettext("%(wrong)s sentences must be changed, as a moderator decided.")
            % {"wrong": wrong}
        )


BLOCKER = Blocker(
    "claims", Exists(_stopping().filter(revision__page=OuterRef("pk"))), reasons=_reasons
)
