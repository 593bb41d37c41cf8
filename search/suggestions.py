"""What to offer while the reader is still typing: names that begin so, then words within them."""

from dataclasses import dataclass

from editorial.models import Page

from . import names
from .models import SearchName
from .query import MAX_LENGTH, parse
from .words import words

MOST = 8
_CANDIDATES = 200
_SHORTEST_INNER = 3  # letters of a word that is looked for inside names


@dataclass(frozen=True)
class Suggestion:
    """A page to go to; `name` is the other name that fits what was typed, or empty."""

    title: str
    url: str
    kind: str
    name: str = ""


def suggest(prefix: str) -> list[Suggestion]:
    """At most MOST pages for what was typed so far, best first. Never raises for any text."""
    query = parse(prefix[:MAX_LENGTH])
    if not query.tokens:
        return []
    chosen = _by_beginning(query)
    if len(chosen) < MOST:
        for pk, name in _by_inner_word(query, set(chosen)).items():
            chosen.setdefault(pk, name)
    ids = list(chosen)[:MOST]
    pages = Page.objects.published().only("kind", "title", "slug").in_bulk(ids)
    return [
        Suggestion(page.title, page.get_absolute_url(), page.kind, chosen[pk])
        for pk, page in ((pk, pages[pk]) for pk in ids if pk in pages)
    ]


def _by_beginning(query) -> dict[int, str]:
    """Pages with a name that begins with what was typed, and that name unless it is the title."""
    chosen: dict[int, str] = {}
    for pk, role, name in names.beginning(query, _CANDIDATES):
        chosen.setdefault(pk, "" if role == SearchName.Role.TITLE else name)
    return chosen


def _by_inner_word(query, without: set[int]) -> dict[int, str]:
    """Pages with a title or name in which a later word begins with what was typed."""
    *whole, last = [t.word for t in query.tokens if not t.is_stop] or [query.tokens[-1].word]
    if len(last) < _SHORTEST_INNER:
        return {}
    connection, backend = names.reading()
    # Stemming cuts endings off, so a shorter beginning is asked for and what comes is looked at.
    # (It turns a closing y into an i, too.)
    stem = last[: max(_SHORTEST_INNER, len(last) - 3)].rstrip("y")
    if not stem:
        return {}
    ids = set(backend.titled(connection, stem, whole, _CANDIDATES)) - without
    found: dict[int, str] = {}
    for pk, role, name in names.of_pages(ids):
        if pk not in found and any(word.startswith(last) for word in words(name)):
            found[pk] = "" if role == SearchName.Role.TITLE else name
    return found
