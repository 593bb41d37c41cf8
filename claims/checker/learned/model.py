"""The weights, and what they make of a sentence. All sums are whole numbers.

`weights.tsv` is made by `python -m claims.checker.training`: a row for each feature (features.py),
a column for each strength, for stopping and for each label. A score is the sum of the rows of the
features that a sentence has; `SCALE` of it make one step of log-odds.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from struct import Struct
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from claims.checker.learned.features import ALWAYS, STEM, Bits
from claims.checker.lexicon import Lexicon, standard_lexicon
from claims.checker.reading import Reading

WEIGHTS = Path(__file__).parent / "weights.tsv"
SCALE = 16
STRENGTHS = 4  # columns before the one for stopping
# A row is kept as one whole number, a field for each column, so that one addition adds them
# all. No score of a sentence comes near half a field.
_BITS = 32
_HALF = 1 << (_BITS - 1)


class Part(NamedTuple):
    """A phrase or a cue that has weights, found in a sentence; offsets in `Folded.plain`.

    `row` is what it adds to stopping and to each label.
    """

    start: int
    end: int
    row: list[int]


class Weights:
    """The rows of all features, each as its numbers in words; `columns` is how many they are."""

    def __init__(self, rows: dict[str, str], columns: int, lexicon: Lexicon):
        self.columns = columns
        phrases = [name for name in rows if ":" not in name and name != ALWAYS]
        self._rows = _Rows([rows[p] for p in phrases])
        self._automaton = AhoCorasick(
            [_pattern(p) for p in phrases], implementation=Implementation.ContiguousNFA
        )
        self._always = _packed(rows.get(ALWAYS, ""))
        bits = Bits(lexicon)
        self._heard, self._live, self._properties = (
            Marks({bit: _packed(rows[name]) for bit, name in pairs if name in rows})
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
            out.append(Part(start + a, end, _told(self._rows[number], self.columns)))
        for hit in reading.hits:
            total = self._live.total(hit.bits)
            if total:
                out.append(Part(hit.start, hit.end, _told(total, self.columns)))
        return out

    def _found(self, reading: Reading, words: str) -> list[tuple[int, int, int]]:
        stretch = words[reading.start : reading.end + 2]
        return self._automaton.find_matches_as_indexes(stretch, overlapping=True)

    def scores(self, reading: Reading, words: str) -> list[int]:
        """The sum of each column; a phrase counts once, however often it stands there."""
        found = self._found(reading, words)
        total = self._always + sum(map(self._rows.__getitem__, {hit[0] for hit in found}))
        total += self._heard.total(reading.heard) + self._live.total(reading.present)
        total += self._properties.total(reading.properties)
        return _fields(total, self.columns)


class _Rows(dict[int, int]):
    """Rows by number, each packed when it is first asked for: of tens of thousands a site's texts
    have a few thousand."""

    def __init__(self, told: list[str]):
        super().__init__()
        self._told = told

    def __missing__(self, number: int) -> int:
        self[number] = row = _packed(self._told[number])
        return row


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


def _packed(row: str) -> int:
    return sum(int(weight) << _BITS * place for place, weight in enumerate(row.split()))


@cache
def _apart(count: int) -> tuple[int, Callable[[bytes], tuple[int, ...]]]:
    return sum(_HALF << _BITS * k for k in range(count)), Struct(f"<{count}i").unpack


def _fields(total: int, count: int) -> list[int]:
    """The fields of a sum of rows; half a field is lent to each, so that none is below nought, and
    taken back from all at once: its bit turned over is the sign."""
    lent, unpack = _apart(count)
    return list(unpack((total + lent ^ lent).to_bytes(count * _BITS // 8, "little")))


@lru_cache(maxsize=50_000)
def _told(row: int, columns: int) -> list[int]:
    return _fields(row, columns)[STRENGTHS:]


@cache
def weights() -> Weights:
    """The shipped weights, read once."""
    rows, columns = read_rows(WEIGHTS)
    return Weights(rows, len(columns), standard_lexicon())


def read_rows(path: Path) -> tuple[dict[str, str], list[str]]:
    """The row of each feature, its numbers in words, and the names of the columns."""
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    rows = (line.partition("\t") for line in lines)
    return {feature: row for feature, _, row in rows}, head.split()
