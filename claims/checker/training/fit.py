"""Logistic regression in plain Python: enough for some thousand sentences, the same every time."""

import math
import random
from collections.abc import Sequence

EPOCHS = 14
RATE = 0.25
DECAY = 0.005
_SEEDS = (20, 21, 22, 23)


def fit(
    rows: Sequence[Sequence[int]],
    truth: Sequence[int],
    weights: Sequence[float],
    features: int,
    classes: int,
) -> list[list[float]]:
    """One list of feature weights for each class; deterministic. `rows` hold the numbers of the
    features each example has.

    The mean of several fits, which differ by the order of the examples: one alone hangs so much on
    it that some lines of text more or less moved F1 on strangers' articles by 0.02.
    """
    fits = [_fit(rows, truth, weights, features, classes, seed) for seed in _SEEDS]
    return [
        [sum(w) / len(fits) for w in zip(*same, strict=True)] for same in zip(*fits, strict=True)
    ]


def _fit(
    rows: Sequence[Sequence[int]],
    truth: Sequence[int],
    weights: Sequence[float],
    features: int,
    classes: int,
    seed: int,
) -> list[list[float]]:
    """One fit, by gradient steps with a rate per feature."""
    out = [[0.0] * features for _ in range(classes)]
    seen = [[1e-6] * features for _ in range(classes)]
    order = list(range(len(rows)))
    chance = random.Random(seed)
    mean = [[0.0] * features for _ in range(classes)]
    settled = EPOCHS // 2
    for epoch in range(EPOCHS):
        chance.shuffle(order)
        for at in order:
            row = rows[at]
            share = _shares([sum(map(w.__getitem__, row)) for w in out])
            for k in range(classes):
                error = (share[k] - (truth[at] == k)) * weights[at]
                if abs(error) < 0.002:
                    continue
                mine, past = out[k], seen[k]
                for f in row:
                    slope = error + DECAY * mine[f]
                    past[f] += slope * slope
                    mine[f] -= RATE * slope / math.sqrt(past[f])
        if epoch >= settled:
            # The mean over the later rounds hangs less on the order than the last one does.
            for total, mine in zip(mean, out, strict=True):
                for f in range(features):
                    total[f] += mine[f] / (EPOCHS - settled)
    return mean


def _shares(scores: list[float]) -> list[float]:
    most = max(scores)
    parts = [math.exp(s - most) for s in scores]
    total = sum(parts)
    return [p / total for p in parts]
