"""Public pages of the evidence map: the map, its picture, its table of values, each cell."""

import csv

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from editorial.freshness import keys_of, shows
from editorial.models import Page
from editorial.reading import render_reading

from . import evidence_map
from .map_picture import Picture
from .map_query import FORMS, SORTS, Query
from .models import Assessment, AssessmentVersion, Condition, EmptySearch, Outcome, Therapy
from .reading import context_of
from .words import Certainty, Stage

COLUMNS = (
    "therapy",
    "condition",
    "state",
    "certainty",
    "direction",
    "stage",
    "main harm",
    "rests on",
    "last search",
    "searched where",
    "address",
)


LISTS = ("list:assessment", "list:condition", "list:therapy")


def _query(request) -> Query:
    return Query.of(request.GET, kinds=Therapy.Form.values)


def _kept(answer, drawn: evidence_map.Map):
    """An answer that shows the whole map, as far as it was asked for. One about a name that does
    not exist is not kept: there is no end of such names."""
    if not drawn.is_of_known_names:
        return answer
    return shows(answer, *LISTS, params=Query.names(), answered=drawn.query.answered)


@require_safe
def evidence_map_page(request):
    """Therapies by conditions as a table and a list, filtered and sorted as asked."""
    drawn = evidence_map.draw(_query(request))
    context = {
        "map": drawn,
        "levels": Certainty.choices[:-1],
        "stages": [(stage.value, evidence_map.STAGE_WORDS[stage]) for stage in Stage],
        "directions": evidence_map.DIRECTION_WORDS,
        "kinds": Therapy.Form.choices,
        "sorts": SORTS.items(),
        "forms": FORMS.items(),
    }
    return _kept(render(request, "therapies/evidence_map.html", context), drawn)


@require_safe
def map_svg(request):
    """The map as a picture with its own key."""
    drawn = evidence_map.draw(_query(request))
    context = {"picture": Picture(drawn)}
    answer = render(request, "therapies/map.svg", context, content_type="image/svg+xml")
    return _kept(answer, drawn)


@require_safe
def map_csv(request):
    """The map as comma-separated values, one pair a line, those not looked for as well."""
    drawn = evidence_map.draw(_query(request))
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="evidence-map.csv"'
    writer = csv.writer(answer)
    writer.writerow(COLUMNS)
    for row in drawn.rows:
        for cell in row.cells:
            if cell and (drawn.query.is_plain or cell.state != "not looked for"):
                writer.writerow(map(_harmless, _values(cell)))
    return _kept(answer, drawn)


def _values(cell) -> list[str]:
    assessment = cell.assessment
    searched = cell.search or (assessment and assessment.version)
    words = ["", "", "", "", ""]
    if assessment:
        words = [
            assessment.certainty,
            cell.direction,
            assessment.stage,
            cell.main_harm,
            assessment.get_footing_display(),
        ]
    on = searched.searched_on if searched else None
    return [
        cell.therapy.title,
        cell.condition.title,
        cell.state,
        *words,
        on.isoformat() if on else "",
        searched.searched_where if searched else "",
        settings.SITE_URL + cell.url,
    ]


def _harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


@require_safe
def assessment_detail(request, therapy, condition):
    """One pair: what is known, in figures, with harms, sources and history; or that nothing was
    found; or that nobody looked. 404 unless readers can see both pages."""
    assessment = (
        Assessment.objects.filter(
            therapy__status=Page.Status.PUBLISHED, condition__status=Page.Status.PUBLISHED
        )
        .select_related("therapy", "condition", "version")
        .filter(therapy__slug=therapy, condition__slug=condition)
        .first()
    )
    if assessment is None:
        return _without_assessment(request, therapy, condition)
    outcomes = list(Outcome.objects.filter(version=assessment.version_id).select_related("source"))
    sources = list(assessment.sources.order_by("-year", "authors"))
    versions = AssessmentVersion.objects.filter(
        therapy=assessment.therapy_id, condition=assessment.condition_id, approved_at__isnull=False
    )
    context = {
        "assessment": assessment,
        "version": assessment.version,
        "sources": sources,
        "benefits": [o for o in outcomes if o.axis == Outcome.Axis.BENEFIT],
        "harms": [o for o in outcomes if o.axis == Outcome.Axis.HARM],
        "versions": versions.order_by("-number"),
        "direction_word": evidence_map.DIRECTION_WORDS[assessment.direction],
    }
    context |= context_of(assessment)
    context["keys"] |= {*keys_of("source", [source.pk for source in sources])}
    return render_reading(request, "therapies/assessment_detail.html", context)


def _without_assessment(request, therapy, condition):
    """That evidence was looked for and none found, or that nobody looked."""
    pages = (
        Therapy.objects.published().filter(slug=therapy).first(),
        Condition.objects.published().filter(slug=condition).first(),
    )
    if None in pages:
        raise Http404(gettext("There is no such pair of a therapy and a condition."))
    searches = EmptySearch.objects.filter(therapy=pages[0], condition=pages[1])
    context = {"therapy": pages[0], "condition": pages[1], "searches": list(searches)}
    answer = render(request, "therapies/not_assessed.html", context)
    return shows(answer, "list:assessment", *keys_of("page", [page.pk for page in pages]))
