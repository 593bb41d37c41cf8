"""Full text in PostgreSQL: the column `vector` of `search_searchentry`, with a GIN index.

The configuration `evidence` stems English words and passes over none (see the migration).
"""

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

_CONFIG = "evidence"
_WEIGHTS = "{0.05, 0.25, 0.6, 1.0}"  # of D, C, B, A: body, summary, names, title
_BY_LENGTH = 1  # ts_rank divides by 1 + the logarithm of the text's length
_VECTOR = " || ".join(f"setweight(to_tsvector('{_CONFIG}', %s), '{weight}')" for weight in "ABCD")
_QUERY = f"to_tsquery('{_CONFIG}', %s)"
_GROUPS = (
    "SELECT -1, 0::float, count(*)::bigint, facets, reviewed_on FROM search_searchentry "
    f"WHERE vector @@ {_QUERY}{{without}} GROUP BY facets, reviewed_on"
)
_CLAIMS_COUNTED = (
    f"SELECT 'c', count(*) FROM search_searchclaim s "
    f"JOIN {LIVE_CLAIMS} ON c.id = s.claim_id WHERE s.vector @@ {_QUERY}"
)


def write(connection, rows) -> None:
    """Put Columns into the index, in place of what was there."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE search_searchentry SET vector = {_VECTOR} WHERE page_id = %s",
            [(r.title, r.names, r.summary, r.body, r.page_id) for r in rows],
        )


def write_claims(connection, rows) -> None:
    """Put (claim id, index words) into the claims' index, in place of what was there."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE search_searchclaim SET vector = to_tsvector('{_CONFIG}', %s) "
            "WHERE claim_id = %s",
            [(words, claim) for claim, words in rows],
        )


def is_lost(connection) -> bool:
    """Never: the text is a column of the entry, and goes with it."""
    return False


def expressions(query) -> Expressions:
    """The query in the language of to_tsquery."""
    return Expressions(
        _all(query.terms, "AB"),
        _all(query.terms, "ABC"),
        _all(query.terms),
        " & ".join(map(_any, query.terms)),
    )


def loose(query) -> str:
    """Pages whose title, names or summary have some of the words, or begin so."""
    words = dict.fromkeys(w for term in query.terms for w in term.literal)
    return " | ".join(_word(word, "*ABC" if len(word) > 3 else "ABC") for word in words)


def count(connection, parts, words=(), *, limits=None, without=(), claims="") -> Counts:
    """How many pages match each expression, which of the words any page has, and how many claims
    match the expression `claims`; one query."""
    where, more = _where(limits, without)
    selected, values = [], []
    for part in parts:
        selected.append(
            f"SELECT 'n', count(*) FROM search_searchentry e WHERE vector @@ {_QUERY}{where}"
        )
        values += [part, *more]
    for word in words:
        selected.append(
            "SELECT 'w', count(*) FROM "
            f"(SELECT 1 FROM search_searchentry WHERE vector @@ {_QUERY} LIMIT 1) one"
        )
        values.append(_word(word))
    if claims:
        selected.append(_CLAIMS_COUNTED)
        values.append(claims)
    return Counts.read(all_rows(connection, selected, values), words)


def pick(connection, steps, *, limits=None, without=(), limit, grouped="") -> Picked:
    """The best pages of each (expression, is_ranked) step, step after step, and all matches of the
    expression `grouped` by facets; one query.

    Pages of a step that is not ranked come newest first.
    """
    where, more = _where(limits, without)
    weight = f"CASE WHEN page_id IN ({OVERDUE}) THEN {OVERDUE_COUNTS} ELSE 1 END"
    rank = f"-ts_rank(%s, vector, {_QUERY}, {_BY_LENGTH}) * {weight}"
    parts, values = [], []
    for number, (match, is_ranked) in enumerate(steps):
        score = rank if is_ranked else "-page_id"
        parts.append(
            f"(SELECT {number}, ({score})::float AS score, page_id, NULL::text, NULL::date "
            f"FROM search_searchentry e "
            f"WHERE vector @@ {_QUERY}{where} ORDER BY score, page_id LIMIT %s)"
        )
        values += [*([_WEIGHTS, match] if is_ranked else []), match, *more, limit]
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
            f"FROM search_searchclaim s JOIN {LIVE_CLAIMS} ON c.id = s.claim_id "
            f"WHERE s.vector @@ {_QUERY} ORDER BY -ts_rank(s.vector, {_QUERY}, {_BY_LENGTH}), c.id "
            "LIMIT %s OFFSET %s",
            [match, match, limit, offset],
        )
        return cursor.fetchall()


def titled(connection, prefix: str, whole: list[str], limit: int) -> list[int]:
    """Pages with a title or name that has a word beginning with `prefix`, and the whole words."""
    parts = [*(_word(word, "AB") for word in whole), _word(prefix, "*AB")]
    sql = f"SELECT page_id FROM search_searchentry WHERE vector @@ {_QUERY} LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [" & ".join(parts), limit])
        return [row[0] for row in cursor.fetchall()]


def _word(word: str, labels: str = "") -> str:
    return f"'{respell(word)}'" + (f":{labels}" if labels else "")


def _phrase(words, labels: str = "") -> str:
    return "(" + " <-> ".join(_word(word, labels) for word in words) + ")"


def _all(terms, labels: str = "") -> str:
    return " & ".join(_phrase(term.literal, labels) for term in terms)


def _any(term) -> str:
    ways = [_phrase(term.literal), *map(_phrase, term.others)]
    if term.is_name and len(term.literal) > 1:
        ways.append("(" + " & ".join(_word(word) for word in term.literal) + ")")
    return ways[0] if len(ways) == 1 else "(" + " | ".join(dict.fromkeys(ways)) + ")"


def _where(limits, without) -> tuple[str, list]:
    sql, values = "", []
    if without:
        sql, values = " AND page_id <> ALL(%s)", [list(without)]
    if limits:
        inner, more = limiting(limits)
        sql, values = sql + inner, [*values, *more]
    return sql, values
