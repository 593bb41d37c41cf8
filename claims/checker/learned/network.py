"""The network: a small transformer that reads a sentence whole, where the rows of weights add up
its phrases.

It is all-MiniLM-L6-v2 (Apache-2.0) with half of its words, fitted to the training text of this
project by `python -m claims.checker.training.network` and kept in whole numbers of eight bits
(`network.npz`). NumPy is loaded with the first sentence that is read, not before.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from claims.checker.learned.pieced import Pieced
from claims.checker.learned.pieces import Piece, Pieces

if TYPE_CHECKING:
    from numpy import ndarray

NETWORK = Path(__file__).parent / "network.npz"
MOST_PIECES = 94  # of one sentence; what follows is not read
_AT_ONCE = 32  # sentences; bounds the memory
KEPT = 2_000  # sentences, a kilobyte and a half each
_HEADS = 12
_SMALL = 1e-12


class Read(NamedTuple):
    """What the network makes of a sentence.

    `answers` are the log-odds of each answer; `shares[k]` is what piece k adds to each of them.
    """

    answers: "ndarray"
    pieces: list[Piece]
    shares: "ndarray"


_kept: dict[str, Read] = {}


def read(texts: Sequence[str]) -> list[Read]:
    """Read some sentences, folded as in `Folded.plain`; an answer for each, in their order.

    Those read last are kept: whoever writes has the rest of the page checked after each pause.
    """
    found = {text: _kept.get(text) for text in texts}
    new = [text for text, known in found.items() if known is None]
    for first in range(0, len(new), _AT_ONCE):
        some = sorted(new[first : first + _AT_ONCE], key=len)
        found.update(zip(some, _network().read(some), strict=True))
    for text, known in found.items():
        _kept.pop(text, None)
        _kept[text] = known  # behind all others
    while len(_kept) > KEPT:
        _kept.pop(next(iter(_kept)), None)
    return [found[text] for text in texts]


def forget() -> None:
    """Keep nothing of what was read."""
    _kept.clear()


@cache
def _network() -> "_Network":
    # More threads would take the cores from those who answer readers.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return _Network(NETWORK)


class _Network:
    def __init__(self, path: Path):
        import numpy

        with numpy.load(path, allow_pickle=False) as kept:
            held = dict(kept)
        self._pieces = Pieces(held.pop("pieces").tobytes().decode().split("\n"))
        self._words, self._worth = held["words"], held["words_scale"]
        self._places, self._norm = held["places"], held["norm"]
        self._head, self._bias = held["head"], held["head_bias"]
        self._layers = [_Layer(held, number) for number in range(len(held["join"]))]

    def read(self, texts: list[str]) -> list[Read]:
        """What is made of each sentence; those with as many pieces are worked on together."""
        pieces = [self._pieces.read(text, MOST_PIECES) for text in texts]
        order = sorted(range(len(texts)), key=lambda at: len(pieces[at]))
        out: dict[int, Read] = {}
        for at, shares in zip(order, self._shares([pieces[at] for at in order]), strict=True):
            # The marks at both ends stand for no word of the sentence.
            out[at] = Read(shares.sum(axis=0) + self._bias, pieces[at], shares[1:-1])
        return [out[at] for at in range(len(texts))]

    def _shares(self, sentences: list[list[Piece]]) -> Iterator["ndarray"]:
        """What each piece of each sentence, and the marks at its ends, add to each answer."""
        begin, end = self._pieces.begin, self._pieces.end
        numbers = [[begin, *(piece.number for piece in each), end] for each in sentences]
        groups = list(_groups(map(len, numbers)))
        flat = [number for each in numbers for number in each]
        state = self._words[flat] * self._worth[flat]
        state += self._places[[place for each in numbers for place in range(len(each))]]
        state = evened(state, self._norm)
        for layer in self._layers:
            state = layer(state, groups)
        told, at = state @ self._head, 0
        for each in numbers:
            yield told[at : at + len(each)] / len(each)
            at += len(each)


def _groups(lengths: Iterable[int]) -> Iterator[tuple[int, int, int]]:
    """Runs of sentences of one length, next to each other: (first row, how many, length)."""
    runs: dict[int, int] = defaultdict(int)
    for length in lengths:
        runs[length] += 1
    first = 0
    for length, count in runs.items():
        yield first, count, length
        first += count * length


class _Layer:
    """One layer of BERT (Devlin et al. 2019), with the sigmoid's approximation of GELU."""

    def __init__(self, held: dict, number: int):
        import numpy

        self._np = numpy
        for name in ("attend", "join", "widen", "narrow"):
            setattr(self, name, Pieced(held[name][number] * held[f"{name}_scale"][number]))
            setattr(self, f"{name}_bias", held[f"{name}_bias"][number])
        self.join_norm, self.narrow_norm = held["join_norm"][number], held["narrow_norm"][number]

    def __call__(self, state, groups):
        seen = self._attended(self.attend.after(state) + self.attend_bias, groups)
        seen = self.join.after(seen)
        seen += self.join_bias
        seen += state
        seen = evened(seen, self.join_norm)
        wide = self.widen.after(seen)
        wide += self.widen_bias
        with self._np.errstate(over="ignore"):  # of a large number below nought nothing is left
            wide /= 1 + self._np.exp(-1.702 * wide)
        out = self.narrow.after(wide)
        out += self.narrow_bias
        out += seen
        return evened(out, self.narrow_norm)

    def _attended(self, asked, groups):
        """Each piece as what it heeds of the pieces of its sentence."""
        np, width = self._np, asked.shape[1] // 3
        out = np.empty((len(asked), width), asked.dtype)
        for first, count, length in groups:
            rows = slice(first, first + count * length)
            parts = asked[rows].reshape(count, length, 3, _HEADS, -1)
            query, key, value = (parts[:, :, n].transpose(0, 2, 1, 3) for n in range(3))
            heed = query @ key.transpose(0, 1, 3, 2)
            heed *= (width // _HEADS) ** -0.5
            heed -= heed.max(axis=-1, keepdims=True)
            np.exp(heed, out=heed)
            heed /= heed.sum(axis=-1, keepdims=True)
            out[rows] = (heed @ value).transpose(0, 2, 1, 3).reshape(count * length, width)
        return out


def evened(state: "ndarray", norm: "ndarray") -> "ndarray":
    """Each row at a mean of nought and a spread of one, then stretched and shifted."""
    state = state - state.mean(axis=1, keepdims=True)
    spread = (state * state).mean(axis=1, keepdims=True)
    state *= (spread + _SMALL) ** -0.5
    state *= norm[0]
    state += norm[1]
    return state
