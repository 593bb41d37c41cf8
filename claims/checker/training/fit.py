"""Logistic regression in plain Python: enough for some thousand sentences, the same every time.

Minimises the weighted log loss with a penalty on the squares of the weights, by L-BFGS (Nocedal
and Wright, Numerical Optimization, 2006, algorithm 7.4). The problem has one minimum, so the order
of the text does not matter.
"""

import math
from collections.abc import Callable, Sequence
from operator import mul

PENALTY = 5.0  # chosen on whole articles left out of the fit; from 3 to 8 it hardly matters
STEPS = 80
_NEAR = 1e-3  # the loss falls by a smaller share than this: near enough for whole numbers
_MEMORY = 8
_ENOUGH = 1e-4  # of the fall that the slope promises (Armijo)

Vector = list[float]


def fit(
    rows: Sequence[Sequence[int]],
    truth: Sequence[int],
    weights: Sequence[float],
    features: int,
    classes: int,
) -> list[Vector]:
    """One list of feature weights for each class; deterministic. `rows` hold the numbers of the
    features each example has, a feature twice if it counts twice."""

    def loss(point: Vector) -> tuple[float, Vector]:
        return _loss(point, rows, truth, weights, features, classes)

    found = _least(loss, [0.0] * (features * classes))
    return [found[k * features : (k + 1) * features] for k in range(classes)]


def _loss(point, rows, truth, weights, features, classes) -> tuple[float, Vector]:
    """The penalised loss at a point, and its slope."""
    total = PENALTY / 2 * _dot(point, point)
    slope = [PENALTY * w for w in point]
    parts = [point[k * features : (k + 1) * features] for k in range(classes)]
    slopes = [slope[k * features : (k + 1) * features] for k in range(classes)]
    for row, answer, weight in zip(rows, truth, weights, strict=True):
        share = _shares([sum(map(part.__getitem__, row)) for part in parts])
        total -= weight * math.log(max(share[answer], 1e-300))
        for k, mine in enumerate(slopes):
            error = weight * (share[k] - (answer == k))
            for f in row:
                mine[f] += error
    return total, [s for mine in slopes for s in mine]


def _least(loss: Callable[[Vector], tuple[float, Vector]], point: Vector) -> Vector:
    """The point of the least loss, from a first point on."""
    pairs: list[tuple[Vector, Vector, float]] = []
    value, slope = loss(point)
    for _ in range(STEPS):
        way = _direction(slope, pairs)
        fall = _dot(way, slope)
        length = 1.0 if pairs else 1 / math.sqrt(_dot(slope, slope))
        while True:
            there = [p + length * w for p, w in zip(point, way, strict=True)]
            new_value, new_slope = loss(there)
            if new_value <= value + _ENOUGH * length * fall:
                break
            length /= 2
        moved = [length * w for w in way]
        turned = [b - a for a, b in zip(slope, new_slope, strict=True)]
        if (curve := _dot(moved, turned)) > 0:
            pairs = [*pairs[1 - _MEMORY :], (moved, turned, curve)]
        is_near = value - new_value < _NEAR * new_value / STEPS
        point, value, slope = there, new_value, new_slope
        if is_near:
            break
    return point


def _direction(slope: Vector, pairs: list[tuple[Vector, Vector, float]]) -> Vector:
    """Downhill, bent by what the last steps told of the curvature (algorithm 7.4)."""
    way = [-s for s in slope]
    shares = []
    for moved, turned, curve in reversed(pairs):
        share = _dot(moved, way) / curve
        shares.append(share)
        way = [w - share * t for w, t in zip(way, turned, strict=True)]
    if pairs:
        moved, turned, curve = pairs[-1]
        scale = curve / _dot(turned, turned)
        way = [scale * w for w in way]
    for (moved, turned, curve), share in zip(pairs, reversed(shares), strict=True):
        back = share - _dot(turned, way) / curve
        way = [w + back * m for w, m in zip(way, moved, strict=True)]
    return way


def _dot(one: Vector, other: Vector) -> float:
    return sum(map(mul, one, other))


def _shares(scores: Vector) -> Vector:
    most = max(scores)
    parts = [math.exp(s - most) for s in scores]
    total = sum(parts)
    return [p / total for p in parts]
