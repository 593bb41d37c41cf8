"""The search, whatever the database: `index`, `remove`, `search`, `suggest`.

Only published pages are ever in the index: it is written in the transaction that publishes or
withdraws, and what is found is read once more through `published()`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import connections, router, transaction
from django.db.models import Case, F, TextField, Value, When
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext

from claims.models import Claim
from editorial import registry
from editorial.models import Page

from . import backends, entry, facets, meanings, misses, names, spelling
from .facets import Facet, Limits
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
MOST_COUNTED = 20_000  # matches that are counted by what they can be narrowed by
CLAIM = "claim"  # a kind of result that is no kind of page
CLAIMS_BESIDE = 3  # shown beside pages


@dataclass(frozen=True)
class Result:
    """One page found, or one claim: then `title` is its sentence, `summary` names its page and
    `state` says what was decided."""

    page_id: int
    title: str
    url: str
    kind: str
    kind_label: str
    summary: str
    snippet: str
    state: str = ""


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
    question: meanings.Question | None = None
    facets: list[Facet] = field(default_factory=list)
    claims: list[Result] = field(default_factory=list)
    claim_count: int = 0

    @property
    def has_next(self) -> bool:
        """Whether another page of results follows."""
        return self.number < self.pages

    @property
    def has_previous(self) -> bool:
        """Whether a page of results comes before."""
        return self.number > 1


# Writing


def pages_changed(changes) -> None:
    """What readers see of pages changed; called in the same transaction."""
    remove(change.page.pk for change in changes if change.after is None)
    shown = [change.page.specific for change in changes if change.after is not None]
    if shown:
        index_many(shown, entry.tags_of([page.pk for page in shown]))


def index(page) -> None:
    """Put a published Article, Condition or Therapy into the index, in place of what was there."""
    index_many([page], entry.tags_of([page.pk]))


def index_many(pages: Iterable, tags: dict[int, list[str]]) -> None:
    """Index published pages together, in one transaction."""
    pages = list(pages)
    using = router.db_for_write(SearchEntry)
    with transaction.atomic(using=using):
        narrowed = facets.of({page.pk: page.kind for page in pages})
        SearchEntry.objects.using(using).bulk_create(
            [
                SearchEntry(
                    page_id=page.pk,
                    kind=page.kind,
                    facets=narrowed[page.pk],
                    reviewed_on=facets.reviewed_on(page),
                )
                for page in pages
            ],
            update_conflicts=True,
            unique_fields=["page"],
            update_fields=["kind", "facets", "reviewed_on"],
        )
        SearchName.objects.using(using).filter(entry__in=[p.pk for p in pages]).delete()
        SearchName.objects.using(using).bulk_create(
            [name for page in pages for name in entry.names(page)]
        )
        connection = connections[using]
        rows = [entry.columns(page, tags.get(page.pk, [])) for page in pages]
        backends.of(connection).write(connection, rows)


def remove(page_pks: Iterable[int]) -> None:
    """Take pages out of the index; nothing happens with those that are not in it."""
    SearchEntry.objects.filter(pk__in=list(page_pks)).delete()


# Reading


def search(text: str, kind: str | None = None, page: int = 1, limits: Limits | None = None):
    """What readers find: Results. `limits` narrow it, or `kind` alone, which may be CLAIM; `page`
    counts from 1, PAGE_SIZE results each.

    Raises query.QueryTooLong. Words are never replaced: a better spelling is only proposed.
    """
    limits = limits or Limits(kind=kind)
    query = parse(text)
    found = Results(text)
    if not query.tokens:
        return found
    known = names.known(query)
    understand(query, known.phrases)
    found.question = meanings.question(query, known)
    connection, backend = names.reading()
    asked = backend.expressions(query)
    if limits.kind == CLAIM:
        return _search_claims(found, query, asked, page)
    named = names.named(query)
    ids, groups = _matches(found, query, asked, named, limits)
    by_facet = facets.counted(groups, limits) if groups is not None else {}
    _show(found, query, _page_of(found, ids, page), by_facet, limits)
    if found.claim_count and found.number == 1 and not limits:
        found.claims = _claims(query, asked.widest, CLAIMS_BESIDE)
    return found


def _matches(found: Results, query: Query, asked, named, limits: Limits):
    """Page ids in order, and all matches by facets, or None where there are too many to count;
    sets how many there are. Two queries; more where there are none."""
    connection, backend = names.reading()
    ids, doubtful = named.by_words(limits), spelling.doubtful(query)
    apart = {"limits": limits, "without": [row.page_id for row in named.worded]}
    parts = list(dict.fromkeys([asked.literal, asked.widest]))
    counts = backend.count(connection, parts, doubtful, claims=asked.widest, **apart)
    matches = counts.pages[-1]
    found.count, found.claim_count = len(ids) + matches, counts.claims
    is_counted = matches <= MOST_COUNTED
    picked = backend.pick(
        connection,
        _steps(asked, counts.pages[0], matches) if matches else [],
        limit=MOST_LISTED - len(ids),
        grouped=asked.widest if is_counted and (matches or limits) else "",
        **apart,
    )
    ids = ids + picked.ids
    if not ids and not limits:
        unknown = [word for word in doubtful if word not in counts.known]
        ids = _nothing_found(found, query, named, unknown)
    groups = picked.groups + [(row.facets, row.reviewed_on, 1) for row in named.worded]
    return ids, groups if is_counted else None


def _nothing_found(found: Results, query: Query, named, unknown) -> list[int]:
    """No page has all of the words: a better spelling, else the beginning of a name, else pages
    with some of the words; and a note that it was not found."""
    found.did_you_mean = spelling.did_you_mean(query, unknown)
    ids = named.by_letters
    if not ids and not found.did_you_mean:
        connection, backend = names.reading()
        ids = backend.pick(connection, [(backend.loose(query), True)], limit=MOST_LOOSE).ids
        found.is_partial = bool(ids)
        misses.note(query)
    found.count = len(ids)
    return ids


def _page_of(found: Results, ids: list, page: int) -> list:
    """Sets which page of results is shown, of how many; answers what stands on it."""
    found.pages = max(1, -(-len(ids) // PAGE_SIZE))
    found.number = min(max(page, 1), found.pages)
    return ids[(found.number - 1) * PAGE_SIZE : found.number * PAGE_SIZE]


def _search_claims(found: Results, query: Query, asked, page: int) -> Results:
    """Claims only, most fitting first."""
    connection, backend = names.reading()
    counts = backend.count(connection, [], claims=asked.widest)
    found.count = found.claim_count = counts.claims
    shown = _page_of(found, range(min(counts.claims, MOST_LISTED)), page)
    if shown:
        found.results = _claims(query, asked.widest, len(shown), shown[0])
    return found


def _claims(query: Query, match: str, limit: int, offset: int = 0) -> list[Result]:
    connection, backend = names.reading()
    pattern = pattern_of(query.terms)
    return [
        Result(
            page_id=pk,
            title=sentence,
            url=reverse("claim-detail", args=[pk]),
            kind=CLAIM,
            kind_label=gettext("Claim"),
            summary=title,
            snippet=snippet(sentence, pattern),
            state=str(Claim.State(state).label),
        )
        for pk, sentence, state, _, _, title in backend.claims(
            connection, match, limit=limit, offset=offset
        )
    ]


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


def _show(found: Results, query: Query, ids: list[int], by_facet, limits: Limits) -> None:
    """The results with their snippets, and the facets with their titles; one query."""
    offered = facets.pages_offered(by_facet, limits)
    wanted = {*ids, *offered}
    if not wanted:
        return
    body = Case(When(pk__in=ids, then=F("body")), default=Value(""), output_field=TextField())
    shown = Page.objects.published().only("kind", "title", "slug", "summary")
    pages = shown.annotate(text=body).in_bulk(wanted)
    pattern = pattern_of(query.terms)
    found.results = [_result(pages[pk], pattern) for pk in ids if pk in pages]
    titles = {pk: (pages[pk].title, pages[pk].slug) for pk in offered if pk in pages}
    labels = {kind: kind_label(kind) for kind in kinds()}
    found.facets = facets.shown(by_facet, limits, titles, labels)


def _result(page, pattern) -> Result:
    body = entry.plain(page.text)
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
    return str(registry.kinds[kind].label).capitalize()


def kinds() -> list[str]:
    """The kinds of page that a search can be limited to."""
    return sorted(registry.kinds)
