"""What results can be narrowed by: kind, condition, therapy, certainty, when it was reviewed.

Each page's entry holds them as one text of blank-separated words, ` kcondition c12 t3 slow `, and
its day of review. Matches are counted once, by equal texts; every choice's number is then a sum
over those, with the other choices kept. So a number is what following it gives.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext

from articles.models import Article
from therapies.models import Assessment

from .models import SearchEntry

REVIEWED = {"6": 183, "12": 365, "24": 730}  # months as in the address, and days
CERTAINTIES = {slugify(c.value): c.label for c in Assessment.Certainty}
MOST_OF_A_FACET = 12
Group = tuple[str, date | None, int]


@dataclass(frozen=True)
class Limits:
    """What a reader narrowed the results to; `condition` and `therapy` are primary keys."""

    kind: str | None = None
    condition: int | None = None
    therapy: int | None = None
    certainty: str | None = None
    reviewed: str | None = None

    @property
    def words(self) -> list[str]:
        """What must stand in a page's facets."""
        given = (("k", self.kind), ("c", self.condition), ("t", self.therapy))
        given += (("s", self.certainty),)
        return [f"{letter}{value}" for letter, value in given if value]

    @property
    def since(self) -> date | None:
        """The day on or after which a page must have been reviewed."""
        days = REVIEWED.get(self.reviewed)
        return timezone.localdate() - timedelta(days=days) if days else None

    def hold(self, facets: str, reviewed_on: date | None) -> bool:
        """Whether a page with these is within the limits."""
        since = self.since
        if since and (reviewed_on is None or reviewed_on < since):
            return False
        return all(f" {word} " in facets for word in self.words)

    def __bool__(self):
        return any((self.kind, self.condition, self.therapy, self.certainty, self.reviewed))


