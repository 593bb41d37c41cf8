"""What the claims room adds to a page that readers open: marked text, corrections, trust."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from editorial.freshness import keys_of
from editorial.gathering import Gathered, moment

from .models import Claim, ClaimSource, Correction, Report
from .outcomes import Challenges, challenges_of_page
from .rendering import RenderedBody, render_body


@dataclass(frozen=True)
class Trust:
    """What a reader needs to know to decide how far to trust a page; counts of its live text."""

    written_by: str
    sources: int
    confirmed: int  # sources that a person found to support a sentence here
    retracted: int
    claims: int
    supported: int
    questioned: int
    challenges: Challenges
    is_past_due: bool


_MOMENTS = ("made_at", "stood_from", "stood_until")
_OF_CORRECTION = ("id", "before", "after", "reason", "seriousness", *_MOMENTS)


def counts() -> dict:
    """What comes with a page from the query that finds it: its corrections, how many questions
    readers asked and how many changed something."""
    reports = Report.objects.filter(claim__page=OuterRef("pk")).order_by().values("claim__page")
    changed = Count("flag__decision__corrections", distinct=True)
    return {
        "corrections_at_hand": Gathered(
            Correction.objects.filter(page=OuterRef("pk")).order_by().values_list(*_OF_CORRECTION)
        ),
        "asked": Subquery(reports.annotate(n=Count("pk")).values("n")),
        "changed": Subquery(reports.annotate(n=changed).values("n")),
        "confirmed": Coalesce(Subquery(_confirmed()), 0),
    }


def _confirmed():
    """How many of the sources that the live text cites a person found to support a sentence."""
    stands = {
        "claim__anchors__revision": OuterRef("live_revision"),
        "source__cited_in__revision": OuterRef("live_revision"),
    }
    rows = ClaimSource.objects.filter(confirmed_at__isnull=False, **stands).order_by()
    counted = rows.annotate(all=Value(1)).values("all")
    return counted.annotate(n=Count("source", distinct=True)).values("n")


def reading_of(page) -> dict:
    """`text`, `trust`, `corrections` and `keys` of a published page; two queries."""
    text = render_body(page)
    return {
        "text": text,
        "trust": _trust(page, text),
        "corrections": _corrections(page),
        "keys": set(keys_of("source", [r.source.pk for r in text.references])),
    }


def _corrections(page) -> list[Correction]:
    """The newest first. A page that was not found by its address does not bring them along."""
    if not hasattr(page, "corrections_at_hand"):
        return list(page.corrections.all())
    rows = (dict(zip(_OF_CORRECTION, row, strict=True)) for row in page.corrections_at_hand)
    read = (row | {name: moment(row[name]) for name in _MOMENTS} for row in rows)
    return sorted((Correction(page=page, **row) for row in read), key=lambda c: -c.pk)


def _challenges(page) -> Challenges:
    if hasattr(page, "asked"):
        return Challenges(page.asked or 0, page.changed or 0)
    return challenges_of_page(page)


def _confirmed_sources(page, text: RenderedBody) -> int:
    if hasattr(page, "confirmed"):
        return page.confirmed
    claims, sources = [c.pk for c in text.claims], [r.source.pk for r in text.references]
    rows = ClaimSource.objects.filter(claim__in=claims, source__in=sources)
    return rows.filter(confirmed_at__isnull=False).values("source").distinct().count()


def _trust(page, text: RenderedBody) -> Trust:
    claims = [c for c in text.claims if c.state != Claim.State.NOT_A_CLAIM]
    states = Counter(c.state for c in claims)
    return Trust(
        written_by=page.live_revision.author_name,
        sources=len(text.references),
        confirmed=_confirmed_sources(page, text),
        retracted=sum(r.source.is_retracted for r in text.references),
        claims=len(claims),
        supported=states[Claim.State.SUPPORTED],
        questioned=sum(bool(c.questions) for c in text.claims),
        challenges=_challenges(page),
        is_past_due=bool(page.review_due and page.review_due < timezone.localdate()),
    )
