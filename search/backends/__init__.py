"""The two databases' full-text indexes behind the same functions.

`write(connection, rows)`            put Columns into the index, in place of what was there
`expressions(query)`                 the query in the database's own words: Expressions
`loose(query)`                       an expression for some of the words, in heads only
`count(connection, parts, words, …)` matches of each expression, and which words any page has
`pick(connection, steps, …)`         page ids for (expression, is_ranked) steps, best first; and all
                                     matches by what they can be narrowed by
`titled(connection, prefix, …)`      pages with a word in title or names that begins so
`write_claims`, `claims`             the same for sentences that are claims
`is_lost(connection)`                whether the pages' text has gone from the index

Every one is handed words made by `search.words` only: letters and digits, so that nothing a
reader types can be read as an operator.
"""

from dataclasses import dataclass, field
from datetime import date
from importlib import import_module

# Where a page's review is so overdue that its readers are told (editorial's third rung), what it
# scores counts for a fifth less: it gives way to a page that is about as good, to no other.
OVERDUE_COUNTS = 0.8
OVERDUE = "SELECT id FROM editorial_page WHERE review_rung = 3"


# Claims where readers see them; `exact` is the sentence as it stands there.
LIVE_CLAIMS = (
    "(claims_claim c JOIN claims_anchor a ON a.claim_id = c.id AND c.state <> 'not_a_claim' "
    "JOIN editorial_page p ON p.live_revision_id = a.revision_id AND p.status = 'published')"
)


@dataclass(frozen=True)
class Expressions:
    """A query in a database's own words. `title` looks in titles and names, `heads` in the
    summaries too, `literal` everywhere; `widest` takes other names for what was typed as well."""

    title: str
    heads: str
    literal: str
    widest: str


@dataclass
class Counts:
    """What was counted: pages by expression, words that are known, claims."""

    pages: list[int] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    claims: int = 0

    @classmethod
    def read(cls, rows, words) -> "Counts":
        """From (what, number) rows in the order in which they were asked for."""
        there = [number for what, number in rows if what == "w"]
        return cls(
            [number for what, number in rows if what == "n"],
            {word for word, number in zip(words, there, strict=True) if number},
            sum(number for what, number in rows if what == "c"),
        )


@dataclass
class Picked:
    """Page ids, best first, and all matches by facets: (facets, day of review, how many)."""

    ids: list[int] = field(default_factory=list)
    groups: list[tuple[str, date | None, int]] = field(default_factory=list)

    @classmethod
    def read(cls, rows, limit: int) -> "Picked":
        """From (step, score, id, facets, day) rows; a group's is (-1, 0, how many, facets, day)."""
        picked = sorted(row[:3] for row in rows if row[0] >= 0)
        groups = [(row[3], _day(row[4]), row[2]) for row in rows if row[0] < 0]
        return cls(list(dict.fromkeys(row[2] for row in picked))[:limit], groups)


def _day(value) -> date | None:
    """A day as either database answers it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def limiting(limits) -> tuple[str, list]:
    """Conditions on the entry `e` that hold a page to facets.Limits."""
    sql, values = "", []
    for word in limits.words:
        sql += " AND e.facets LIKE %s"
        values.append(f"% {word} %")
    if limits.since:
        sql += " AND e.reviewed_on >= %s"
        values.append(limits.since.isoformat())
    return sql, values


def all_rows(connection, selects: list[str], values: list) -> list[tuple]:
    """The rows of several SELECTs in one query; none of no SELECT."""
    if not selects:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), values)
        return cursor.fetchall()


def of(connection):
    """The module for this connection's database."""
    return import_module(f"{__name__}.{connection.vendor}")
