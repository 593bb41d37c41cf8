"""Which articles are about a condition or a therapy."""

from functools import partial

from editorial.models import Revision
from editorial.where_used import in_pages, in_revisions


def _uses(page, field: str):
    """Live articles, and texts at work, that name the page in this field; two queries."""
    yield from in_pages(page.articles.published().order_by("title", "pk"))
    at_work = Revision.objects.filter(state__in=Revision.OPEN_STATES, page__kind="article")
    # SQLite cannot ask whether a JSON list holds a number, so the lists are looked through here.
    lists = at_work.values_list("pk", f"content__{field}")
    naming = [pk for pk, pks in lists.iterator() if page.pk in (pks or [])]
    yield from in_revisions(
        Revision.objects.filter(pk__in=naming).select_related("page").order_by("page__title")
    )


of_condition = partial(_uses, field="conditions")
of_therapy = partial(_uses, field="therapies")
