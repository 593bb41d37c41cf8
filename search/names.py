"""Look-ups among the names of published pages: exact, by beginning, and what else they mean."""

from django.db import connections, router
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Collate, Length

from . import backends
from .models import SearchEntry, SearchName
from .query import Phrase, Query, spans

KINDS = ("condition", "therapy", "article")  # for the same name, in this order
NAMED_KINDS = ("condition", "therapy")
MOST_BY_NAME = 50
_COLLATIONS = {"sqlite": "BINARY", "postgresql": "C"}  # byte by byte, so that an index serves
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


def named(query: Query, kind: str | None) -> list[int]:
    """Pages whose title or name is the whole query, then those whose begins with its words."""
    beginning = Q(sorted_text__gte=f"{query.folded} ", sorted_text__lt=f"{query.folded}!")
    rows = _names().filter(Q(key=query.key) | beginning & Q(role__lt=SearchName.Role.LOOSE))
    if kind:
        rows = rows.filter(kind=kind)
    ids = in_order(rows, query.key).values_list("entry", flat=True)[: 2 * MOST_BY_NAME]
    return list(dict.fromkeys(ids))[:MOST_BY_NAME]


def beginning(query: Query, limit: int) -> list[tuple[int, int, str]]:
    """(page, role, name) of names that begin with what was typed; best first."""
    low = Q(sorted_key__gte=query.key, sorted_key__lt=query.key + _LAST)
    rows = in_order(_names().filter(low), query.key)
    return list(rows.values_list("entry", "role", "name")[:limit])


def in_order(rows: QuerySet, key: str = "") -> QuerySet:
    """The whole name before its beginning, conditions first, titles before other names."""
    kind = Case(
        *(When(kind=kind, then=Value(place)) for place, kind in enumerate(KINDS)),
        default=Value(len(KINDS)),
        output_field=IntegerField(),
    )
    is_whole = Case(When(key=key, then=0), default=1)
    is_loose = Case(When(role=SearchName.Role.LOOSE, then=1), default=0)
    return rows.order_by(is_whole, is_loose, kind, "role", Length("text"), "text", "entry")


def _names() -> QuerySet:
    connection, _ = reading()
    collation = _COLLATIONS[connection.vendor]
    return SearchName.objects.annotate(
        sorted_text=Collate("text", collation), sorted_key=Collate("key", collation)
    )
