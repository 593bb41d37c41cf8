"""A matrix kept in pieces, since few rows times all of it wait for a copy.

OpenBLAS copies a matrix before it multiplies by it, which takes longer than the product where the
rows are few, as those of one sentence are. What is small enough it multiplies without
(docs/decisions/0052-the-networks-matrices-are-kept-in-pieces.md).
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import ndarray

_SMALL = 1_000_000  # multiplications, up to which nothing is copied
_ROWS = 20  # that a piece takes at once
_WIDEST = 64  # columns
_FEW = 40  # of more rows the copy is worth its time


class Pieced:
    """A matrix of at most 50,000 rows, cut into columns so that a piece times `_ROWS` is small."""

    def __init__(self, matrix: "ndarray"):
        import numpy

        self._np = numpy
        inner, self._width = matrix.shape
        columns = _WIDEST
        while self._width % columns or columns * inner * _ROWS > _SMALL:
            columns //= 2
        self._most = _SMALL // (columns * inner)
        cut = matrix.reshape(inner, -1, columns).transpose(1, 0, 2)
        self._pieces = numpy.ascontiguousarray(cut)

    def after(self, rows: "ndarray") -> "ndarray":
        """`rows @ matrix`."""
        out = self._np.empty((len(rows), self._width), rows.dtype)
        step = self._most if len(rows) <= _FEW else len(rows)
        for first in range(0, len(rows), step):
            part = self._np.matmul(rows[first : first + step], self._pieces)
            shaped = out[first : first + step].reshape(part.shape[1], *part.shape[::2])
            shaped[:] = part.transpose(1, 0, 2)
        return out