@dataclass(frozen=True)
class Choice:
    """One way to narrow the results: its value in the address, and how many it leaves."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """Choices of one sort; `name` is the parameter in the address."""

    name: str
    label: str
    choices: list[Choice] = field(default_factory=list)

    @property
    def chosen(self) -> str:
        """The value that is chosen, or nothing."""
        return next((c.value for c in self.choices if c.is_chosen), "")


def counted(groups: Iterable[Group], limits: Limits) -> dict[str, dict[str, int]]:
    """For each facet the number that each value would leave, the other limits kept."""
    groups = list(groups)
    found: dict[str, dict[str, int]] = {}
    for name, letter in (("kind", "k"), ("condition", "c"), ("therapy", "t"), ("certainty", "s")):
        others = replace(limits, **{name: None})
        sums: dict[str, int] = defaultdict(int)
        for facets, reviewed_on, number in groups:
            if others.hold(facets, reviewed_on):
                for word in facets.split():
                    if word[0] == letter:
                        sums[word[1:]] += number
        found[name] = dict(sums)
    found["reviewed"] = {
        months: sum(
            number
            for facets, day, number in groups
            if replace(limits, reviewed=months).hold(facets, day)
        )
        for months in REVIEWED
    }
    return found


def pages_offered(counts: dict[str, dict[str, int]], limits: Limits) -> set[int]:
    """The conditions and therapies whose titles are needed to show the choices."""
    offered = {pk for pk in (limits.condition, limits.therapy) if pk}
    for name in ("condition", "therapy"):
        offered |= {int(value) for value, _ in _most(counts.get(name, {}))}
    return offered


def _most(sums: dict[str, int]) -> list[tuple[str, int]]:
    ranked = sorted(sums.items(), key=lambda pair: (-pair[1], int(pair[0])))
    return ranked[:MOST_OF_A_FACET]


def shown(counts, limits: Limits, titles: dict, kinds: dict[str, str]) -> list[Facet]:
    """The facets to show. `titles`: (title, slug) of published pages; `kinds`: their labels."""
    if not counts:
        return []
    sure = {
        value: gettext("%(label)s certainty") % {"label": label.capitalize()}
        for value, label in CERTAINTIES.items()
    }
    since = {
        months: gettext("In the last %(months)s months") % {"months": months} for months in REVIEWED
    }
    facets = [
        Facet("kind", gettext("Kind of page"), _choices("kind", counts, kinds, limits)),
        Facet("condition", gettext("Condition"), _named("condition", counts, titles, limits)),
        Facet("therapy", gettext("Treatment"), _named("therapy", counts, titles, limits)),
        Facet("certainty", gettext("How sure"), _choices("certainty", counts, sure, limits)),
        Facet("reviewed", gettext("Reviewed"), _choices("reviewed", counts, since, limits)),
    ]
    return [facet for facet in facets if facet.choices]


def _choices(name: str, counts, labels: dict[str, str], limits: Limits) -> list[Choice]:
    sums, chosen = counts[name], getattr(limits, name)
    return [
        Choice(value, label, sums.get(value, 0), value == chosen)
        for value, label in labels.items()
        if sums.get(value) or value == chosen
    ]


def _named(name: str, counts, titles: dict, limits: Limits) -> list[Choice]:
    sums, chosen = counts[name], getattr(limits, name)
    wanted = dict(_most(sums))
    if chosen and str(chosen) not in wanted:
        wanted[str(chosen)] = sums.get(str(chosen), 0)
    return [
        Choice(titles[int(pk)][1], titles[int(pk)][0], number, int(pk) == chosen)
        for pk, number in wanted.items()
        if int(pk) in titles
    ]


# What stands in the entries


def of(kinds: dict[int, str]) -> dict[int, str]:
    """The facets of pages, given the kind of each; four queries whatever their number."""
    conditions, therapies = _topics("conditions", kinds), _topics("therapies", kinds)
    topics = {pk for pks in (*conditions.values(), *therapies.values()) for pk in pks}
    about = topics | {pk for pk, kind in kinds.items() if kind != "article"}
    rows = Assessment.objects.filter(Q(therapy__in=about) | Q(condition__in=about))
    pairs = list(rows.values_list("therapy", "condition", "certainty")) if about else []
    return {
        pk: _text(kind, pk, conditions.get(pk, set()), therapies.get(pk, set()), pairs)
        for pk, kind in kinds.items()
    }


def _topics(name: str, kinds) -> dict[int, set[int]]:
    articles = [pk for pk, kind in kinds.items() if kind == "article"]
    found: dict[int, set[int]] = {}
    if articles:
        field_ = Article._meta.get_field(name)
        rows = field_.remote_field.through.objects.filter(article__in=articles)
        for article, topic in rows.values_list("article", field_.m2m_reverse_field_name()):
            found.setdefault(article, set()).add(topic)
    return found


def _text(kind, pk, conditions, therapies, pairs) -> str:
    """An article has the certainty of what it is about on both sides; others of their own pairs."""
    if kind == "article":
        mine = [c for t, condition, c in pairs if t in therapies and condition in conditions]
    else:
        own = [pair for pair in pairs if pk in pair[:2]]
        mine = [certainty for *_, certainty in own]
        therapies = {pair[0] for pair in own} | ({pk} if kind == "therapy" else set())
        conditions = {pair[1] for pair in own} | ({pk} if kind == "condition" else set())
    words = [f"k{kind}"]
    words += [f"c{topic}" for topic in sorted(conditions)]
    words += [f"t{topic}" for topic in sorted(therapies)]
    words += [f"s{slugify(certainty)}" for certainty in sorted(set(mine))]
    return f" {' '.join(words)} "


def refresh(page_pks: Iterable[int]) -> None:
    """Write anew what pages and the articles about them can be narrowed by."""
    pks = set(page_pks)
    about = Q(conditions__in=pks) | Q(therapies__in=pks)
    pks |= set(Article.objects.published().filter(about).values_list("pk", flat=True))
    entries = list(SearchEntry.objects.filter(page__in=pks).select_related("page"))
    facets = of({entry.pk: entry.kind for entry in entries})
    for entry in entries:
        entry.facets = facets[entry.pk]
        entry.reviewed_on = reviewed_on(entry.page)
    SearchEntry.objects.bulk_update(entries, ["facets", "reviewed_on"], batch_size=100)


def reviewed_on(page) -> date | None:
    """The day of a page's last review."""
    return timezone.localdate(page.reviewed_at) if page.reviewed_at else None
