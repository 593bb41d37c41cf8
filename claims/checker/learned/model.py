"""The weights, and what they make of a sentence. All sums are whole numbers.

`weights.json` is made by `python -m claims.checker.training` and holds, for each task, its
classes and one row of weights for each feature (features.py). A score is the sum of the rows
of the features that a sentence has; `SCALE` of it make one step of log-odds.
"""

import json
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from struct import Struct
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from claims.checker.learned.features import ALWAYS, STEM, Bits
from claims.checker.lexicon import Lexicon, standard_lexicon
from claims.checker.reading import Reading

WEIGHTS = Path(__file__).parent / "weights.json"
SCALE = 16
# A row is kept as one whole number, a field for each class, so that one addition adds them
# all. No score of a sentence comes near half a field.
_BITS = 32
_HALF = 1 << (_BITS - 1)


class Part(NamedTuple):
    """A phrase or a cue that has weights, found in a sentence; offsets in `Folded.plain`."""

    start: int
    end: int
    row: list[int]


class Weights:
    """The rows of some tasks side by side; `classes` is how many fields they take."""

    def __init__(self, tasks: list[dict], lexicon: Lexicon):
        self.classes = sum(len(task["classes"]) for task in tasks)
        rows = _side_by_side(tasks)
        phrases = [name for name in rows if ":" not in name and name != ALWAYS]
        self._rows = [rows[p] for p in phrases]
        self._automaton = AhoCorasick(
            [_pattern(p) for p in phrases], implementation=Implementation.ContiguousNFA
        )
        self._always = rows.get(ALWAYS, 0)
        bits = Bits(lexicon)
        self._heard, self._live, self._properties = (
            Marks({bit: rows[name] for bit, name in pairs if name in rows})
            for pairs in (bits.heard, bits.live, bits.properties)
        )

    def parts(self, reading: Reading, words: str) -> list[Part]:
        """What has weights in one sentence and stands somewhere: its phrases and live cues."""
        start = reading.start
        out = []
        for number, a, b in self._found(reading, words):
            # A pattern holds one space at each end and the copy one before its text; the
            # beginning of a word stands for the whole of it, as far as the sentence goes.
            end = min(words.index(" ", start + b - 1) - 1, reading.end)
            out.append(Part(start + a, end, _kept_fields(self._rows[number], self.classes)))
        for hit in reading.hits:
            total = self._live.total(hit.bits)
            if total:
                out.append(Part(hit.start, hit.end, _kept_fields(total, self.classes)))
        return out

    def _found(self, reading: Reading, words: str) -> list[tuple[int, int, int]]:
        stretch = words[reading.start : reading.end + 2]
        return self._automaton.find_matches_as_indexes(stretch, overlapping=True)

    def scores(self, reading: Reading, words: str) -> list[int]:
        """The sum for each class; a phrase counts once, however often it stands there."""
        found = self._found(reading, words)
        total = self._always + sum(map(self._rows.__getitem__, {hit[0] for hit in found}))
        total += self._heard.total(reading.heard) + self._live.total(reading.present)
        total += self._properties.total(reading.properties)
        return _fields(total, self.classes)


class Marks:
    """The rows of one kind of bits: of what is heard, of live cues or of properties."""

    def __init__(self, rows: dict[int, int]):
        self._rows = rows
        self._mask = sum(rows)
        # Few different sets of bits make most of all sentences.
        self._added = lru_cache(maxsize=4_096)(self._add)

    def total(self, have: int) -> int:
        """The rows of all bits that are set, added up."""
        return self._added(have & self._mask)

    def _add(self, have: int) -> int:
        rows, total = self._rows, 0
        while have:
            lowest = have & -have
            total += rows[lowest]
            have ^= lowest
        return total


def _pattern(phrase: str) -> str:
    return f" {phrase[:-1]}" if phrase.endswith(STEM) else f" {phrase} "


def _side_by_side(tasks: list[dict]) -> dict[str, int]:
    rows: dict[str, int] = {}
    place = 0
    for task in tasks:
        for name, row in task["weights"].items():
            value = sum(weight << _BITS * (place + k) for k, weight in enumerate(row))
            rows[name] = rows.get(name, 0) + value
        place += len(task["classes"])
    return rows


@cache
def _apart(count: int) -> tuple[int, Callable[[bytes], tuple[int, ...]]]:
    return sum(_HALF << _BITS * k for k in range(count)), Struct(f"<{count}i").unpack


def _fields(total: int, count: int) -> list[int]:
    """The fields of a sum of rows; half a field is lent to each, so that none is below nought, and
    taken back from all at once: its bit turned over is the sign."""
    lent, unpack = _apart(count)
    return list(unpack((total + lent ^ lent).to_bytes(count * _BITS // 8, "little")))


# Of the rows of phrases and cues, which are told apart again and again.
_kept_fields = lru_cache(maxsize=50_000)(_fields)


@cache
def weights(*names: str) -> Weights:
    """The shipped weights of some tasks, read once."""
    held = _held()
    return Weights([held[name] for name in names], standard_lexicon())


@cache
def _held() -> dict:
    return json.loads(WEIGHTS.read_text(encoding="utf-8"))
