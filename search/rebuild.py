"""The whole index anew, batch by batch, while the site serves."""

from collections.abc import Iterator

from django.db import transaction

from editorial import registry
from editorial.models import Page

from . import claim_index, engine, entry, names
from .models import IndexState, SearchEntry
from .reader_words import reader_words


def published_count() -> int:
    """How many pages there are to index."""
    return Page.objects.published().count()


def rebuild(batch: int) -> Iterator[int]:
    """Index every published page; yields the size of each batch after its transaction."""
    last = 0
    while True:
        number, last = _index_after(last, batch)
        if not number:
            break
        yield number
    IndexState.objects.update_or_create(id=1, defaults={"digest": reader_words().digest})


def is_wanted() -> bool:
    """Whether the index lost its text, was never made, or was made with other words of readers."""
    connection, backend = names.reading()
    if backend.is_lost(connection):
        return True
    made_with = IndexState.objects.values_list("digest", flat=True).first()
    published = Page.objects.published()
    if made_with != reader_words().digest:
        return published.exists()
    return published.filter(search_entry=None).exists()


def put_right(now=None) -> None:
    """Rebuild the index if it needs to be; readers go on searching in what is there meanwhile."""
    if is_wanted():
        for _ in rebuild(200):
            pass
        drop_unpublished()


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
    claim_index.refresh(kinds)
    return len(kinds), max(kinds, default=last)


def drop_unpublished() -> int:
    """Take out what is not published, should anything else ever be there; how many that were."""
    stray = SearchEntry.objects.exclude(page__status=Page.Status.PUBLISHED)
    return stray.delete()[1].get(SearchEntry._meta.label, 0)
