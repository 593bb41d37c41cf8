"""Public pages of sources."""

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from editorial.models import Page

from .models import Source

PER_PAGE = 50


@require_safe
def source_list(request):
    """Every source; `?standing=doubt` keeps those with a notice against them."""
    doubt = Q(standing__in=[Source.Standing.RETRACTED, Source.Standing.CONCERN])
    counts = Source.objects.aggregate(total=Count("pk"), doubt=Count("pk", filter=doubt))
    only_doubt = request.GET.get("standing") == "doubt"
    sources = Source.objects.filter(doubt) if only_doubt else Source.objects.all()
    page = Paginator(sources, PER_PAGE).get_page(request.GET.get("page"))
    context = {"sources": page, "counts": counts, "only_doubt": only_doubt}
    return render(request, "evidence/source_list.html", context)


@require_safe
def source_detail(request, pk):
    """One source: its record, notices, how it was checked, and which pages rest on it."""
    source = get_object_or_404(Source, pk=pk)
    assessments = (
        source.assessments.select_related("therapy", "condition")
        .filter(therapy__status=Page.Status.PUBLISHED, condition__status=Page.Status.PUBLISHED)
        .order_by("therapy__title", "condition__title")
    )
    context = {
        "source": source,
        "notices": source.notices.all(),
        "cited_on": Page.objects.published().filter(live_revision__cited__source=source),
        "assessments": assessments,
    }
    return render(request, "evidence/source_detail.html", context)
