"""The two databases' full-text indexes behind the same functions.

`write(connection, rows)`            put Columns into the index, in place of what was there
`expressions(query)`                 the query in the database's own words: Expressions
`loose(query)`                       an expression for some of the words, in heads only
`count(connection, parts, words)`    matches of each expression, and which words any page has
`pick(connection, steps, …)`         page ids for (expression, is_ranked) steps, best first
`titled(connection, prefix, …)`      pages with a word in title or names that begins so

Every one is handed words made by `search.words` only: letters and digits, so that nothing a
reader types can be read as an operator.
"""

from dataclasses import dataclass
from importlib import import_module

# Where a page's review is so overdue that its readers are told (editorial's third rung), what it
# scores counts for a fifth less: it gives way to a page that is about as good, to no other.
OVERDUE_COUNTS = 0.8
OVERDUE = "SELECT id FROM editorial_page WHERE review_rung = 3"


@dataclass(frozen=True)
class Expressions:
    """A query in a database's own words. `title` looks in titles and names, `heads` in the
    summaries too, `literal` everywhere; `widest` takes other names for what was typed as well."""

    title: str
    heads: str
    literal: str
    widest: str


def of(connection):
    """The module for this connection's database."""
    return import_module(f"{__name__}.{connection.vendor}")


def merged(rows, limit: int) -> list[int]:
    """Page ids of (step, score, id) rows, each once: earlier steps and lower scores first."""
    return list(dict.fromkeys(row[2] for row in sorted(rows)))[:limit]
