"""The whole index anew, batch by batch, while the site serves."""

from collections.abc import Iterator

from django.db import transaction

from editorial import registry
from editorial.models import Page

from . import engine, entry
from .models import SearchEntry


def published_count() -> int:
    """How many pages there are to index."""
    return Page.objects.published().count()


def rebuild(batch: int) -> Iterator[int]:
    """Index every published page; yields the size of each batch after its transaction."""
    last = 0
    while True:
        number, last = _index_after(last, batch)
        if not number:
            return
        yield number


@transaction.atomic
def _index_after(last: int, batch: int) -> tuple[int, int]:
    """Index the next pages. They are locked, so that none is withdrawn while it is written."""
    rows = Page.objects.published().filter(pk__gt=last).order_by("pk").select_for_update()
    kinds = dict(rows.values_list("pk", "kind")[:batch])
    pages = [
        page
        for kind in sorted(set(kinds.values()))
        for page in registry.kinds[kind].model.objects.filter(
            pk__in=[pk for pk, k in kinds.items() if k == kind]
        )
    ]
    engine.index_many(pages, entry.tags_of(list(kinds)))
    return len(kinds), max(kinds, default=last)


def drop_unpublished() -> int:
    """Take out what is not published, should anything else ever be there; how many that were."""
    stray = SearchEntry.objects.exclude(page__status=Page.Status.PUBLISHED)
    return stray.delete()[1].get(SearchEntry._meta.label, 0)
