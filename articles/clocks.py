"""How soon an article must be read again because of the evidence it rests on, and what it is
about."""

from therapies.clocks import days_for
from therapies.models import Assessment

from .models import Article


def review_days(page) -> int | None:
    """By the assessments of the pairs that the article is about: its therapies for its
    conditions."""
    if page.kind != Article.KIND:
        return None
    pairs = Assessment.objects.filter(
        therapy__in=Article.therapies.through.objects.filter(article=page.pk).values("therapy"),
        condition__in=Article.conditions.through.objects.filter(article=page.pk).values(
            "condition"
        ),
    )
    return days_for(pairs)


def subjects(revision) -> list[int]:
    """The conditions and therapies that the revision names."""
    if revision.page.kind != Article.KIND:
        return []
    content = revision.content
    return [*content.get("conditions", []), *content.get("therapies", [])]
