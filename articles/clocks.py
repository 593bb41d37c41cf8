"""How soon an article must be read again because of the evidence it rests on, and what it is
about."""

from collections import defaultdict

from therapies.clocks import least_days
from therapies.models import Assessment

from .models import Article


def review_days(pages) -> dict[int, int]:
    """By the assessments of the pairs that an article is about: its therapies for its
    conditions. Three queries, none without articles."""
    articles = [page.pk for page in pages if page.kind == Article.KIND]
    if not articles:
        return {}
    therapies, conditions = _topics("therapy", articles), _topics("condition", articles)
    pairs = Assessment.objects.filter(
        therapy__in={pk for pks in therapies.values() for pk in pks},
        condition__in={pk for pks in conditions.values() for pk in pks},
    )
    rows = pairs.order_by().values_list("therapy", "condition", "certainty")
    certainty = {(therapy, condition): word for therapy, condition, word in rows}
    return least_days(
        (article, certainty[pair])
        for article in articles
        for pair in ((t, c) for t in therapies[article] for c in conditions[article])
        if pair in certainty
    )


def _topics(name: str, articles: list[int]) -> dict[int, list[int]]:
    """The conditions or therapies of each article."""
    through = {"therapy": Article.therapies.through, "condition": Article.conditions.through}[name]
    found = defaultdict(list)
    for article, topic in through.objects.filter(article__in=articles).values_list("article", name):
        found[article].append(topic)
    return found


def subjects(revision) -> list[int]:
    """The conditions and therapies that the revision names."""
    if revision.page.kind != Article.KIND:
        return []
    content = revision.content
    return [*content.get("conditions", []), *content.get("therapies", [])]
