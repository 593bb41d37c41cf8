"""Reading by machine: pages, claims, sources and assessments, as readers see them."""

from datetime import datetime
from typing import Annotated

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from claims.models import Claim, ClaimSource
from claims.views import live_anchors
from editorial import figures
from editorial.models import Page
from evidence.models import Source
from therapies.models import Assessment

READ = ["GET", "HEAD"]
router = Router()
PER_PAGE = 50
Slug = Annotated[str, Query(pattern=r"^[-a-zA-Z0-9_]*$", max_length=120)]
PageNumber = Annotated[int, Query(ge=1, le=10_000, description="From 1; 50 items each.")]


class PageItem(Schema):
    """A published page. `reviewed_at` is empty for text not yet reviewed here."""

    url: str
    kind: str
    slug: str
    title: str
    summary: str
    first_published_at: datetime
    published_at: datetime
    reviewed_at: datetime | None


class PageFull(PageItem):
    """A published page with its text; `other_names` is empty for articles."""

    body_html: str
    tags: list[str]
    other_names: list[str]
    reviewed_by: str


class SourceItem(Schema):
    """A bibliographic record. If `title_is_description`, its title only describes it."""

    id: int
    key: str
    url: str
    title: str
    title_is_description: bool
    authors: str
    journal: str
    year: int | None
    doi: str | None
    pmid: int | None
    nct: str | None
    design: str
    standing: str
    link: str


class ClaimItem(Schema):
    """A claim as it stands on a published page, and the sources it rests on."""

    id: int
    url: str
    sentence: str
    state: str
    state_label: str
    strength: int
    page_url: str
    page_title: str
    sources: list[str]


class AssessmentItem(Schema):
    """What the evidence says of a therapy for a condition; slugs and keys as in addresses."""

    url: str
    therapy: str
    condition: str
    certainty: str
    stage: str
    summary: str
    note: str
    sources: list[str]
    updated_at: datetime


class Pages(Schema):
    """Some published pages and how many there are."""

    count: int
    items: list[PageItem]


class Sources(Schema):
    """Some sources and how many there are."""

    count: int
    items: list[SourceItem]


class Claims(Schema):
    """Some claims and how many there are."""

    count: int
    items: list[ClaimItem]


class Assessments(Schema):
    """Some assessments and how many there are."""

    count: int
    items: list[AssessmentItem]


def _some(rows, number: int, item) -> dict:
    start = (number - 1) * PER_PAGE
    return {"count": rows.count(), "items": [item(row) for row in rows[start : start + PER_PAGE]]}


@router.api_operation(
    READ, "/pages", response=Pages, tags=["pages"], summary="Published pages, newest first"
)
def pages(request: HttpRequest, kind: Slug = "", page: PageNumber = 1):
    """Limited to a kind (article, condition, therapy) if one is given."""
    rows = Page.objects.published().order_by("-published_at", "pk")
    return _some(rows.filter(kind=kind) if kind else rows, page, _page)


@router.api_operation(
    READ, "/pages/{slug:kind}/{slug:slug}", response=PageFull, tags=["pages"], summary="One page"
)
def page(request: HttpRequest, kind: str, slug: str):
    """404 unless it is published."""
    found = get_object_or_404(Page.objects.published(), kind=kind, slug=slug).specific
    return _page(found) | {
        "body_html": figures.plain_html(found.body),
        "tags": sorted(tag.name for tag in found.tags.all()),
        "other_names": getattr(found, "other_names", []),
        "reviewed_by": found.reviewed_by_name,
    }


def _page(row) -> dict:
    names = [name for name in PageItem.model_fields if name != "url"]
    return {"url": row.get_absolute_url()} | {name: getattr(row, name) for name in names}


@router.api_operation(READ, "/sources", response=Sources, tags=["sources"], summary="Sources")
def sources(request: HttpRequest, page: PageNumber = 1):
    """Every bibliographic record of the site."""
    return _some(Source.objects.current().order_by("pk"), page, _source)


@router.api_operation(
    READ, "/sources/{slug:key}", response=SourceItem, tags=["sources"], summary="One source"
)
def source(request: HttpRequest, key: str):
    """By its key, such as `burt-2019-mist`."""
    return _source(get_object_or_404(Source, key=key))


def _source(row) -> dict:
    names = [name for name in SourceItem.model_fields if name != "url"]
    return {"url": row.get_absolute_url()} | {name: getattr(row, name) for name in names}


@router.api_operation(
    READ, "/claims", response=Claims, tags=["claims"], summary="Claims on published pages"
)
def claims(request: HttpRequest, page: PageNumber = 1):
    """Newest first, without sentences that were found to claim nothing."""
    rows = _anchors().exclude(claim__state=Claim.State.NOT_A_CLAIM).order_by("-claim_id")
    start = (page - 1) * PER_PAGE
    return {"count": rows.count(), "items": _claims(rows[start : start + PER_PAGE])}


@router.api_operation(
    READ, "/claims/{int:number}", response=ClaimItem, tags=["claims"], summary="One claim"
)
def claim(request: HttpRequest, number: int):
    """404 unless it stands on a published page."""
    if number > 2**63 - 1:
        number = 0  # beyond what a database counts to; no claim has the number 0
    return _claims([get_object_or_404(_anchors(), claim_id=number)])[0]


def _anchors():
    return live_anchors().select_related("claim", "revision__live_on")


def _claims(anchors) -> list[dict]:
    """The claims as the live text has them: cited there, or confirmed by a person."""
    anchors = list(anchors)
    rests_on: dict[int, list[str]] = {}
    public = Q(confirmed_at__isnull=False) | Q(
        source__cited_in__revision__live_on__isnull=False,
        source__cited_in__revision__anchors__in=anchors,
    )
    rows = ClaimSource.objects.filter(public, claim__in=[a.claim_id for a in anchors])
    for claim_id, key in rows.order_by("pk").values_list("claim_id", "source__key").distinct():
        rests_on.setdefault(claim_id, []).append(key)
    return [
        {
            "id": a.claim_id,
            "url": a.claim.get_absolute_url(),
            "sentence": a.exact,
            "state": a.claim.state,
            "state_label": a.claim.get_state_display(),
            "strength": a.claim.strength,
            "page_url": a.revision.live_on.get_absolute_url(),
            "page_title": a.revision.live_on.title,
            "sources": rests_on.get(a.claim_id, []),
        }
        for a in anchors
    ]


@router.api_operation(
    READ,
    "/assessments",
    response=Assessments,
    tags=["assessments"],
    summary="What the evidence says of a therapy for a condition",
)
def assessments(
    request: HttpRequest, therapy: Slug = "", condition: Slug = "", page: PageNumber = 1
):
    """Of published pages only; limited to a therapy's or condition's slug if one is given."""
    live = Page.Status.PUBLISHED
    rows = Assessment.objects.filter(therapy__status=live, condition__status=live)
    rows = rows.filter(therapy__slug=therapy) if therapy else rows
    rows = rows.filter(condition__slug=condition) if condition else rows
    rows = rows.select_related("therapy", "condition").prefetch_related("sources")
    return _some(rows.order_by("pk"), page, _assessment)


def _assessment(row) -> dict:
    return {
        "url": row.get_absolute_url(),
        "therapy": row.therapy.slug,
        "condition": row.condition.slug,
        "certainty": row.certainty,
        "stage": row.stage,
        "summary": row.summary,
        "note": row.note,
        "sources": sorted(source.key for source in row.sources.all()),
        "updated_at": row.updated_at,
    }
