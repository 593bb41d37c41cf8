"""Sentences altered word by word: what a large network says of them teaches a small one.

A word is changed for another that stands near it in the base's own embedding and ends alike, so
that most of what comes out still reads as a sentence. What it says may well be nonsense; the
large network's answer to it is what is learned. Others are the beginning of one sentence and the
end of another.
"""

import random
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

_WORDS = re.compile(r"(\W+)")
_WHOLE = re.compile(r"[a-z]{3,}")
_ENDINGS = ("ing", "ed", "ly", "s")
_SHARES = (0.15, 0.3, 0.45)  # of the words that can be changed
_NEAR = 0.35  # cosine
_CHOICES = 10
_LIKE = 10  # characters by which sentences that are crossed may differ, more or less
_SHORTEST = 5  # words of a sentence that is crossed
_CUT = (0.3, 0.7)  # of it that is its beginning
# Changed, these would change what kind of sentence it is.
_STAY = frozenset(
    "the and but are was were been being that this these those with for from its their they them "
    "you she his her our your not nor than then there here what which who whom whose when where "
    "why how all any each some most more less few many much very can could may might must shall "
    "should will would does did has have had having into over under about after before between "
    "during through per out off only also even just still never always too own same other such "
    "both once again further while because until against among without within".split()
)


class Altering:
    """Makes altered sentences from an embedding of words."""

    def __init__(self, vocabulary: list[str], embedding):
        kept = [n for n, w in enumerate(vocabulary) if _WHOLE.fullmatch(w) and w not in _STAY]
        self._words = [vocabulary[n] for n in kept]
        self._at = {word: at for at, word in enumerate(self._words)}
        rows = np.asarray(embedding)[kept]
        self._rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        self._near: dict[str, list[str]] = {}

    def altered(self, text: str, times: int, chance: random.Random) -> Iterator[str]:
        """Up to so many others made of one sentence."""
        parts = _WORDS.split(text)
        open_to_change = [n for n, part in enumerate(parts) if part.lower() in self._at]
        made = {text}
        for _ in range(times if open_to_change else 0):
            count = max(1, round(len(open_to_change) * chance.choice(_SHARES)))
            new = parts[:]
            for n in chance.sample(open_to_change, count):
                near = self._neighbours(parts[n].lower())
                if near:
                    word = chance.choice(near)
                    new[n] = word.capitalize() if parts[n][0].isupper() else word
            sentence = "".join(new)
            if sentence not in made:
                made.add(sentence)
                yield sentence

    def crossed(self, texts: Sequence[str], chance: random.Random) -> Iterator[str]:
        """From each text on, the beginning of one and the end of the next one of like length."""
        order = sorted(texts, key=lambda text: (len(text) // _LIKE, chance.random()))
        for one, other in pairwise(order):
            first, second = one.split(), other.split()
            if min(len(first), len(second)) >= _SHORTEST:
                cut = chance.uniform(*_CUT)
                begun, ended = first[: round(cut * len(first))], second[round(cut * len(second)) :]
                yield " ".join(begun + ended)

    def _neighbours(self, word: str) -> list[str]:
        if word not in self._near:
            likeness = self._rows @ self._rows[self._at[word]]
            nearest = np.argsort(-likeness)[1:40]
            found = [self._words[n] for n in nearest if likeness[n] > _NEAR]
            self._near[word] = [w for w in found if _ending(w) == _ending(word)][:_CHOICES]
        return self._near[word]


def _ending(word: str) -> str:
    return next((end for end in _ENDINGS if word.endswith(end) and not word.endswith("ss")), "")
