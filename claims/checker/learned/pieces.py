"""Words as the numbers the network knows: whole, or in pieces from their beginning on.

The pieces are those of BERT's uncased WordPiece (Devlin et al. 2019), without those that no
English health text needs. Text comes folded (`Folded.plain`), so that hardly anything but plain
letters is left.
"""

import re
from typing import NamedTuple

_WORDS = re.compile(r"[a-z0-9]+|[^\sa-z0-9]")
_INSIDE = "##"  # marks a piece that goes on with a word
LONGEST = 30  # letters; a longer word is not one
UNKNOWN, BEGIN, END = "[UNK]", "[CLS]", "[SEP]"
MOST_KEPT = 20_000


class Piece(NamedTuple):
    """A piece with the stretch of the word that it belongs to."""

    number: int
    start: int
    end: int


class Pieces:
    """A vocabulary: `read` turns text into pieces of it."""

    def __init__(self, vocabulary: list[str]):
        self._numbers = {piece: number for number, piece in enumerate(vocabulary)}
        self.begin, self.end = self._numbers[BEGIN], self._numbers[END]
        self._unknown = (self._numbers[UNKNOWN],)
        self._kept: dict[str, tuple[int, ...]] = {}

    def read(self, plain: str, most: int) -> list[Piece]:
        """The first pieces of a text, at most so many."""
        out: list[Piece] = []
        for word in _WORDS.finditer(plain.lower()):
            out += [Piece(number, *word.span()) for number in self._of(word[0])]
            if len(out) >= most:
                break
        return out[:most]

    def _of(self, word: str) -> tuple[int, ...]:
        found = self._kept.get(word)
        if found is None:
            found = self._cut(word)
            if len(self._kept) < MOST_KEPT:
                self._kept[word] = found
        return found

    def _cut(self, word: str) -> tuple[int, ...]:
        """The longest piece that the word begins with, then the longest that goes on, ..."""
        out, at = [], 0
        while at < len(word) <= LONGEST:
            for end in range(len(word), at, -1):
                number = self._numbers.get(word[at:end] if at == 0 else _INSIDE + word[at:end])
                if number is not None:
                    break
            else:
                break
            out.append(number)
            at = end
        return tuple(out) if out and at == len(word) else self._unknown
