"""What a reader's query asks for. Plain Python: no database.

A query is a list of terms that must all be found. A term is what the reader wrote (`literal`)
and other ways of saying it (`others`): expansion adds, it never replaces.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .words import STOP_WORDS, words

MAX_LENGTH = 200  # characters
MAX_WORDS = 24  # of a query; further ones are left out of the search
LONGEST_NAME = 10  # words that one name may have
MAX_OTHERS = 24  # other ways of saying, in one query
_CHUNK = re.compile(r'"([^"]*)"|([^\s"]+)')

Phrase = tuple[str, ...]


class QueryTooLong(ValueError):
    """The query has more characters than MAX_LENGTH; the message is for the reader."""

    def __init__(self, length: int):
        super().__init__(
            f"That search has {length:,} characters. Please use at most {MAX_LENGTH}: a name, "
            "or the two or three words that matter most."
        )


@dataclass(frozen=True)
class Token:
    """One word of the query; `chunk` tells which words were written together (CAR-T)."""

    word: str
    chunk: int
    is_shouted: bool = False
    is_quoted: bool = False

    @property
    def is_stop(self) -> bool:
        """Whether it carries no meaning of its own; AS in capitals and quoted words do."""
        return self.word in STOP_WORDS and not (self.is_shouted or self.is_quoted)


@dataclass(frozen=True)
class Term:
    """Something to find: the phrase as written, or any of the others."""

    literal: Phrase
    others: tuple[Phrase, ...] = ()
    is_name: bool = False


@dataclass
class Query:
    """A query taken apart: `tokens` in order, and `terms` once names are known."""

    text: str
    tokens: list[Token]
    terms: list[Term] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The whole query in the form in which names are compared."""
        return "".join(t.word for t in self.tokens)

    @property
    def folded(self) -> str:
        """The whole query as folded words."""
        return " ".join(t.word for t in self.tokens)

    @property
    def unnamed(self) -> list[str]:
        """Words that are in no known name: the only ones whose spelling may be questioned."""
        return [w for term in self.terms if not term.is_name for w in term.literal]


def parse(text: str) -> Query:
    """Take a query apart. Raises QueryTooLong; anything else at all is fine."""
    if len(text) > MAX_LENGTH:
        raise QueryTooLong(len(text))
    tokens = []
    for number, match in enumerate(_CHUNK.finditer(text)):
        raw = match[1] if match[1] is not None else match[2]
        shouted = raw.isupper() and not text.isupper()
        quoted = match[1] is not None
        tokens += [Token(word, number, shouted, quoted) for word in words(raw)]
    return Query(text, tokens[:MAX_WORDS])


def spans(query: Query) -> dict[str, list[tuple[int, int]]]:
    """Every run of words that may be a name, by key: where it begins and ends."""
    tokens = query.tokens
    found: dict[str, list[tuple[int, int]]] = {}
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + LONGEST_NAME, len(tokens)) + 1):
            run = tokens[start:end]
            if all(t.is_stop for t in run) and len(run) < len(tokens):
                continue
            if any(t.is_quoted for t in run) and not _is_whole_chunk(tokens, start, end):
                continue  # a quoted phrase is meant as it stands
            found.setdefault("".join(t.word for t in run), []).append((start, end))
    return found


def _is_whole_chunk(tokens, start, end) -> bool:
    chunk = tokens[start].chunk
    inside = [i for i, t in enumerate(tokens) if t.chunk == chunk]
    return inside == list(range(start, end))


def understand(query: Query, known: Mapping[str, Iterable[Phrase]]) -> Query:
    """Divide the query into terms. `known` gives, for the key of each known name, other phrases.

    Longer names win over shorter ones; the words that remain are terms of their own.
    """
    where = [(a, b, key) for key, places in spans(query).items() if key in known for a, b in places]
    taken: dict[int, tuple[int, str]] = {}
    covered: set[int] = set()
    for start, end, key in sorted(where, key=lambda s: (s[0] - s[1], s[0])):
        if covered.isdisjoint(range(start, end)):
            covered.update(range(start, end))
            taken[start] = (end, key)
    query.terms = list(_terms(query.tokens, taken, known))
    return query


def _terms(tokens, taken, known):
    room = MAX_OTHERS
    position = 0
    keep_stops = all(t.is_stop for t in tokens)
    while position < len(tokens):
        if position in taken:
            end, key = taken[position]
            literal = tuple(t.word for t in tokens[position:end])
            others = tuple(dict.fromkeys(p for p in known[key] if p and p != literal))[:room]
            room -= len(others)
            yield Term(literal, others, is_name=True)
        else:
            end = position + 1
            chunk = tokens[position].chunk
            while end < len(tokens) and end not in taken and tokens[end].chunk == chunk:
                end += 1
            run = tokens[position:end]
            if keep_stops or not all(t.is_stop for t in run):
                yield Term(tuple(t.word for t in run))
        position = end
