"""What the checker must know of this site: names of conditions and therapies, assessments."""

from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import Count, Max

from claims.checker import Name, Names
from therapies.models import Assessment, Condition, Therapy


def checker_knowledge() -> tuple[Names, dict[tuple[str, str], str]]:
    """Names and assessments as they stand now; kept in memory until any of them changes."""
    return _knowledge(_stamp())


def _stamp() -> tuple:
    """A value that differs whenever a name or an assessment does."""
    stamps = [
        tuple(model.objects.aggregate(n=Count("pk"), at=Max("published_at")).values())
        for model in (Condition, Therapy)
    ]
    return *stamps, tuple(
        Assessment.objects.aggregate(n=Count("pk"), at=Max("updated_at")).values()
    )


@lru_cache(maxsize=2)
def _knowledge(stamp):
    names = [
        Name(text, kind, slug)
        for kind, model in (("condition", Condition), ("therapy", Therapy))
        for title, others, slug in model.objects.values_list("title", "other_names", "slug")
        for text in (title, *others)
    ]
    rows = Assessment.objects.values_list(
        "therapy__slug", "condition__slug", "certainty", "footing"
    )
    return Names(names), {(t, c): _worth(word, footing) for t, c, word, footing in rows}


def _worth(certainty: str, footing: str) -> str:
    """What an assessment is worth to the checker: nothing is sure that rests on nothing sound."""
    fallen = footing == Assessment.Footing.NOTHING
    return Assessment.Certainty.VERY_LOW.value if fallen else certainty


@dataclass
class Suggestion:
    """Relations that a text seems to have, found by names."""

    conditions: list[int] = field(default_factory=list)
    therapies: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


def suggest(text: str) -> Suggestion:
    """Conditions and therapies named in the text, as primary keys, and tags for it.

    Tags are the plain titles of what is named, most often first, at most six.
    """
    names, _ = checker_knowledge()
    counts: dict[tuple[str, str], int] = {}
    for mention in names.find(text):
        key = mention.kind, mention.slug
        counts[key] = counts.get(key, 0) + 1
    found = {
        kind: {
            slug: (pk, title)
            for slug, pk, title in model.objects.filter(
                slug__in=[s for k, s in counts if k == kind]
            ).values_list("slug", "pk", "title")
        }
        for kind, model in (("condition", Condition), ("therapy", Therapy))
    }
    ranked = sorted(counts, key=counts.get, reverse=True)
    titles = [found[kind][slug][1].lower() for kind, slug in ranked if slug in found[kind]]
    return Suggestion(
        sorted(pk for pk, _ in found["condition"].values()),
        sorted(pk for pk, _ in found["therapy"].values()),
        titles[:6],
    )
