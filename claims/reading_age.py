"""How old a reader must be to read a text with ease, and which sentences are hard. Plain Python.

The measure is the grade of Flesch and Kincaid (1975), 0.39 × words a sentence + 11.8 × syllables a
word − 15.59, plus five, which makes years of school an age in years. It looks at length only: a
short word can be hard and a long one known to everybody, so it advises and stops nothing.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext

LONG = 25  # words; beyond, a sentence has to be read twice
HARD_AGE = 18  # a single sentence from here on is hard
AIM = 14  # the age we write for
_SHORTEST = 6  # words; the measure says nothing of shorter sentences
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_VOWELS = re.compile("[aeiouy]+")
_SILENT = re.compile(r"(?<=[^aeiouyl])e[sd]?$|(?<=[aeiouy]l)e[sd]?$")
_APART = re.compile("ia|io(?!us|n)|iu|ua(?!l)|uo")


@dataclass(frozen=True)
class Hard:
    """A sentence that is hard to read: its words, and why in a few words."""

    text: str
    why: str


@dataclass(frozen=True)
class ReadingAge:
    """The age in whole years (None for a text too short to tell), and the hard sentences."""

    age: int | None
    hard: list[Hard]

    @property
    def is_above_aim(self) -> bool:
        """Whether the text asks for more than the age we write for."""
        return self.age is not None and self.age > AIM


def measure(sentences: list[str]) -> ReadingAge:
    """The reading age of a text given as its sentences."""
    counted = [(text, *_count(text)) for text in sentences]
    counted = [row for row in counted if row[1] >= _SHORTEST]
    hard = [Hard(text, why) for text, w, s in counted if (why := _why(w, s))]
    words = sum(row[1] for row in counted)
    if words < 30:
        return ReadingAge(None, hard)
    return ReadingAge(round(_age(words / len(counted), sum(r[2] for r in counted) / words)), hard)


def syllables(word: str) -> int:
    """How many syllables a word has, at least one; right for most English words, not for all."""
    plain = re.sub("[^a-z]", "", word.lower())
    spoken = _SILENT.sub("", plain) or plain
    if plain.endswith(("ted", "ded", "ses", "ces", "ges", "zes", "xes", "ches", "shes")):
        spoken = plain
    return max(1, len(_VOWELS.findall(spoken)) + len(_APART.findall(spoken)))


def _count(text: str) -> tuple[int, int]:
    words = _WORD.findall(text)
    return len(words), sum(map(syllables, words))


def _age(words_a_sentence: float, syllables_a_word: float) -> float:
    return max(5.0, 0.39 * words_a_sentence + 11.8 * syllables_a_word - 15.59 + 5)


def _why(words: int, spoken: int) -> str:
    reasons = []
    if words > LONG:
        reasons.append(gettext("%(words)s words") % {"words": words})
    if _age(words, spoken / words) >= HARD_AGE and spoken / words >= 1.8:
        reasons.append("many long words")
    return " and ".join(reasons)
