"""The public list of corrections: as a page, and as JSON that anybody can check."""

from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from editorial.freshness import shows_list
from editorial.models import Page

from .corrections import in_words
from .models import Correction
from .views import PER_PAGE


def public_corrections():
    """Corrections of pages that are or were public, the newest first."""
    return Correction.objects.of_pages(Page.Status.PUBLISHED, Page.Status.WITHDRAWN)


@require_safe
def correction_list(request):
    """Every correction of a page that was ever public, newest first; ?page_id= for one page,
    ?format=json as JSON."""
    corrections = public_corrections()
    wanted = request.GET.get("page_id", "")
    if wanted.isdecimal() and len(wanted) < 18:
        corrections = corrections.filter(page=int(wanted))
    page = Paginator(corrections, PER_PAGE).get_page(request.GET.get("page"))
    if request.GET.get("format") == "json":
        return JsonResponse(_as_json(page))
    answer = render(request, "claims/correction_list.html", {"corrections": page, "of": wanted})
    if "page_id" in request.GET or "format" in request.GET:  # only the whole list is kept
        return answer
    return shows_list(answer, page, "list:correction", reads=["page_id", "format"])


def _as_json(page) -> dict:
    return {
        "count": page.paginator.count,
        "page": page.number,
        "pages": page.paginator.num_pages,
        "corrections": [_item(correction) for correction in page],
    }


def _item(c) -> dict:
    """One correction, with everything that its hash covers."""
    return {
        "id": c.pk,
        "page_url": c.page.get_absolute_url(),
        "page_title": c.page.title,
        "page": c.page_id,
        "claim": c.claim_id,
        "decision": c.decision_id,
        "revision": c.revision_id,
        "before": c.before,
        "after": c.after,
        "what": c.what,
        "what_in_words": in_words(c.what),
        "reason": c.reason,
        "seriousness": c.seriousness,
        "stood_from": c.stood_from.isoformat() if c.stood_from else None,
        "stood_until": c.stood_until.isoformat() if c.stood_until else None,
        "made_at": c.made_at.isoformat(),
        "previous_hash": c.previous_hash,
        "hash": c.hash,
    }
