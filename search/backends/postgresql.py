"""Full text in PostgreSQL: the column `vector` of `search_searchentry`, with a GIN index.

The configuration `evidence` stems English words and passes over none (see the migration).
"""

from ..words import respell
from . import Ranked

_CONFIG = "evidence"
_WEIGHTS = "{0.05, 0.25, 0.6, 1.0}"  # of D, C, B, A: body, summary, names, title
_BY_LENGTH = 1  # ts_rank divides by 1 + the logarithm of the text's length
_VECTOR = " || ".join(f"setweight(to_tsvector('{_CONFIG}', %s), '{weight}')" for weight in "ABCD")
_QUERY = f"to_tsquery('{_CONFIG}', %s)"


def write(connection, rows) -> None:
    """Put Columns into the index, in place of what was there."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE search_searchentry SET vector = {_VECTOR} WHERE page_id = %s",
            [(r.title, r.names, r.summary, r.body, r.page_id) for r in rows],
        )


def ranked(connection, query, *, kind, without, limit) -> Ranked:
    """Pages with all terms: title matches first, then what was typed, then other names."""
    literal, widest = _all(query.terms), _all(query.terms, expand=True)
    tiers, values = [f"(vector @@ {_QUERY})"], [_all(query.terms, labels="AB")]
    if widest != literal:
        tiers.append(f"(vector @@ {_QUERY})")
        values.append(literal)
    return _best(connection, widest, kind, without, limit, tiers, values)


def loosely(connection, query, *, kind, without, limit) -> Ranked:
    """Pages whose title, names or summary have some of the words, or begin so."""
    some = " | ".join(
        _word(word, "*ABC" if len(word) > 3 else "ABC")
        for word in dict.fromkeys(w for term in query.terms for w in term.literal)
    )
    return _best(connection, some, kind, without, limit)


def titled(connection, prefix: str, whole: list[str], limit: int) -> list[int]:
    """Pages with a title or name that has a word beginning with `prefix`, and the whole words."""
    parts = [*(_word(word, "AB") for word in whole), _word(prefix, "*AB")]
    sql = f"SELECT page_id FROM search_searchentry WHERE vector @@ {_QUERY} LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [" & ".join(parts), limit])
        return [row[0] for row in cursor.fetchall()]


def known(connection, words: list[str]) -> set[str]:
    """Those of the words that some page has."""
    if not words:
        return set()
    one = f"SELECT %s WHERE EXISTS (SELECT 1 FROM search_searchentry WHERE vector @@ {_QUERY})"
    values = [value for word in words for value in (word, _word(word))]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(words)), values)
        return {row[0] for row in cursor.fetchall()}


def _word(word: str, labels: str = "") -> str:
    return f"'{respell(word)}'" + (f":{labels}" if labels else "")


def _phrase(words, labels: str = "") -> str:
    return "(" + " <-> ".join(_word(word, labels) for word in words) + ")"


def _all(terms, expand=False, labels="") -> str:
    return " & ".join(_any(t) if expand else _phrase(t.literal, labels) for t in terms)


def _any(term) -> str:
    ways = [_phrase(term.literal), *map(_phrase, term.others)]
    if term.is_name and len(term.literal) > 1:
        ways.append("(" + " & ".join(_word(word) for word in term.literal) + ")")
    return ways[0] if len(ways) == 1 else "(" + " | ".join(dict.fromkeys(ways)) + ")"


def _best(connection, match, kind, without, limit, tiers=(), values=()) -> Ranked:
    where, more = "", []
    if without:
        where, more = " AND page_id <> ALL(%s)", [list(without)]
    if kind:
        where, more = f"{where} AND kind = %s", [*more, kind]
    rank = f"ts_rank(%s, vector, {_QUERY}, {_BY_LENGTH})"
    order = ", ".join(f"{part} DESC" for part in (*tiers, rank))
    sql = (
        f"SELECT page_id, count(*) OVER () FROM search_searchentry WHERE vector @@ {_QUERY}{where} "
        f"ORDER BY {order}, page_id LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [match, *more, *values, _WEIGHTS, match, limit])
        rows = cursor.fetchall()
    return Ranked([row[0] for row in rows], rows[0][1] if rows else 0)
