"""Logistic regression in plain Python: enough for some thousand sentences, the same every time."""

import math
import random
from collections.abc import Sequence

EPOCHS = 14
RATE = 0.25
DECAY = 0.005
_SEED = 20


def fit(
    rows: Sequence[Sequence[int]],
    truth: Sequence[int],
    weights: Sequence[float],
    features: int,
    classes: int,
    decay: float = DECAY,
    epochs: int = EPOCHS,
) -> list[list[float]]:
    """One list of feature weights for each class, by gradient steps with a rate per feature.

    `rows` hold the numbers of the features each example has; deterministic.
    """
    out = [[0.0] * features for _ in range(classes)]
    seen = [[1e-6] * features for _ in range(classes)]
    order = list(range(len(rows)))
    chance = random.Random(_SEED)
    mean = [[0.0] * features for _ in range(classes)]
    settled = epochs // 2
    for epoch in range(epochs):
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
                    slope = error + decay * mine[f]
                    past[f] += slope * slope
                    mine[f] -= RATE * slope / math.sqrt(past[f])
        if epoch >= settled:
            # The mean over the later rounds hangs less on the order than the last one does.
            for total, mine in zip(mean, out, strict=True):
                for f in range(features):
                    total[f] += mine[f] / (epochs - settled)
    return mean


def _shares(scores: list[float]) -> list[float]:
    most = max(scores)
    parts = [math.exp(s - most) for s in scores]
    total = sum(parts)
    return [p / total for p in parts]
