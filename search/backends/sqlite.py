"""Full text in SQLite: the FTS5 table `search_index`, whose rowid is the page's id."""

from django.db import connections

from ..words import respell
from . import Ranked

# bm25 weights of title, names, summary, body.
_BM25 = "bm25(search_index, 16.0, 10.0, 4.0, 1.0)"
_TRIGGER = (
    "CREATE TRIGGER IF NOT EXISTS search_entry_gone AFTER DELETE ON search_searchentry "
    "BEGIN DELETE FROM search_index WHERE rowid = OLD.page_id; END"
)


def install_trigger(*, using, **kwargs) -> None:
    """Whatever deletes a search entry takes its text out of the index."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    tables = connection.introspection.table_names()
    if {"search_index", "search_searchentry"} <= set(tables):
        with connection.cursor() as cursor:
            cursor.execute(_TRIGGER)


def write(connection, rows) -> None:
    """Put Columns into the index, in place of what was there."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM search_index WHERE rowid = %s", [(row.page_id,) for row in rows]
        )
        cursor.executemany(
            "INSERT INTO search_index (rowid, title, names, summary, body) "
            "VALUES (%s, %s, %s, %s, %s)",
            [(r.page_id, r.title, r.names, r.summary, r.body) for r in rows],
        )


def ranked(connection, query, *, kind, without, limit) -> Ranked:
    """Pages with all terms: title matches first, then what was typed, then other names."""
    literal, widest = _all(query.terms), _all(query.terms, expand=True)
    tiers, values = [_tier()], [f"{{title names}} : ({literal})"]
    if widest != literal:
        tiers.append(_tier())
        values.append(literal)
    return _best(connection, widest, kind, without, limit, tiers, values)


def loosely(connection, query, *, kind, without, limit) -> Ranked:
    """Pages whose title, names or summary have some of the words, or begin so."""
    some = " OR ".join(
        _phrase([word]) + ("*" if len(word) > 3 else "")
        for word in dict.fromkeys(w for term in query.terms for w in term.literal)
    )
    match = f"{{title names summary}} : ({some})"
    return _best(connection, match, kind, without, limit)


def titled(connection, prefix: str, whole: list[str], limit: int) -> list[int]:
    """Pages with a title or name that has a word beginning with `prefix`, and the whole words."""
    parts = [*(_phrase([word]) for word in whole), _phrase([prefix]) + "*"]
    sql = "SELECT rowid FROM search_index WHERE search_index MATCH %s LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [f"{{title names}} : ({' AND '.join(parts)})", limit])
        return [row[0] for row in cursor.fetchall()]


def known(connection, words: list[str]) -> set[str]:
    """Those of the words that some page has."""
    if not words:
        return set()
    one = "SELECT %s WHERE EXISTS (SELECT 1 FROM search_index WHERE search_index MATCH %s)"
    values = [value for word in words for value in (word, _phrase([word]))]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(words)), values)
        return {row[0] for row in cursor.fetchall()}


def _phrase(words) -> str:
    return '"' + " ".join(map(respell, words)) + '"'


def _all(terms, expand=False) -> str:
    return " AND ".join(_any(term) if expand else _phrase(term.literal) for term in terms)


def _any(term) -> str:
    ways = [_phrase(term.literal), *map(_phrase, term.others)]
    if term.is_name and len(term.literal) > 1:
        ways.append("(" + " AND ".join(_phrase([word]) for word in term.literal) + ")")
    return ways[0] if len(ways) == 1 else "(" + " OR ".join(dict.fromkeys(ways)) + ")"


def _tier() -> str:
    return "(id IN (SELECT rowid FROM search_index WHERE search_index MATCH %s))"


def _where(kind, without) -> tuple[str, list]:
    sql, values = "", []
    if without:
        sql += f" AND rowid NOT IN ({', '.join(['%s'] * len(without))})"
        values += without
    if kind:
        sql += " AND rowid IN (SELECT page_id FROM search_searchentry WHERE kind = %s)"
        values.append(kind)
    return sql, values


def _best(connection, match, kind, without, limit, tiers=(), values=()) -> Ranked:
    where, more = _where(kind, without)
    order = ", ".join([*(f"{tier} DESC" for tier in tiers), "score", "id"])
    sql = (
        # bm25 can be asked for only in the query that matches, so that one is made first.
        f"WITH found AS MATERIALIZED (SELECT rowid AS id, {_BM25} AS score "
        f"FROM search_index WHERE search_index MATCH %s{where}) "
        f"SELECT id, (SELECT count(*) FROM found) FROM found ORDER BY {order} LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [match, *more, *values, limit])
        rows = cursor.fetchall()
    return Ranked([row[0] for row in rows], rows[0][1] if rows else 0)
