"""Public pages of conditions and therapies."""

import re
from functools import partial

from django.db.models import Exists, OuterRef, Q
from django.shortcuts import render
from django.views.decorators.http import require_safe

from editorial.freshness import keys_of, shows
from editorial.models import Page
from editorial.prepared import Prepared
from editorial.reading import context_of, public_page, related, render_reading, tags_of
from editorial.text import rich_names
from evidence.models import Source

from . import glossary, index, regulation
from .evidence_map import SURENESS
from .models import Assessment, Condition, Therapy
from .reading import newest_articles

MOST_ARTICLES = 20  # named on the page of a condition or therapy; the search finds the others
# Whatever looks like a citation's key: each that is one is among these.
CITED = re.compile(r'data-source="([^"]*)"')


def public_assessments():
    """Assessments of pairs whose two pages readers can see, with those pages."""
    return Assessment.objects.filter(
        therapy__status=Page.Status.PUBLISHED, condition__status=Page.Status.PUBLISHED
    ).select_related("therapy", "condition")


def _for_cards(assessments):
    """With all that their cards show and the data for machines say, and nothing else."""
    own = ("certainty", "stage", "direction", "summary", "note", "footing", "therapy", "condition")
    pages = ("kind", "title", "slug")
    of_pages = (f"{side}__{name}" for side in ("therapy", "condition") for name in pages)
    shown = (*own, *of_pages, "therapy__form", "version__searched_on")
    return assessments.select_related("version").only(*shown)


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
    conditions = list(Condition.objects.published().defer("body").order_by("title", "pk"))
    context = {
        "letters": index.a_to_z(conditions),
        "groups": index.by(conditions, "body_system"),
    }
    answer = render(request, "therapies/condition_list.html", context)
    return shows(answer, "list:condition")


@require_safe
def therapy_list(request):
    """Therapies from A to Z by every name, and by kind."""
    therapies = list(Therapy.objects.published().defer("body").order_by("title", "pk"))
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


@public_page(Condition, gathers=lambda: _with_articles(Condition))
def condition_detail(request, condition):
    """One condition: what it is, its treatments and how sure anyone can be of each."""
    assessments = surest_first(OF_CONDITION(page=condition.pk))
    context = _reading(condition, assessments, regulatory_keys=set())
    return render_reading(request, "therapies/condition_detail.html", context)


@public_page(Therapy, gathers=lambda: _with_articles(Therapy))
def therapy_detail(request, therapy):
    """One therapy: for which conditions it works, its harms, what regulators said."""
    assessments = surest_first(OF_THERAPY(page=therapy.pk))
    keys = regulation.source_keys(therapy.regulatory)
    context = _reading(therapy, assessments, regulatory_keys=keys)
    context["regulatory"] = regulation.facts(therapy.regulatory, context["proofs"])
    return render_reading(request, "therapies/therapy_detail.html", context)


def _reading(page, assessments, regulatory_keys) -> dict:
    """What stands on the page of a condition or therapy; four queries with the page's own.
    (Whatever changes an assessment, or publishes one of its two
    pages, marks both pages.)"""
    named, proofs, page.sources_at_hand = _sources_of(page, regulatory_keys)
    articles = _articles_about(page)
    context = context_of(page)
    context |= {
        "assessments": assessments,
        "searched_to": _searched_to(assessments),
        "articles": articles,
        "has_more_articles": len(articles) == MOST_ARTICLES,
        "tags": tags_of(page),
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
    return found.for_lines().annotate(is_named=is_named)


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


def _with_articles(model) -> dict:
    relation = model._meta.get_field("articles").field
    relation = getattr(relation.model, relation.name)
    return {"newest_articles": newest_articles(relation, OuterRef("pk"), MOST_ARTICLES)}


def _articles_about(page) -> list[Page]:
    """The newest articles about a condition or therapy, by title; they came with the page, unless
    it was made from a revision."""
    if getattr(page, "drawn", None) is not None:
        page = type(page).objects.annotate(**_with_articles(type(page))).get(pk=page.pk)
    rows = sorted(page.newest_articles, key=lambda row: row[2])
    return [Page(kind="article", title=title, slug=slug) for _, _, title, slug in rows]


def _uncited(sources, text) -> list[Source]:
    """Those sources that the text does not cite."""
    cited = {reference.source.pk for reference in text.references}
    return [source for source in sources if source.pk not in cited]
