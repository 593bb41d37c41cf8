"""What the checker must know of this site: names of conditions and therapies, assessments."""

from collections import Counter
from collections.abc import Iterable
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


def suggest(texts: Iterable[str]) -> list[Suggestion]:
    """Conditions and therapies named in each text, as primary keys, and tags for it.

    Tags are the plain titles of what is named, most often first, at most six. Five queries for any
    number of texts.
    """
    names, _ = checker_knowledge()
    named = [Counter((m.kind, m.slug) for m in names.find(text)) for text in texts]
    found = {}
    for kind, model in (("condition", Condition), ("therapy", Therapy)):
        slugs = {slug for counts in named for other, slug in counts if other == kind}
        rows = model.objects.filter(slug__in=slugs).values_list("slug", "pk", "title")
        found |= {(kind, slug): (pk, title) for slug, pk, title in rows}
    return [_suggestion(counts, found) for counts in named]


def _suggestion(counts: Counter, found: dict) -> Suggestion:
    known = [key for key in sorted(counts, key=counts.get, reverse=True) if key in found]
    return Suggestion(
        sorted(found[key][0] for key in known if key[0] == "condition"),
        sorted(found[key][0] for key in known if key[0] == "therapy"),
        [found[key][1].lower() for key in known][:6],
    )
