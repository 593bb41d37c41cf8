"""Public pages of conditions and therapies."""

import re
from functools import partial

from django.db.models import Exists, OuterRef, Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from editorial.freshness import keys_of, shows
from editorial.models import Page
from editorial.prepared import Prepared
from editorial.reading import (
    context_of,
    links_of,
    links_query,
    public_page,
    related,
    render_reading,
)
from editorial.text import rich_names
from evidence.models import Source

from . import glossary, index, regulation
from .evidence_map import SURENESS
from .models import Assessment, Condition, Therapy

MOST_ARTICLES = 20  # named on the page of a condition or therapy; the search finds the others
# Whatever looks like a citation's key: each that is one is among these.
CITED = re.compile(r'data-source="([^"]*)"')


def public_assessments():
    """Assessments of pairs whose two pages readers can see, with those pages."""
    return Assessment.objects.filter(
        therapy__status=Page.Status.PUBLISHED, condition__status=Page.Status.PUBLISHED
    ).select_related("therapy", "condition")


def _for_cards(assessments):
    """With all that their cards show, and no texts of pages."""
    return assessments.select_related("version").defer("therapy__body", "condition__body")


OF_CONDITION = Prepared(
    lambda page: _for_cards(public_assessments().filter(condition=page)).order_by("therapy__title")
)
OF_THERAPY = Prepared(
    lambda page: _for_cards(public_assessments().filter(therapy=page)).order_by("condition__title")
)


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
    context = {
        "letters": index.a_to_z(therapies),
        "groups": index.by(therapies, "get_form_display"),
    }
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
    assessments = surest_first(OF_CONDITION(page=condition.pk))
    context = _reading(condition, assessments, regulatory_keys=set())
    return render_reading(request, "therapies/condition_detail.html", context)


@public_page(Therapy)
def therapy_detail(request, therapy):
    """One therapy: for which conditions it works, its harms, what regulators said."""
    assessments = surest_first(OF_THERAPY(page=therapy.pk))
    keys = regulation.source_keys(therapy.regulatory)
    context = _reading(therapy, assessments, regulatory_keys=keys)
    context["regulatory"] = regulation.facts(therapy.regulatory, context["proofs"])
    return render_reading(request, "therapies/therapy_detail.html", context)


def _reading(page, assessments, regulatory_keys) -> dict:
    """What stands on the page of a condition or therapy; five queries with the page's own, and
    one more where it was corrected. (Whatever changes an assessment, or publishes one of its two
    pages, marks both pages.)"""
    named, proofs, page.sources_at_hand = _sources_of(page, regulatory_keys)
    articles, tags = links_of(page, ARTICLES[type(page)], about=page.pk)
    context = context_of(page)
    context |= {
        "assessments": assessments,
        "searched_to": _searched_to(assessments),
        "articles": articles,
        "has_more_articles": len(articles) == MOST_ARTICLES,
        "tags": tags,
        "proofs": proofs,
        "more_sources": _uncited(named, context["text"]),
    }
    context["keys"] |= {
        *keys_of("source", {source.pk for source in (*named, *proofs.values())}),
        *keys_of("assessment", [assessment.pk for assessment in assessments]),
    }
    return context


def _searched_to(assessments):
    """The day to which the evidence of all of these was searched: the earliest; None if unsaid."""
    days = [a.version.searched_on for a in assessments if a.version and a.version.searched_on]
    return min(days, default=None)


def _with_named(named, keys):
    """The sources whose primary keys are `named` or that have one of these keys; one query."""
    is_named = Exists(Source.objects.filter(pk=OuterRef("pk"), pk__in=named))
    found = Source.objects.filter(Q(pk__in=named) | Q(key__in=keys))
    return found.select_related("merged_into").annotate(is_named=is_named)


def _rested_on(model, page, keys):
    rows = model.sources.through.objects.filter(**{model._meta.model_name: page})
    return _with_named(rows.values("source"), keys)


RESTED_ON = {model: Prepared(partial(_rested_on, model)) for model in (Condition, Therapy)}


def _sources_of(page, keys: set[str]) -> tuple[list[Source], dict[str, Source], dict[str, Source]]:
    """(Sources named for a page, those of these keys, all that its text may cite), the latter two
    by key; one query."""
    content = page.live_revision.content
    cited = {key for name in rich_names() for key in CITED.findall(content.get(name) or "")}
    if getattr(page, "drawn", None) is None:
        found = RESTED_ON[type(page)](page=page.pk, keys=sorted(keys | cited))
    else:
        named = related(page, "sources").order_by().values("pk")
        found = list(_with_named(named, keys | cited))
    by_key = {source.key: source for source in found}
    return (
        [source for source in found if source.is_named],
        {key: by_key[key] for key in keys if key in by_key},
        {key: source.merged_into or source for key, source in by_key.items()},
    )


def _articles_about(model, about):
    """The newest articles about a condition or therapy."""
    articles = model._meta.get_field("articles").related_model.objects.published()
    field = model._meta.get_field("articles").remote_field.name
    newest = articles.filter(**{field: about}).order_by("-first_published_at").values("pk")
    return Page.objects.filter(pk__in=newest[:MOST_ARTICLES])


ARTICLES = {model: links_query(partial(_articles_about, model)) for model in (Condition, Therapy)}


def _uncited(sources, text) -> list[Source]:
    """Those sources that the text does not cite."""
    cited = {reference.source.pk for reference in text.references}
    return [source for source in sources if source.pk not in cited]
