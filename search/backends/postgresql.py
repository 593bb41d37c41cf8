"""Full text in PostgreSQL: the column `vector` of `search_searchentry`, with a GIN index.

The configuration `evidence` stems English words and passes over none (see the migration).
"""

from ..words import respell
from . import OVERDUE, OVERDUE_COUNTS, Expressions, merged

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


def count(connection, parts, words, *, kind, without) -> tuple[list[int], set[str]]:
    """How many pages match each expression, and which of the words any page has; one query."""
    where, more = _where(kind, without)
    matches = f"(SELECT count(*) FROM search_searchentry WHERE vector @@ {_QUERY}{where})"
    exists = f"EXISTS (SELECT 1 FROM search_searchentry WHERE vector @@ {_QUERY})"
    values = [value for part in parts for value in (part, *more)]
    values += [_word(word) for word in words]
    selected = ", ".join([matches] * len(parts) + [exists] * len(words))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {selected}", values)
        row = cursor.fetchone()
    known = {word for word, is_there in zip(words, row[len(parts) :], strict=True) if is_there}
    return list(row[: len(parts)]), known


def pick(connection, steps, *, kind, without, limit) -> list[int]:
    """The best pages of each (expression, is_ranked) step, step after step; one query.

    Pages of a step that is not ranked come newest first.
    """
    where, more = _where(kind, without)
    weight = f"CASE WHEN page_id IN ({OVERDUE}) THEN {OVERDUE_COUNTS} ELSE 1 END"
    rank = f"-ts_rank(%s, vector, {_QUERY}, {_BY_LENGTH}) * {weight}"
    parts, values = [], []
    for number, (match, is_ranked) in enumerate(steps):
        score = rank if is_ranked else "-page_id"
        parts.append(
            f"(SELECT {number}, {score} AS score, page_id FROM search_searchentry "
            f"WHERE vector @@ {_QUERY}{where} ORDER BY score, page_id LIMIT %s)"
        )
        values += [*([_WEIGHTS, match] if is_ranked else []), match, *more, limit]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return merged(cursor.fetchall(), limit)


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


def _where(kind, without) -> tuple[str, list]:
    sql, values = "", []
    if without:
        sql, values = " AND page_id <> ALL(%s)", [list(without)]
    if kind:
        sql, values = f"{sql} AND kind = %s", [*values, kind]
    return sql, values
