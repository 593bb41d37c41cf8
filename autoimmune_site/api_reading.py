"""Reading by machine: pages, claims, sources, assessments and corrections, as readers see them."""

from django.db.models import Prefetch, Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router

from claims.correction_views import public_corrections
from claims.models import Anchor, Claim, ClaimSource
from editorial import figures
from editorial.models import Page
from editorial.text import rich_names
from evidence.models import Source
from evidence.views import sources_of
from therapies.models import Outcome
from therapies.views import public_assessments

from .api_shapes import (
    AssessmentItem,
    Assessments,
    ClaimItem,
    Claims,
    CorrectionItem,
    Corrections,
    Limit,
    Offset,
    OutcomeItem,
    PageFull,
    PageItem,
    Pages,
    Problem,
    Slug,
    SourceItem,
    Sources,
)

READ = ["GET", "HEAD"]
OFTEN = 20  # items of a list, unless another number is asked for
ODD = {422: Problem}
router = Router()


def _some(rows, limit: int, offset: int, item) -> dict:
    return {"count": rows.count(), "items": [item(row) for row in rows[offset : offset + limit]]}


@router.api_operation(
    READ,
    "/pages",
    response={200: Pages, **ODD},
    tags=["pages"],
    summary="Published pages, newest first",
)
def pages(request: HttpRequest, kind: Slug = "", limit: Limit = OFTEN, offset: Offset = 0):
    """Limited to a kind (article, condition, therapy) if one is given."""
    rows = Page.objects.published().order_by("-published_at", "pk")
    return _some(rows.filter(kind=kind) if kind else rows, limit, offset, _page)


@router.api_operation(
    READ,
    "/pages/{slug:kind}/{slug:slug}",
    response={200: PageFull, 404: Problem},
    tags=["pages"],
    summary="One page",
)
def page(request: HttpRequest, kind: str, slug: str):
    """404 unless it is published."""
    found = get_object_or_404(Page.objects.published(), kind=kind, slug=slug).specific
    return _page(found) | {
        "body_html": figures.plain_html(found.body),
        "parts": _parts(found),
        "symptoms": getattr(found, "symptoms", []),
        "harms": getattr(found, "harms", []),
        "tags": sorted(tag.name for tag in found.tags.all()),
        "other_names": getattr(found, "other_names", []),
        "written_by": found.live_revision.author_name,
        "reviewed_by": found.reviewed_by_name,
        "sources": [source.key for source in sources_of(found)],
    }


def _parts(page) -> list[dict]:
    """The page's rich parts besides its body that hold something, in readers' order."""
    found = ((name, getattr(page, name, "")) for name in rich_names() if name != "body")
    return [{"name": name, "html": figures.plain_html(html)} for name, html in found if html]


def _page(row) -> dict:
    names = [name for name in PageItem.model_fields if name != "url"]
    return {"url": row.get_absolute_url()} | {name: getattr(row, name) for name in names}


@router.api_operation(
    READ, "/sources", response={200: Sources, **ODD}, tags=["sources"], summary="Sources"
)
def sources(request: HttpRequest, limit: Limit = OFTEN, offset: Offset = 0):
    """Every bibliographic record of the site."""
    return _some(Source.objects.current().order_by("pk"), limit, offset, _source)


@router.api_operation(
    READ,
    "/sources/{slug:key}",
    response={200: SourceItem, 404: Problem},
    tags=["sources"],
    summary="One source",
)
def source(request: HttpRequest, key: str):
    """By its key, such as `burt-2019-mist`."""
    return _source(get_object_or_404(Source, key=key))


def _source(row) -> dict:
    names = [name for name in SourceItem.model_fields if name != "url"]
    return {"url": row.get_absolute_url()} | {name: getattr(row, name) for name in names}


@router.api_operation(
    READ,
    "/claims",
    response={200: Claims, **ODD},
    tags=["claims"],
    summary="Claims on published pages",
)
def claims(request: HttpRequest, limit: Limit = OFTEN, offset: Offset = 0):
    """Newest first, without sentences that were found to claim nothing."""
    rows = _anchors().exclude(claim__state=Claim.State.NOT_A_CLAIM).order_by("-claim_id")
    return {"count": rows.count(), "items": _claims(rows[offset : offset + limit])}


@router.api_operation(
    READ,
    "/claims/{int:number}",
    response={200: ClaimItem, 404: Problem},
    tags=["claims"],
    summary="One claim",
)
def claim(request: HttpRequest, number: int):
    """404 unless it stands on a published page."""
    if number > 2**63 - 1:
        number = 0  # beyond what a database counts to; no claim has the number 0
    return _claims([get_object_or_404(_anchors(), claim_id=number)])[0]


def _anchors():
    return Anchor.objects.live().select_related("claim", "revision__live_on")


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
            "state_label": str(a.claim.get_state_display()),
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
    response={200: Assessments, **ODD},
    tags=["assessments"],
    summary="What the evidence says of a therapy for a condition",
)
def assessments(
    request: HttpRequest,
    therapy: Slug = "",
    condition: Slug = "",
    limit: Limit = OFTEN,
    offset: Offset = 0,
):
    """Of published pages only; limited to a therapy's or condition's slug if one is given."""
    rows = _assessments()
    rows = rows.filter(therapy__slug=therapy) if therapy else rows
    rows = rows.filter(condition__slug=condition) if condition else rows
    return _some(rows.order_by("pk"), limit, offset, _assessment)


@router.api_operation(
    READ,
    "/assessments/{slug:therapy}/{slug:condition}",
    response={200: AssessmentItem, 404: Problem},
    tags=["assessments"],
    summary="One pair",
)
def assessment(request: HttpRequest, therapy: str, condition: str):
    """404 unless readers can see both pages and the pair has been assessed."""
    pair = {"therapy__slug": therapy, "condition__slug": condition}
    return _assessment(get_object_or_404(_assessments(), **pair))


def _assessments():
    outcomes = Outcome.objects.select_related("source").order_by("axis", "order")
    return (
        public_assessments()
        .select_related("therapy", "condition", "version")
        .prefetch_related("sources", Prefetch("version__outcomes", outcomes))
    )


def _assessment(row) -> dict:
    version = row.version
    names = [name for name in AssessmentItem.model_fields if hasattr(type(row), name)]
    plain = {name: getattr(row, name) for name in names}
    return plain | {
        "url": row.get_absolute_url(),
        "therapy": row.therapy.slug,
        "condition": row.condition.slug,
        "outcomes": [_outcome(outcome) for outcome in version.outcomes.all()] if version else [],
        "sources": sorted(source.key for source in row.sources.all()),
        "version": version.number if version else None,
        "approved_by": version.approved_by_name if version else "",
        "approved_at": version.approved_at if version else None,
        "searched_on": version.searched_on if version else None,
        "searched_where": version.searched_where if version else "",
    }


def _outcome(row) -> dict:
    plain = {name: getattr(row, name) for name in OutcomeItem.model_fields}
    return plain | {"source": row.source.key if row.source else None}


@router.api_operation(
    READ,
    "/corrections",
    response={200: Corrections, **ODD},
    tags=["corrections"],
    summary="What was corrected, newest first",
)
def corrections(request: HttpRequest, limit: Limit = OFTEN, offset: Offset = 0):
    """Of pages that readers see, or saw until they were withdrawn."""
    return _some(public_corrections(), limit, offset, _correction)


def _correction(row) -> dict:
    own = [name for name in CorrectionItem.model_fields if not name.startswith("page_")]
    return {name: getattr(row, name) for name in own} | {
        "page_url": row.page.get_absolute_url(),
        "page_title": row.page.title,
    }
