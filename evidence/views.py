"""Public pages of sources."""

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from editorial import registry
from editorial.freshness import keys_of, shows, shows_list
from editorial.models import Page

from .exporters import bibtex, csl_json, ris
from .exporters.reference import reference_of
from .models import Source

PER_PAGE = 50
MOST_PASSAGES = 50
WRITERS = {"bib": bibtex, "ris": ris, "json": csl_json}


@require_safe
def source_list(request):
    """Every source; `?standing=doubt` keeps those with a notice against them."""
    doubt = Q(standing__in=[Source.Standing.RETRACTED, Source.Standing.CONCERN])
    every = Source.objects.current()
    counts = every.aggregate(total=Count("pk"), doubt=Count("pk", filter=doubt))
    only_doubt = request.GET.get("standing") == "doubt"
    sources = every.filter(doubt) if only_doubt else every
    page = Paginator(sources, PER_PAGE).get_page(request.GET.get("page"))
    context = {"sources": page, "counts": counts, "only_doubt": only_doubt}
    answer = render(request, "evidence/source_list.html", context)
    if "standing" in request.GET:  # only the whole list is kept
        return answer
    return shows_list(answer, page, "list:source", reads=["standing"])


@require_safe
def source_detail(request, pk):
    """One source: its record, notices, how it was checked, and which pages rest on it."""
    source = get_object_or_404(Source.objects.prefetch_related("about"), pk=pk)
    if source.merged_into_id:
        return redirect("source-detail", source.merged_into_id, permanent=True)
    judged = source.assessments.select_related("therapy", "condition")
    judged = list(judged.order_by("therapy__title", "condition__title"))
    cited_on = list(Page.objects.published().filter(live_revision__cited__source=source))
    context = {
        "source": source,
        "notices": source.notices.all(),
        "about": [page for page in source.about.all() if page.is_published],
        "cited_on": cited_on,
        "assessments": [a for a in judged if a.therapy.is_published and a.condition.is_published],
        "passages": _passages(source),
    }
    # Those that are not public yet too: they will be shown as soon as they are.
    pages = {page.pk for page in (*source.about.all(), *cited_on)}
    pages |= {pk for a in judged for pk in (a.therapy_id, a.condition_id)}
    answer = render(request, "evidence/source_detail.html", context)
    return shows(answer, f"source:{source.pk}", *keys_of("page", pages))


def _passages(source) -> list:
    """What sentences that readers see rest on in this source: rows with `passage` and `claim`."""
    seen = Q(claim__anchors__revision__live_on__isnull=False)
    rows = source.claim_sources.filter(seen).exclude(passage="").select_related("claim")
    return list(rows.distinct()[:MOST_PASSAGES])


@require_safe
def references(request, plural, slug, ending):
    """The sources of a published page as BibTeX, RIS or CSL JSON, the cited ones in their order."""
    kind = next((kind for kind in registry.kinds.values() if kind.plural == plural), None)
    if kind is None or ending not in WRITERS:
        raise Http404(gettext("There is nothing at this address."))
    page = get_object_or_404(kind.model.objects.published(), slug=slug)
    writer = WRITERS[ending]
    sources = sources_of(page)
    text = writer.write([reference_of(source) for source in sources])
    answer = HttpResponse(text, content_type=f"{writer.CONTENT_TYPE}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slug}.{ending}"'
    return shows(answer, f"page:{page.pk}", *keys_of("source", [s.pk for s in sources]))


def sources_of(page) -> list[Source]:
    """What a published page rests on: what it cites, in order, then its further sources."""
    cited = Source.objects.filter(cited_in__revision=page.live_revision_id)
    found = list(cited.order_by("cited_in__order"))
    further = getattr(page, "sources", None)
    if further is not None:
        found += [source for source in further.current() if source not in found]
    return found
