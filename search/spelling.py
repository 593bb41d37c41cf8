"""A better spelling, from the site's own titles and names. Proposed, never applied.

A word is left alone if it stands in a known name or on any published page: names of drugs,
antibodies and diseases are easily one letter apart.
"""

import re
from collections import Counter
from itertools import product
from threading import Lock

from . import names
from .models import SearchName
from .query import Query
from .reader_words import reader_words
from .words import STOP_WORDS, key, spelt

SHORTEST = 4  # letters of a word whose spelling is questioned
# Letters from which on two slips are forgiven, and three; below, one.
LONG, VERY_LONG = 8, 14
_OVERLAP = 200  # rows read again, because transactions commit out of order
_MOST_WORDS = 8
_MOST_WAYS = 81
# International drug names differ in a letter or two: only a single slip is questioned.
_DRUG = re.compile(r"(?:mab|nib|cept|stat|vir|cel|sone|olone|prine|mide|limod|fusp)$")


class Vocabulary:
    """Words of the names and titles, kept in memory and read on as pages are published.

    Words of pages that have gone stay in it until somebody asks the index for them.
    """

    def __init__(self):
        self.lock = Lock()
        self.forget()

    def forget(self) -> None:
        """Begin again with nothing."""
        self.last = 0
        self.recent: frozenset[int] = frozenset()
        self.written: dict[str, str] = {}
        self.weight: Counter[str] = Counter()
        self.names: set[str] = set()

    def read_on(self) -> None:
        """Take in what was published since the last time; one query."""
        with self.lock:
            rows = SearchName.objects.filter(pk__gt=self.last - _OVERLAP).order_by("pk")
            seen = set()
            fields = ("pk", "kind", "name", "key")
            for pk, kind, name, key_ in rows.values_list(*fields).iterator(2000):
                seen.add(pk)
                if pk not in self.recent:
                    self._take_in(name, 1 if kind == "article" else 5)
                    if kind != "article":
                        self.names.add(key_)
            self.last = max(seen, default=0)
            self.recent = frozenset(pk for pk in seen if pk > self.last - _OVERLAP)

    def _take_in(self, name: str, weight: int) -> None:
        for folded, raw in spelt(name):
            if len(folded) >= SHORTEST and folded not in STOP_WORDS:
                self.written.setdefault(folded, raw)
                self.weight[folded] += weight

    def drop(self, words: set[str]) -> None:
        """Forget words that no published page has any more."""
        with self.lock:
            for word in words:
                self.written.pop(word, None)
                self.weight.pop(word, None)

    def nearest(self, word: str) -> list[str]:
        """Words a slip or few away, or of the same letters; nearest and most usual first."""
        from rapidfuzz import process  # not before it is needed: a reader's worker never does
        from rapidfuzz.distance import OSA  # not before it is needed: a reader's worker never does

        allowed = _allowed(word)
        found = process.extract(
            word, list(self.written), scorer=OSA.distance, score_cutoff=max(allowed, 2), limit=40
        )
        near = [f for f in found if f[1] <= allowed or sorted(f[0]) == sorted(word)]
        ranked = sorted(near, key=lambda f: (f[1], f[0][0] != word[0], -self.weight[f[0]], f[0]))
        return [other for other, distance, _ in ranked if distance]


vocabulary = Vocabulary()


def _allowed(word: str) -> int:
    """How many slips may be in a word of this length."""
    if len(word) < LONG or _DRUG.search(word):
        return 1
    return 2 if len(word) < VERY_LONG else 3


def doubtful(query: Query) -> list[str]:
    """The words whose spelling may be questioned: long enough, in no known name, no number."""
    protected = reader_words().protected
    words = dict.fromkeys(w for w in query.unnamed if len(w) >= SHORTEST and not w.isdecimal())
    return [word for word in words if word not in protected][:_MOST_WORDS]


def did_you_mean(query: Query, unknown: list[str]) -> str | None:
    """The query with words that no page has spelt as the site spells them, or None.

    Costs two queries at most.
    """
    if not unknown:
        return None
    vocabulary.read_on()
    near = {word: others for word in unknown if (others := vocabulary.nearest(word)[:3])}
    if not near:
        return None
    candidates = list(dict.fromkeys(other for others in near.values() for other in others))
    connection, backend = names.reading()
    known = backend.count(connection, [], candidates).known
    vocabulary.drop(set(candidates) - known)
    near = {word: [o for o in others if o in known] for word, others in near.items()}
    near = {word: others for word, others in near.items() if others}
    better = _chosen(query, near)
    return _rewritten(query.text, better) if better else None


def _chosen(query: Query, near: dict[str, list[str]]) -> dict[str, str]:
    """The nearest word for each; others where only those make the query a name we know."""
    ways = [dict(zip(near, choice, strict=True)) for choice in product(*near.values())]
    for way in ways[:_MOST_WAYS]:
        if "".join(way.get(t.word, t.word) for t in query.tokens) in vocabulary.names:
            return _written(way)
    return _written(ways[0])


def _written(way: dict[str, str]) -> dict[str, str]:
    return {word: vocabulary.written[other] for word, other in way.items()}


def _rewritten(text: str, better: dict[str, str]) -> str:
    """The reader's own words, with the better spellings in their places."""
    return " ".join(_word(raw, better) for raw in text.split())


def _word(raw: str, better: dict[str, str]) -> str:
    for folded, written in spelt(raw):
        if key(folded) in better:
            new = better[folded]
            raw = raw.replace(written, new if new[1:] != new[1:].lower() else new.lower())
    return raw
