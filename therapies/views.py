"""Public pages of conditions and therapies."""

from django.db.models import Exists, OuterRef, Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from editorial.freshness import keys_of, shows
from editorial.models import Page
from editorial.reading import context_of, public_page, related, render_reading, tags_of
from evidence.models import Source

from . import glossary, index, regulation
from .evidence_map import SURENESS
from .models import Assessment, Condition, Therapy


def public_assessments():
    """Assessments of pairs whose two pages readers can see, with those pages."""
    return Assessment.objects.filter(
        therapy__status=Page.Status.PUBLISHED, condition__status=Page.Status.PUBLISHED
    ).select_related("therapy", "condition")


def surest_first(assessments) -> list[Assessment]:
    """The assessments from high certainty to very low; equals keep their order."""
    return sorted(assessments, key=lambda a: SURENESS[a.certainty])


@require_safe
def condition_list(request):
    """Conditions from A to Z by every name, and by part of the body."""
    conditions = list(Condition.objects.published().defer("body").order_by("title"))
    context = {
        "letters": index.a_to_z(conditions),
        "groups": index.by(conditions, "body_system"),
    }
    answer = render(request, "therapies/condition_list.html", context)
    return shows(answer, "list:condition")


@require_safe
def therapy_list(request):
    """Therapies from A to Z by every name, and by kind."""
    therapies = list(Therapy.objects.published().defer("body").order_by("title"))
    context = {"letters": index.a_to_z(therapies), "groups": index.by(therapies, "form")}
    answer = render(request, "therapies/therapy_list.html", context)
    return shows(answer, "list:therapy")


@require_safe
def glossary_page(request):
    """Words that readers may not know, explained. Changes only with the site itself."""
    answer = render(request, "therapies/glossary.html", {"terms": glossary.terms()})
    return shows(answer)


@public_page(Condition)
def condition_detail(request, condition):
    """One condition: what it is, its treatments and how sure anyone can be of each."""
    found = public_assessments().filter(condition=condition).select_related("version")
    found = found.order_by("therapy__title")
    assessments = surest_first(found)
    context = context_of(condition) | _around(condition, assessments)
    sources = list(related(condition, "sources"))
    context["more_sources"] = _uncited(sources, context["text"])
    context["keys"] |= _keys_around(sources, assessments)
    return render_reading(request, "therapies/condition_detail.html", context)


@public_page(Therapy)
def therapy_detail(request, therapy):
    """One therapy: for which conditions it works, its harms, what regulators said."""
    found = public_assessments().filter(therapy=therapy).select_related("version")
    found = found.order_by("condition__title")
    assessments = surest_first(found)
    context = context_of(therapy) | _around(therapy, assessments)
    sources, proofs = _sources_of(therapy)
    context["regulatory"] = regulation.facts(therapy.regulatory, proofs)
    context["more_sources"] = _uncited(sources, context["text"])
    context["keys"] |= _keys_around([*sources, *proofs.values()], assessments)
    return render_reading(request, "therapies/therapy_detail.html", context)


def _keys_around(sources, assessments) -> set[str]:
    """What a condition or therapy shows besides its text and itself. (Whatever changes an
    assessment, or publishes one of its two pages, marks both pages.)"""
    return {
        *keys_of("source", [source.pk for source in sources]),
        *keys_of("assessment", [assessment.pk for assessment in assessments]),
    }


def _around(page, assessments) -> dict:
    """What stands around the text of a condition or therapy; three queries."""
    return {
        "assessments": assessments,
        "searched_to": _searched_to(assessments),
        "articles": list(page.articles.published().order_by("-first_published_at")),
        "tags": tags_of(page),
    }


def _searched_to(assessments):
    """The day to which the evidence of all of these was searched: the earliest; None if unsaid."""
    days = [a.version.searched_on for a in assessments if a.version and a.version.searched_on]
    return min(days, default=None)


def _sources_of(therapy) -> tuple[list[Source], dict[str, Source]]:
    """Sources named for a therapy, and by key those that its regulatory facts name; one query."""
    named = related(therapy, "sources").order_by().values("pk")
    keys = regulation.source_keys(therapy.regulatory)
    is_named = Exists(Source.objects.filter(pk=OuterRef("pk"), pk__in=named))
    found = Source.objects.filter(Q(pk__in=named) | Q(key__in=keys)).annotate(is_named=is_named)
    return [s for s in found if s.is_named], {s.key: s for s in found if s.key in keys}


def _uncited(sources, text) -> list[Source]:
    """Those sources that the text does not cite."""
    cited = {reference.source.pk for reference in text.references}
    return [source for source in sources if source.pk not in cited]
