"""The evidence map: therapies by conditions, worked out from the rows each time, never typed.

Four queries at any size: published therapies, published conditions, the assessments and the empty
searches between them. Page, picture and table of values share one `Map`.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy

from .map_query import Query
from .models import Assessment, Condition, EmptySearch, Therapy
from .words import Certainty, Direction, Footing, Stage

SURENESS = {value: order for order, value in enumerate(Certainty.values)}
DIRECTION_WORDS = {
    Direction.BENEFIT: gettext_lazy("benefit"),
    Direction.MIXED: gettext_lazy("mixed"),
    Direction.NO_BENEFIT: gettext_lazy("no benefit"),
    Direction.HARM: gettext_lazy("harm"),
    Direction.UNCLEAR: gettext_lazy("unclear"),
}
STAGE_WORDS = {
    Stage.STANDARD: gettext_lazy("standard care"),
    Stage.SELECTED: gettext_lazy("selected patients"),
    Stage.TRIALS: gettext_lazy("in trials"),
    Stage.PRECLINICAL: gettext_lazy("not yet in people"),
    Stage.NOT_SUPPORTED: gettext_lazy("not supported"),
}


@dataclass(frozen=True)
class Cell:
    """One pair: assessed, looked for with nothing found, or not looked for."""

    therapy: Therapy
    condition: Condition
    assessment: Assessment | None = None
    search: EmptySearch | None = None

    @property
    def state(self) -> str:
        """“assessed”, “nothing found” or “not looked for”."""
        if self.assessment:
            return "assessed"
        return "nothing found" if self.search else "not looked for"

    @property
    def direction(self) -> str:
        """Where the finding points, in a word or two."""
        return str(DIRECTION_WORDS[self.assessment.direction])

    @property
    def stage(self) -> str:
        """How far the therapy has come, in a word or two."""
        return str(STAGE_WORDS[self.assessment.stage])

    @property
    def has_fallen(self) -> bool:
        """Whether nothing that it rests on stands."""
        return self.assessment.footing == Footing.NOTHING

    @property
    def main_harm(self) -> str:
        """The first harm named for the pair, else the first of the therapy."""
        return self.assessment.main_harm or next(iter(self.therapy.harms), "")

    @property
    def url(self) -> str:
        """Its own page."""
        return reverse("assessment-detail", args=[self.therapy.slug, self.condition.slug])


@dataclass(frozen=True)
class Row:
    """A therapy and its cells, one for each condition of the map, in the map's order."""

    therapy: Therapy
    cells: list[Cell | None]  # None where a filter hides what was found

    @property
    def looked_for(self) -> list[Cell]:
        """What somebody looked for: the surest first, then by condition."""
        found = [cell for cell in self.cells if cell and cell.state != "not looked for"]
        return sorted(found, key=_sureness)


@dataclass(frozen=True)
class Map:
    """What was asked, the conditions across, the rows down, and every name to choose from."""

    query: Query
    conditions: list[Condition]
    rows: list[Row]
    all_conditions: list[Condition]
    all_therapies: list[Therapy]

    @property
    def cells(self) -> list[Cell]:
        """Every cell that was looked for, row by row."""
        return [cell for row in self.rows for cell in row.looked_for]

    @property
    def is_of_known_names(self) -> bool:
        """Whether the condition and therapy asked for, if any, are published."""
        conditions = {"", *(condition.slug for condition in self.all_conditions)}
        therapies = {"", *(therapy.slug for therapy in self.all_therapies)}
        return self.query.condition in conditions and self.query.therapy in therapies

    @property
    def is_narrow(self) -> bool:
        """Whether a cell has room for the main harm as well."""
        return len(self.conditions) <= 3

    @property
    def count(self) -> int:
        """How many pairs are assessed."""
        return sum(cell.assessment is not None for cell in self.cells)


def _sureness(cell) -> tuple:
    return (SURENESS[cell.assessment.certainty] if cell.assessment else 9, cell.condition.title)


def draw(query: Query) -> Map:
    """The map as asked for. Pairs that a filter leaves out are blank, and so are lines without
    any pair left; without a filter every published therapy and condition has its line."""
    therapies = {t.pk: t for t in Therapy.objects.published().defer("body").order_by("title", "pk")}
    conditions = {
        c.pk: c for c in Condition.objects.published().defer("body").order_by("title", "pk")
    }
    cells = _looked_for(therapies, conditions)
    kept = {pair: cell for pair, cell in cells.items() if query.keeps(cell)}
    down = [t for t in therapies.values() if query.has_row(t)]
    across = [c for c in conditions.values() if query.has_column(c)]
    if query.narrows_pairs:
        down = [t for t in down if any((t.pk, c.pk) in kept for c in across)]
        across = [c for c in across if any((t.pk, c.pk) in kept for t in down)]
    rows = [Row(t, [kept.get((t.pk, c.pk)) or _blank(t, c, cells) for c in across]) for t in down]
    everything = list(conditions.values()), list(therapies.values())
    return Map(query, across, _sorted(rows, query), *everything)


def _blank(therapy, condition, cells) -> Cell | None:
    """A pair not looked for; None where a filter hides what was found."""
    return None if (therapy.pk, condition.pk) in cells else Cell(therapy, condition)


def _looked_for(therapies, conditions) -> dict[tuple[int, int], Cell]:
    """A cell for each pair that was assessed or searched, by primary keys; two queries."""
    cells = {}
    for search in EmptySearch.objects.order_by("searched_on", "pk"):
        pair = search.therapy_id, search.condition_id
        if pair[0] in therapies and pair[1] in conditions:
            cells[pair] = Cell(therapies[pair[0]], conditions[pair[1]], search=search)
    for assessment in Assessment.objects.select_related("version").order_by():
        pair = assessment.therapy_id, assessment.condition_id
        if pair[0] in therapies and pair[1] in conditions:
            therapy, condition = therapies[pair[0]], conditions[pair[1]]
            assessment.therapy, assessment.condition = therapy, condition
            cells[pair] = Cell(therapy, condition, assessment)
    return cells


def _sorted(rows, query) -> list[Row]:
    """By name; or the rows with the surest answers first; or those with most answers first."""
    if query.sort == "surest":
        return sorted(rows, key=_surest_row)
    if query.sort == "most":
        return sorted(rows, key=lambda row: (-len(row.looked_for), row.therapy.title))
    if query.sort == "kind":
        return sorted(rows, key=lambda row: (row.therapy.form, row.therapy.title))
    return rows


def _surest_row(row) -> tuple:
    return [_sureness(cell)[0] for cell in row.looked_for] or [99], row.therapy.title
