"""Look-ups among the names of published pages: exact, by beginning, and what else they mean."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db import connections, router

from . import backends
from .models import SearchEntry, SearchName
from .query import Phrase, Query, spans
from .reader_words import reader_words
from .words import words

KINDS = ("condition", "therapy", "article")  # for the same name, in this order
NAMED_KINDS = ("condition", "therapy")
MOST_BY_NAME = 50
# Names are compared byte by byte, so that an index serves for beginnings.
_COLLATIONS = {"sqlite": "BINARY", "postgresql": '"C"'}
_TEXT, _KEY = "text COLLATE BYTES", "key COLLATE BYTES"
_SHORTEST_LETTERS = 3
# Loose names last; conditions before therapies before articles; titles, then short names.
_ORDER = (
    f"CASE WHEN role >= {SearchName.Role.LOOSE.value} THEN 1 ELSE 0 END, "
    + "CASE n.kind "
    + " ".join(f"WHEN '{kind}' THEN {place}" for place, kind in enumerate(KINDS))
    + f" ELSE {len(KINDS)} END, role, length(text), text, entry_id"
)
_LAST = "\U0010ffff"


def reading():
    """The connection that readers' queries use, and the full-text module for it."""
    connection = connections[router.db_for_read(SearchEntry)]
    return connection, backends.of(connection)


@dataclass
class Known:
    """The known names in a query: by key, what else may be looked for, and what it can mean."""

    phrases: dict[str, list[Phrase]] = field(default_factory=dict)
    titles: dict[str, list[str]] = field(default_factory=dict)
    short: dict[str, set[str]] = field(default_factory=dict)  # titles that share a short name


def known(query: Query) -> Known:
    """What the names in a query mean; one query.

    A loose name or lay words lead to its page's names, but are never themselves searched for
    another name; a brand leads to the medicine in it, not to others of its page.
    """
    keys, elsewhere = spans(query), reader_words().elsewhere
    rows = SearchName.objects.filter(key__in=keys, kind__in=NAMED_KINDS)
    rows = rows.order_by("role", "entry", "entry__names__role", "entry__names__id")
    fields = ("key", "name", "role", "means", "entry__names__role", "entry__names__name")
    found = Known()
    for key, name, role, means, other_role, other in rows.values_list(*fields):
        phrases = found.phrases.setdefault(key, [])
        if other_role == SearchName.Role.TITLE:
            found.titles.setdefault(key, []).append(other)
            if role == SearchName.Role.LOOSE and name.isupper():
                found.short.setdefault(key, set()).add(other)
        if role == SearchName.Role.BRAND:
            phrases += [tuple(means.split())] if other_role == SearchName.Role.TITLE else []
        elif other_role < SearchName.Role.LOOSE:
            phrases.append(tuple(words(other)))
    for key in keys & elsewhere.keys():
        found.phrases.setdefault(key, []).append(tuple(words(elsewhere[key])))
    return found


class NamedRow(NamedTuple):
    """A page that goes by the query, and what results can be narrowed by (facets.py)."""

    page_id: int
    facets: str
    reviewed_on: date | None


@dataclass(frozen=True)
class Named:
    """Pages that go by the query: as a whole or in its first words, or in the first letters."""

    worded: list[NamedRow]
    by_letters: list[int]

    def by_words(self, limits) -> list[int]:
        """Those of the first sort that are within facets.Limits."""
        return [r.page_id for r in self.worded if limits.hold(r.facets, r.reviewed_on)]


def named(query: Query) -> Named:
    """Pages whose title or name is the whole query, or begins with it; one query."""
    folded, key = query.folded, query.key
    letters = f" OR ({_KEY} >= %s AND {_KEY} < %s)" if len(key) >= _SHORTEST_LETTERS else ""
    sql = (
        f"SELECT entry_id, key, text, facets, reviewed_on FROM search_searchname n "
        f"JOIN search_searchentry e ON e.page_id = n.entry_id "
        f"WHERE (key = %s OR ({_TEXT} >= %s AND {_TEXT} < %s){letters}) "
        f"ORDER BY CASE WHEN key = %s THEN 0 WHEN {_TEXT} >= %s AND {_TEXT} < %s THEN 1 ELSE 2 "
        f"END, {_ORDER} LIMIT {2 * MOST_BY_NAME}"
    )
    longer = [f"{folded} ", f"{folded}!"]
    range_ = [key, key + _LAST] if letters else []
    worded, by_letters = {}, {}
    for pk, k, text, *of_page in _rows(sql, [key, *longer, *range_, key, *longer]):
        if k == key or text.startswith(longer[0]):
            worded.setdefault(pk, NamedRow(pk, of_page[0], _day(of_page[1])))
        else:
            by_letters.setdefault(pk)
    letters_only = [pk for pk in by_letters if pk not in worded]
    return Named(list(worded.values())[:MOST_BY_NAME], letters_only[:MOST_BY_NAME])


def _day(value) -> date | None:
    """A day as either database answers it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def beginning(query: Query, limit: int) -> list[tuple[int, int, str]]:
    """(page, role, name) of names that begin with what was typed; best first."""
    sql = (
        f"SELECT entry_id, role, name FROM search_searchname n WHERE {_KEY} >= %s AND {_KEY} < %s "
        f"ORDER BY CASE WHEN key = %s THEN 0 ELSE 1 END, {_ORDER} LIMIT %s"
    )
    return _rows(sql, [query.key, query.key + _LAST, query.key, limit])


def of_pages(ids: Iterable[int]) -> list[tuple[int, int, str]]:
    """(page, role, name) of these pages' titles and other names, in the usual order."""
    ids = list(ids)
    if not ids:
        return []
    marks = ", ".join(["%s"] * len(ids))
    sql = (
        f"SELECT entry_id, role, name FROM search_searchname n WHERE entry_id IN ({marks}) "
        f"AND role < {SearchName.Role.LOOSE.value} ORDER BY {_ORDER}"
    )
    return _rows(sql, ids)


def _rows(sql: str, values: list) -> list[tuple]:
    """Written as SQL, since to build so small a query takes Django longer than to answer it."""
    connection, _ = reading()
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("BYTES", _COLLATIONS[connection.vendor]), values)
        return cursor.fetchall()
