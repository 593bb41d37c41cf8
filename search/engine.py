"""The search, whatever the database: `index`, `remove`, `search`, `suggest`.

Only published pages are ever in the index: it is written in the transaction that publishes or
withdraws, and what is found is read once more through `published()`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import connections, router, transaction
from django.urls import get_script_prefix, reverse

from editorial import registry
from editorial.models import Page

from . import backends, entry, names, spelling
from .models import SearchEntry, SearchName
from .query import Query, parse, understand
from .snippet import pattern_of, snippet
from .suggestions import Suggestion, suggest

__all__ = ["Result", "Results", "Suggestion", "index", "remove", "search", "suggest"]

PAGE_SIZE = 20
MOST_LISTED = 200  # results a reader can page through; the count tells how many there are
MOST_RANKED = 2000
_SLUG = "the-slug"
MOST_LOOSE = 20


@dataclass(frozen=True)
class Result:
    """One page found."""

    page_id: int
    title: str
    url: str
    kind: str
    kind_label: str
    summary: str
    snippet: str


@dataclass
class Results:
    """One page of results. `is_partial`: no page has all of the words, these have some."""

    query: str
    results: list[Result] = field(default_factory=list)
    count: int = 0
    did_you_mean: str | None = None
    number: int = 1
    pages: int = 1
    is_partial: bool = False

    @property
    def has_next(self) -> bool:
        """Whether another page of results follows."""
        return self.number < self.pages

    @property
    def has_previous(self) -> bool:
        """Whether a page of results comes before."""
        return self.number > 1


# Writing


def page_changed(page, before, after) -> None:
    """What readers see of a page changed; called in the same transaction."""
    if after is None:
        remove(page.pk)
    else:
        index(page.specific)


def index(page) -> None:
    """Put a published Article, Condition or Therapy into the index, in place of what was there."""
    index_many([page], entry.tags_of([page.pk]))


def index_many(pages: Iterable, tags: dict[int, list[str]]) -> None:
    """Index published pages together, in one transaction."""
    pages = list(pages)
    using = router.db_for_write(SearchEntry)
    with transaction.atomic(using=using):
        SearchEntry.objects.using(using).bulk_create(
            [SearchEntry(page_id=page.pk, kind=page.kind) for page in pages],
            update_conflicts=True,
            unique_fields=["page"],
            update_fields=["kind"],
        )
        SearchName.objects.using(using).filter(entry__in=[p.pk for p in pages]).delete()
        SearchName.objects.using(using).bulk_create(
            [name for page in pages for name in entry.names(page)]
        )
        connection = connections[using]
        rows = [entry.columns(page, tags.get(page.pk, [])) for page in pages]
        backends.of(connection).write(connection, rows)


def remove(page_pk: int) -> None:
    """Take a page out of the index; nothing happens if it is not in it."""
    SearchEntry.objects.filter(pk=page_pk).delete()


# Reading


def search(text: str, kind: str | None = None, page: int = 1) -> Results:
    """What readers find. `kind` limits it; `page` counts from 1, PAGE_SIZE results each.

    Raises query.QueryTooLong. Words are never replaced: a better spelling is only proposed.
    """
    query = parse(text)
    found = Results(text)
    if not query.tokens:
        return found
    understand(query, names.other_phrases(query))
    named = names.named(query, kind)
    ids = named.by_words
    connection, backend = names.reading()
    asked, doubtful = backend.expressions(query), spelling.doubtful(query)
    limits = {"kind": kind, "without": ids}
    both = list(dict.fromkeys([asked.literal, asked.widest]))
    counts, known = backend.count(connection, both, doubtful, **limits)
    found.count = len(ids) + counts[-1]
    if counts[-1]:
        steps = _steps(asked, counts[0], counts[-1])
        ids = ids + backend.pick(connection, steps, limit=MOST_LISTED - len(ids), **limits)
    elif not ids:
        unknown = [word for word in doubtful if word not in known]
        found.did_you_mean = spelling.did_you_mean(query, unknown)
        ids = named.by_letters
        if not ids and not found.did_you_mean:
            steps = [(backend.loose(query), True)]
            ids = backend.pick(connection, steps, limit=MOST_LOOSE, **limits)
            found.is_partial = bool(ids)
        found.count = len(ids)
    found.pages = max(1, -(-len(ids) // PAGE_SIZE))
    found.number = min(max(page, 1), found.pages)
    shown = ids[(found.number - 1) * PAGE_SIZE : found.number * PAGE_SIZE]
    found.results = _results(shown, query)
    return found


def _steps(asked, literal: int, widest: int) -> list[tuple[str, bool]]:
    """Titles and names first, then what was typed, then other names for it.

    A match that a fifth of a large site shares says nothing about relevance, and ranking it
    costs more than all the rest: beyond MOST_RANKED only titles and summaries are weighed.
    """
    if literal > MOST_RANKED:
        return [(asked.heads, True), (asked.literal, False)]
    steps = [(asked.title, True)]
    if literal:
        steps.append((asked.literal, True))
    if literal < MOST_LISTED and widest > literal:
        steps.append((asked.widest, widest <= MOST_RANKED))
    return steps


def _results(ids: list[int], query: Query) -> list[Result]:
    shown = Page.objects.published().only("kind", "title", "slug", "summary", "body")
    pages = shown.in_bulk(ids) if ids else {}
    pattern = pattern_of(query.terms)
    return [_result(pages[pk], pattern) for pk in ids if pk in pages]


def _result(page, pattern) -> Result:
    body = entry.plain(page.body)
    piece = snippet(body, pattern)
    if "<mark>" not in piece and page.summary:
        piece = snippet(page.summary, pattern)
    return Result(
        page.pk,
        page.title,
        address(page.kind, page.slug),
        page.kind,
        kind_label(page.kind),
        page.summary,
        piece,
    )


def address(kind: str, slug: str) -> str:
    """Where readers find a page: `Page.get_absolute_url`, at a fraction of its cost."""
    return _address_of_kind(kind, get_script_prefix()).replace(_SLUG, slug)


@lru_cache(maxsize=32)
def _address_of_kind(kind: str, prefix: str) -> str:
    return reverse(f"{kind}-detail", args=[_SLUG])


def kind_label(kind: str) -> str:
    """A kind of page in readers' words."""
    return str(registry.kinds[kind].model._meta.verbose_name).capitalize()


def kinds() -> list[str]:
    """The kinds of page that a search can be limited to."""
    return sorted(registry.kinds)
