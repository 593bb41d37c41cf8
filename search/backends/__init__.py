"""The two databases' full-text indexes behind the same four functions.

`write(connection, rows)`             put Columns into the index, in place of what was there
`ranked(connection, query, …)`        the best pages for an understood query
`loosely(connection, query, …)`       pages whose title, names or summary have some of its words
`titled(connection, prefix, …)`       pages with a word in title or names that begins so
`known(connection, words)`            those of the words that any page has

Every one is handed words made by `search.words` only: letters and digits, so that nothing a
reader types can be read as an operator.
"""

from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True)
class Ranked:
    """Page ids, best first, and how many pages match in all."""

    ids: list[int]
    total: int


def of(connection):
    """The module for this connection's database."""
    return import_module(f"{__name__}.{connection.vendor}")
