"""A better spelling, from the site's own titles and names. Proposed, never applied.

A word is left alone if it stands in a known name or on any published page: names of drugs,
antibodies and diseases are easily one letter apart.
"""

import re
from collections import Counter
from threading import Lock

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .models import SearchName
from .query import Query
from .words import STOP_WORDS, key, spelt

SHORTEST = 4  # letters of a word whose spelling is questioned
LONG = 8  # from here on two wrong letters are forgiven, below it one
_OVERLAP = 1000  # rows read again, because transactions commit out of order
_MOST_WORDS = 8
# International drug names differ in a letter or two: only a single slip is questioned.
_DRUG = re.compile(r"(?:mab|nib|cept|stat|vir|cel|sone|olone|prine|mide|limod|fusp)$")


class Vocabulary:
    """Words of the names and titles, kept in memory and read on as pages are published.

    Words of pages that have gone stay in it: whoever uses one asks the index first.
    """

    def __init__(self):
        self.lock = Lock()
        self.forget()

    def forget(self) -> None:
        """Begin again with nothing."""
        self.last = 0
        self.written: dict[str, str] = {}
        self.weight: Counter[str] = Counter()

    def read_on(self) -> None:
        """Take in what was published since the last time; one query."""
        rows = SearchName.objects.filter(pk__gt=self.last - _OVERLAP).order_by("pk")
        with self.lock:
            for pk, kind, name in rows.values_list("pk", "kind", "name").iterator(2000):
                is_new = pk > self.last
                self.last = max(self.last, pk)
                for folded, raw in spelt(name):
                    if len(folded) >= SHORTEST and folded not in STOP_WORDS:
                        self.written.setdefault(folded, raw)
                        self.weight[folded] += is_new * (1 if kind == "article" else 5)

    def nearest(self, word: str) -> list[str]:
        """Words at most one slip away (two in a long word), nearest and most usual first."""
        allowed = 2 if len(word) >= LONG and not _DRUG.search(word) else 1
        found = process.extract(
            word, self.written.keys(), scorer=OSA.distance, score_cutoff=allowed, limit=20
        )
        ranked = sorted(found, key=lambda f: (f[1], f[0][0] != word[0], -self.weight[f[0]], f[0]))
        return [other for other, distance, _ in ranked if distance]


vocabulary = Vocabulary()


def did_you_mean(query: Query, connection, engine) -> str | None:
    """The query with its unknown words spelt as the site spells them; None if nothing is better.

    Costs two queries at most.
    """
    doubtful = [w for w in dict.fromkeys(query.unnamed) if len(w) >= SHORTEST][:_MOST_WORDS]
    doubtful = [w for w in doubtful if not w.isdecimal()]
    if not doubtful:
        return None
    vocabulary.read_on()
    near = {word: vocabulary.nearest(word)[:3] for word in doubtful}
    asked = [*doubtful, *(other for others in near.values() for other in others)]
    known = engine.known(connection, list(dict.fromkeys(asked)))
    better = {}
    for word, others in near.items():
        if word not in known:
            choice = next((other for other in others if other in known), None)
            if choice:
                better[word] = vocabulary.written[choice]
    return _rewritten(query.text, better) if better else None


def _rewritten(text: str, better: dict[str, str]) -> str:
    """The reader's own words, with the better spellings in their places."""
    return " ".join(_word(raw, better) for raw in text.split())


def _word(raw: str, better: dict[str, str]) -> str:
    for folded, written in spelt(raw):
        if key(folded) in better:
            new = better[folded]
            raw = raw.replace(written, new if new[1:] != new[1:].lower() else new.lower())
    return raw
