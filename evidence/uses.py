"""Where a source is used, as this room knows it."""

from django.db.models import Q

from editorial.models import Page, Revision
from editorial.where_used import in_pages, in_revisions


def uses_of_source(source):
    """Live pages that cite it, and texts at work that do; two queries."""
    yield from in_pages(
        Page.objects.published().filter(live_revision__cited__source=source).order_by("title", "pk")
    )
    at_work = Revision.objects.filter(Q(state__in=Revision.OPEN_STATES), cited__source=source)
    yield from in_revisions(at_work.select_related("page").order_by("page__title"))
