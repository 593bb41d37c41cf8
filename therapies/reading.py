"""What upper rooms add to the page of one pair, as `editorial.reading` does for pages; and the
articles about a condition or therapy."""

from collections.abc import Callable

from editorial.gathering import Gathered
from editorial.models import Page

_additions: list[Callable] = []


def on_reading_assessment(function: Callable) -> Callable:
    """Register `function(assessment) -> dict`: names and values that the pair's page may use, and
    under `keys` what it shows (see `editorial.freshness`)."""
    if function not in _additions:
        _additions.append(function)
    return function


def context_of(assessment) -> dict:
    """What all the rooms add; `keys` names all that the pair's page shows."""
    context = {}
    keys = {
        f"assessment:{assessment.pk}",
        f"page:{assessment.therapy_id}",
        f"page:{assessment.condition_id}",
    }
    for addition in _additions:
        added = addition(assessment)
        keys |= added.pop("keys", set())
        context |= added
    return context | {"keys": keys}


def newest_articles(relation, topic, most: int) -> Gathered:
    """[primary key, when first published, title, slug] of published articles about a topic, the
    newest `most` of them: those that were last said to be about it.

    `relation` is the field of articles that names such topics, `topic` the topic's primary key or
    a reference to it. Reads `most` rows however many articles there are.
    """
    rows = relation.through.objects.filter(**{relation.field.m2m_reverse_name()[:-3]: topic})
    rows = rows.filter(article__status=Page.Status.PUBLISHED).order_by("-pk")
    shown = ("pk", "first_published_at", "title", "slug")
    return Gathered(rows.values_list(*(f"article__{name}" for name in shown))[:most])
