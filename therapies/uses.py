"""Where sources, conditions and therapies are used, as this room knows it."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext

from editorial.where_used import Use, in_pages

from .models import Assessment, Condition, Therapy

ASSESSMENTS = "Assessments"


def _assessments(condition: Q):
    rows = Assessment.objects.filter(condition).select_related("therapy", "condition").distinct()
    for row in rows:
        address = reverse("admin:therapies_assessment_change", args=[row.pk])
        yield Use(
            ASSESSMENTS,
            gettext("%(row)s: %(certainty)s certainty")
            % {"row": row, "certainty": row.get_certainty_display()},
            address,
        )


def of_source(source):
    """Conditions and therapies that name it, and assessments that rest on it; three queries."""
    for model in (Condition, Therapy):
        yield from in_pages(
            model.objects.published().filter(sources=source).order_by("title", "pk")
        )
    yield from _assessments(Q(sources=source))


def of_condition(condition):
    """Assessments of its treatments."""
    yield from _assessments(Q(condition=condition))


def of_therapy(therapy):
    """Assessments of what it helps against."""
    yield from _assessments(Q(therapy=therapy))
