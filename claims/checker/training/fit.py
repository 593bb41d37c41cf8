"""Logistic regression, the same weights every time.

Minimises the weighted log loss with a penalty on the squares of the weights, by L-BFGS (Nocedal
and Wright, Numerical Optimization, 2006, algorithm 7.4). The problem has one minimum, so the order
of the text does not matter. Sums are made by `numpy.bincount`, which adds in order, so that no
processor adds otherwise than another.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

PENALTY = 5.0  # chosen on whole articles left out of the fit; from 3 to 8 it hardly matters
STEPS = 80
_NEAR = 1e-3  # the loss falls by a smaller share than this: near enough for whole numbers
_MEMORY = 8
_ENOUGH = 1e-4  # of the fall that the slope promises (Armijo)

Vector = np.ndarray
Pair = tuple[Vector, Vector, float]


class _Loss:
    """The penalised loss of some examples at a point, and its slope."""

    def __init__(self, rows, truth, weights, features: int, classes: int) -> None:
        self.features, self.classes = features, classes
        # Every feature of every example in one long row, and beside it whose it is.
        self.each = np.fromiter((f for row in rows for f in row), np.intp)
        self.whose = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
        self.right = np.eye(classes)[:, np.asarray(truth)]
        self.weights = np.asarray(weights, float)

    def __call__(self, point: Vector) -> tuple[float, Vector]:
        parts = point.reshape(self.classes, self.features)
        count = len(self.weights)
        scores = np.stack([np.bincount(self.whose, part[self.each], count) for part in parts])
        scores -= scores.max(axis=0)
        logs = scores - np.log(np.exp(scores).sum(axis=0))
        errors = self.weights * (np.exp(logs) - self.right)
        slopes = [np.bincount(self.each, e[self.whose], self.features) for e in errors]
        lost = -_dot(self.weights, (logs * self.right).sum(axis=0))
        slope = PENALTY * point + np.concatenate(slopes)
        return lost + PENALTY / 2 * _dot(point, point), slope


def fit(
    rows: Sequence[Sequence[int]],
    truth: Sequence[int],
    weights: Sequence[float],
    features: int,
    classes: int,
) -> list[list[float]]:
    """One list of feature weights for each class; deterministic. `rows` hold the numbers of the
    features each example has, a feature twice if it counts twice."""
    loss = _Loss(rows, truth, weights, features, classes)
    found = _least(loss, np.zeros(features * classes))
    return found.reshape(classes, features).tolist()


def _least(loss: Callable[[Vector], tuple[float, Vector]], point: Vector) -> Vector:
    """The point of the least loss, from a first point on."""
    pairs: list[Pair] = []
    value, slope = loss(point)
    for _ in range(STEPS):
        way = _direction(slope, pairs)
        fall = _dot(way, slope)
        length = 1.0 if pairs else 1 / math.sqrt(_dot(slope, slope))
        while True:
            there = point + length * way
            new_value, new_slope = loss(there)
            if new_value <= value + _ENOUGH * length * fall:
                break
            length /= 2
        moved, turned = length * way, new_slope - slope
        if (curve := _dot(moved, turned)) > 0:
            pairs = [*pairs[1 - _MEMORY :], (moved, turned, curve)]
        is_near = value - new_value < _NEAR * new_value / STEPS
        point, value, slope = there, new_value, new_slope
        if is_near:
            break
    return point


def _direction(slope: Vector, pairs: list[Pair]) -> Vector:
    """Downhill, bent by what the last steps told of the curvature (algorithm 7.4)."""
    way = -slope
    shares = []
    for moved, turned, curve in reversed(pairs):
        share = _dot(moved, way) / curve
        shares.append(share)
        way = way - share * turned
    if pairs:
        moved, turned, curve = pairs[-1]
        way = curve / _dot(turned, turned) * way
    for (moved, turned, curve), share in zip(pairs, reversed(shares), strict=True):
        way = way + (share - _dot(turned, way) / curve) * moved
    return way


def _dot(one: Vector, other: Vector) -> float:
    # Not `one @ other`: libraries of linear algebra add in an order of their own.
    return float((one * other).sum())
