"""How soon a page must be read again because of the evidence it rests on, and what it is about."""

from .models import Assessment, Condition, Therapy

# Within how many days of its last review, by the least certain assessment a page rests on. The
# less certain the evidence, the likelier that a new study changes what should be said.
DAYS = {
    Assessment.Certainty.MODERATE: 365,
    Assessment.Certainty.LOW: 270,
    Assessment.Certainty.VERY_LOW: 180,
}


def days_for(assessments) -> int | None:
    """The days for the least certain of these assessments; None where certainty sets no bound."""
    found = assessments.order_by().values_list("certainty", flat=True).distinct()
    return min((DAYS[c] for c in found if c in DAYS), default=None)


def review_days(page) -> int | None:
    """For conditions and therapies: by every assessment that names them."""
    fields = {Condition.KIND: "condition_id", Therapy.KIND: "therapy_id"}
    field = fields.get(page.kind)
    return days_for(Assessment.objects.filter(**{field: page.pk})) if field else None


def subjects(revision):
    """A condition's page is also about the therapies that are assessed for it."""
    if revision.page.kind != Condition.KIND:
        return []
    return Assessment.objects.filter(condition=revision.page_id).values_list("therapy", flat=True)
