"""When the review of a page is overdue, its confirmed claims are asked about: are they still so?"""

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext

from editorial import audit, freshness
from editorial.models import Page

from . import queueing
from .models import Claim, Flag
from .reasons import row

AT_ONCE = 500  # claims asked about in one round
REASON = Flag.Reason.OUTDATED
DECIDED = (Claim.State.SUPPORTED, Claim.State.NOTHING_WRONG)


def ask_what_is_overdue(now) -> None:
    """Part of the site's round: each claim that a moderator once passed, on a live page whose
    review is overdue, gets one question for that date; it keeps its state until it is answered.
    Where the page was reviewed, or its review put off, the question lapses."""
    today = timezone.localdate(now)
    _lapse(today)
    _ask(today)


def _ask(today) -> None:
    overdue = Q(page__status=Page.Status.PUBLISHED, page__review_due__lt=today)
    asked = Flag.objects.filter(
        origin=Flag.Origin.REVIEW, raised_at__date__gte=F("claim__page__review_due")
    )
    with transaction.atomic():
        claims = Claim.objects.filter(overdue, state__in=DECIDED)
        claims = claims.filter(anchors__revision__live_on__isnull=False)
        claims = claims.exclude(pk__in=asked.values("claim")).select_related("page").distinct()
        claims = list(claims.order_by("pk")[:AT_ONCE])
        Flag.objects.bulk_create([_flag(claim) for claim in claims], ignore_conflicts=True)
        _make_known("claims.review_overdue", claims)


def _flag(claim) -> Flag:
    return Flag(
        claim=claim,
        origin=Flag.Origin.REVIEW,
        severity=Flag.Severity.ADVISE,
        reason=REASON,
        explanation=gettext("The review of the page was due on %(review_due)s; is it still so?")
        % {"review_due": f"{claim.page.review_due:%d %B %Y}"},
        remedy=row(REASON).remedy,
        raised_by_name="a review that is due",
    )


def _lapse(today) -> None:
    with transaction.atomic():
        settled = Q(claim__page__review_due__isnull=True) | Q(claim__page__review_due__gte=today)
        flags = Flag.objects.open().filter(settled, origin=Flag.Origin.REVIEW)
        claims = list(Claim.objects.filter(pk__in=flags.values("claim")).select_related("page"))
        flags.update(state=Flag.State.LAPSED, closed_at=timezone.now())
        _make_known("claims.review_settled", claims)


def _make_known(verb, claims) -> None:
    if not claims:
        return
    queueing.refresh([claim.pk for claim in claims])
    pages: dict[Page, list[int]] = {}
    for claim in claims:
        pages.setdefault(claim.page, []).append(claim.pk)
    for page, keys in pages.items():
        audit.record(verb, by=None, page=page, claims=keys)
    freshness.stale(
        "list:claim",
        *freshness.keys_of("page", [page.pk for page in pages]),
        *freshness.keys_of("claim", [claim.pk for claim in claims]),
    )
