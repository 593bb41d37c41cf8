"""Full text in SQLite: the FTS5 table `search_index`, whose rowid is the page's id."""

from django.db import connections

from ..words import respell
from . import (
    LIVE_CLAIMS,
    OVERDUE,
    OVERDUE_COUNTS,
    Counts,
    Expressions,
    Picked,
    all_rows,
    limiting,
)

# bm25 weights of title, names, summary, body.
_RANK = " AND rank MATCH 'bm25(16.0, 10.0, 4.0, 1.0)'"
# Scores are below nought, the best lowest.
_SCORE = f"rank * CASE WHEN rowid IN ({OVERDUE}) THEN {OVERDUE_COUNTS} ELSE 1 END"
_GROUPS = (
    "SELECT -1, 0, count(*), e.facets, e.reviewed_on FROM search_index "
    "CROSS JOIN search_searchentry e ON e.page_id = search_index.rowid "
    "WHERE search_index MATCH %s{without} GROUP BY e.facets, e.reviewed_on"
)
_CLAIMS_COUNTED = (
    f"SELECT 'c', count(*) FROM search_claims JOIN {LIVE_CLAIMS} "
    "ON c.id = search_claims.rowid WHERE search_claims MATCH %s"
)
_TRIGGERS = {
    "search_searchentry": (
        "CREATE TRIGGER IF NOT EXISTS search_entry_gone AFTER DELETE ON search_searchentry "
        "BEGIN DELETE FROM search_index WHERE rowid = OLD.page_id; END"
    ),
    "search_searchclaim": (
        "CREATE TRIGGER IF NOT EXISTS search_claim_gone AFTER DELETE ON search_searchclaim "
        "BEGIN DELETE FROM search_claims WHERE rowid = OLD.claim_id; END"
    ),
}
_HOLDS = {"search_searchentry": "search_index", "search_searchclaim": "search_claims"}


def install_trigger(*, using, **kwargs) -> None:
    """Whatever deletes a search entry takes its text out of the index."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    tables = connection.introspection.table_names()
    for table, trigger in _TRIGGERS.items():
        if {table, _HOLDS[table]} <= set(tables):
            with connection.cursor() as cursor:
                cursor.execute(trigger)


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


def write_claims(connection, rows) -> None:
    """Put (claim id, index words) into the claims' index, in place of what was there."""
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM search_claims WHERE rowid = %s", [row[:1] for row in rows])
        cursor.executemany("INSERT INTO search_claims (rowid, sentence) VALUES (%s, %s)", rows)


def is_lost(connection) -> bool:
    """Whether there are entries without any text: the index's own table was lost or emptied."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM search_searchentry) "
            "AND NOT EXISTS (SELECT 1 FROM search_index)"
        )
        return bool(cursor.fetchone()[0])


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


def count(connection, parts, words=(), *, limits=None, without=(), claims="") -> Counts:
    """How many pages match each expression, which of the words any page has, and how many claims
    match the expression `claims`; one query."""
    where, more = _where(limits, without)
    selected, values = [], []
    for part in parts:
        selected.append(
            f"SELECT 'n', count(*) FROM search_index WHERE search_index MATCH %s{where}"
        )
        values += [part, *more]
    for word in words:
        selected.append(
            "SELECT 'w', EXISTS (SELECT 1 FROM search_index WHERE search_index MATCH %s)"
        )
        values.append(_phrase([word]))
    if claims:
        selected.append(_CLAIMS_COUNTED)
        values.append(claims)
    return Counts.read(all_rows(connection, selected, values), words)


def pick(connection, steps, *, limits=None, without=(), limit, grouped="") -> Picked:
    """The best pages of each (expression, is_ranked) step, step after step, and all matches of the
    expression `grouped` by facets; one query.

    Pages of a step that is not ranked come newest first, which costs next to nothing.
    """
    where, more = _where(limits, without)
    parts, values = [], []
    for number, (match, is_ranked) in enumerate(steps):
        rank, score = (_RANK, _SCORE) if is_ranked else ("", "-rowid")
        order = "score" if is_ranked else "rowid DESC"
        parts.append(
            f"SELECT * FROM (SELECT {number}, {score} AS score, rowid, NULL, NULL "
            f"FROM search_index WHERE search_index MATCH %s{rank}{where} ORDER BY {order} LIMIT %s)"
        )
        values += [match, *more, limit]
    if grouped:
        apart, more = _where(None, without)
        parts.append(_GROUPS.format(without=apart))
        values += [grouped, *more]
    return Picked.read(all_rows(connection, parts, values), limit)


def claims(connection, match: str, *, limit: int, offset: int = 0) -> list[tuple]:
    """(claim id, sentence, state, kind, slug and title of its page), best first; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.id, a.exact, c.state, p.kind, p.slug, p.title "
            f"FROM search_claims JOIN {LIVE_CLAIMS} ON c.id = search_claims.rowid "
            "WHERE search_claims MATCH %s ORDER BY search_claims.rank, c.id LIMIT %s OFFSET %s",
            [match, limit, offset],
        )
        return cursor.fetchall()


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


def _where(limits, without) -> tuple[str, list]:
    sql, values = "", []
    if without:
        sql += f" AND search_index.rowid NOT IN ({', '.join(['%s'] * len(without))})"
        values += without
    if limits:
        inner, more = limiting(limits)
        sql += (
            " AND EXISTS (SELECT 1 FROM search_searchentry e "
            f"WHERE e.page_id = search_index.rowid{inner})"
        )
        values += more
    return sql, values
