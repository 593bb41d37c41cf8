"""How soon a page must be read again because of the evidence it rests on, and what it is about."""

from collections.abc import Iterable

from .models import Assessment, Condition, Therapy

# Within how many days of its last review, by the least certain assessment a page rests on. The
# less certain the evidence, the likelier that a new study changes what should be said.
DAYS = {
    Assessment.Certainty.MODERATE: 365,
    Assessment.Certainty.LOW: 270,
    Assessment.Certainty.VERY_LOW: 180,
}


def least_days(pairs: Iterable[tuple[int, str]]) -> dict[int, int]:
    """The days for the least certain of each page's (primary key, certainty) pairs; pages for
    which certainty sets no bound are left out."""
    found: dict[int, int] = {}
    for pk, certainty in pairs:
        if certainty in DAYS:
            found[pk] = min(DAYS[certainty], found.get(pk, DAYS[certainty]))
    return found


def review_days(pages) -> dict[int, int]:
    """For conditions and therapies: by every assessment that names them."""
    rows = []
    for kind, field in ((Condition.KIND, "condition"), (Therapy.KIND, "therapy")):
        if pks := [page.pk for page in pages if page.kind == kind]:
            named = Assessment.objects.filter(**{f"{field}__in": pks}).order_by()
            rows += named.values_list(field, "certainty")
    return least_days(rows)


def subjects(revision):
    """A condition's page is also about the therapies that are assessed for it."""
    if revision.page.kind != Condition.KIND:
        return []
    return Assessment.objects.filter(condition=revision.page_id).values_list("therapy", flat=True)
