"""Full text in SQLite: the FTS5 table `search_index`, whose rowid is the page's id."""

from django.db import connections

from ..words import respell
from . import OVERDUE, OVERDUE_COUNTS, Expressions, merged

# bm25 weights of title, names, summary, body.
_RANK = " AND rank MATCH 'bm25(16.0, 10.0, 4.0, 1.0)'"
# Scores are below nought, the best lowest.
_SCORE = f"rank * CASE WHEN rowid IN ({OVERDUE}) THEN {OVERDUE_COUNTS} ELSE 1 END"
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


def expressions(query) -> Expressions:
    """The query in the language of FTS5."""
    literal = " AND ".join(_phrase(term.literal) for term in query.terms)
    return Expressions(
        f"{{title names}} : ({literal})",
        f"{{title names summary}} : ({literal})",
        literal,
        " AND ".join(map(_any, query.terms)),
    )


def loose(query) -> str:
    """Pages whose title, names or summary have some of the words, or begin so."""
    words = dict.fromkeys(w for term in query.terms for w in term.literal)
    some = " OR ".join(_phrase([word]) + ("*" if len(word) > 3 else "") for word in words)
    return f"{{title names summary}} : ({some})"


def count(connection, parts, words, *, kind, without) -> tuple[list[int], set[str]]:
    """How many pages match each expression, and which of the words any page has; one query."""
    where, more = _where(kind, without)
    matches = f"(SELECT count(*) FROM search_index WHERE search_index MATCH %s{where})"
    exists = "EXISTS (SELECT 1 FROM search_index WHERE search_index MATCH %s)"
    values = [value for part in parts for value in (part, *more)]
    values += [_phrase([word]) for word in words]
    selected = ", ".join([matches] * len(parts) + [exists] * len(words))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {selected}", values)
        row = cursor.fetchone()
    known = {word for word, is_there in zip(words, row[len(parts) :], strict=True) if is_there}
    return list(row[: len(parts)]), known


def pick(connection, steps, *, kind, without, limit) -> list[int]:
    """The best pages of each (expression, is_ranked) step, step after step; one query.

    Pages of a step that is not ranked come newest first, which costs next to nothing.
    """
    where, more = _where(kind, without)
    parts, values = [], []
    for number, (match, is_ranked) in enumerate(steps):
        rank, score = (_RANK, _SCORE) if is_ranked else ("", "-rowid")
        order = "score" if is_ranked else "rowid DESC"
        parts.append(
            f"SELECT * FROM (SELECT {number}, {score} AS score, rowid FROM search_index "
            f"WHERE search_index MATCH %s{rank}{where} ORDER BY {order} LIMIT %s)"
        )
        values += [match, *more, limit]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return merged(cursor.fetchall(), limit)


def titled(connection, prefix: str, whole: list[str], limit: int) -> list[int]:
    """Pages with a title or name that has a word beginning with `prefix`, and the whole words."""
    parts = [*(_phrase([word]) for word in whole), _phrase([prefix]) + "*"]
    sql = "SELECT rowid FROM search_index WHERE search_index MATCH %s LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [f"{{title names}} : ({' AND '.join(parts)})", limit])
        return [row[0] for row in cursor.fetchall()]


def _phrase(words) -> str:
    return '"' + " ".join(map(respell, words)) + '"'


def _any(term) -> str:
    ways = [_phrase(term.literal), *map(_phrase, term.others)]
    if term.is_name and len(term.literal) > 1:
        ways.append("(" + " AND ".join(_phrase([word]) for word in term.literal) + ")")
    return ways[0] if len(ways) == 1 else "(" + " OR ".join(dict.fromkeys(ways)) + ")"


def _where(kind, without) -> tuple[str, list]:
    sql, values = "", []
    if without:
        sql += f" AND rowid NOT IN ({', '.join(['%s'] * len(without))})"
        values += without
    if kind:
        sql += " AND rowid IN (SELECT page_id FROM search_searchentry WHERE kind = %s)"
        values.append(kind)
    return sql, values
