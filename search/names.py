"""Look-ups among the names of published pages: exact, by beginning, and what else they mean."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connections, router

from . import backends
from .models import SearchEntry, SearchName
from .query import Phrase, Query, spans

KINDS = ("condition", "therapy", "article")  # for the same name, in this order
NAMED_KINDS = ("condition", "therapy")
MOST_BY_NAME = 50
# Names are compared byte by byte, so that an index serves for beginnings.
_COLLATIONS = {"sqlite": "BINARY", "postgresql": '"C"'}
_TEXT, _KEY = "text COLLATE BYTES", "key COLLATE BYTES"
_SHORTEST_LETTERS = 3
# Loose names last; conditions before therapies before articles; titles, then short names.
_ORDER = (
    f"CASE WHEN role = {SearchName.Role.LOOSE.value} THEN 1 ELSE 0 END, "
    + "CASE kind "
    + " ".join(f"WHEN '{kind}' THEN {place}" for place, kind in enumerate(KINDS))
    + f" ELSE {len(KINDS)} END, role, length(text), text, entry_id"
)
_LAST = "\U0010ffff"


def reading():
    """The connection that readers' queries use, and the full-text module for it."""
    connection = connections[router.db_for_read(SearchEntry)]
    return connection, backends.of(connection)


def other_phrases(query: Query) -> dict[str, list[Phrase]]:
    """For each known name in the query, what else its pages are called, titles first.

    A loose name leads to its page's names, but is never itself searched for another name.
    """
    rows = SearchName.objects.filter(key__in=spans(query), kind__in=NAMED_KINDS)
    rows = rows.order_by("role", "entry", "entry__names__role", "entry__names__id")
    known: dict[str, list[Phrase]] = {}
    for key, text, role in rows.values_list("key", "entry__names__text", "entry__names__role"):
        phrases = known.setdefault(key, [])
        if role != SearchName.Role.LOOSE:
            phrases.append(tuple(text.split()))
    return known


@dataclass(frozen=True)
class Named:
    """Pages that go by the query: as a whole or in its first words, or in the first letters."""

    by_words: list[int]
    by_letters: list[int]


def named(query: Query, kind: str | None) -> Named:
    """Pages whose title or name is the whole query, or begins with it; one query."""
    folded, key = query.folded, query.key
    of_kind, values = (" AND kind = %s", [kind]) if kind else ("", [])
    letters = f" OR ({_KEY} >= %s AND {_KEY} < %s)" if len(key) >= _SHORTEST_LETTERS else ""
    sql = (
        f"SELECT entry_id, key, text FROM search_searchname "
        f"WHERE (key = %s OR ({_TEXT} >= %s AND {_TEXT} < %s){letters}){of_kind} "
        f"ORDER BY CASE WHEN key = %s THEN 0 WHEN {_TEXT} >= %s AND {_TEXT} < %s THEN 1 ELSE 2 "
        f"END, {_ORDER} LIMIT {2 * MOST_BY_NAME}"
    )
    words = [f"{folded} ", f"{folded}!"]
    range_ = [key, key + _LAST] if letters else []
    rows = _rows(sql, [key, *words, *range_, *values, key, *words])
    by_words = [pk for pk, k, text in rows if k == key or text.startswith(words[0])]
    by_letters = [pk for pk, *_ in rows if pk not in set(by_words)]
    return Named(*(list(dict.fromkeys(ids))[:MOST_BY_NAME] for ids in (by_words, by_letters)))


def beginning(query: Query, limit: int) -> list[tuple[int, int, str]]:
    """(page, role, name) of names that begin with what was typed; best first."""
    sql = (
        f"SELECT entry_id, role, name FROM search_searchname WHERE {_KEY} >= %s AND {_KEY} < %s "
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
        f"SELECT entry_id, role, name FROM search_searchname WHERE entry_id IN ({marks}) "
        f"AND role < {SearchName.Role.LOOSE.value} ORDER BY {_ORDER}"
    )
    return _rows(sql, ids)


def _rows(sql: str, values: list) -> list[tuple]:
    """Written as SQL, since to build so small a query takes Django longer than to answer it."""
    connection, _ = reading()
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("BYTES", _COLLATIONS[connection.vendor]), values)
        return cursor.fetchall()
