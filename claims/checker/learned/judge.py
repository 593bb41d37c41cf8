"""One look of the learned part at a sentence: its strength, and whether an editor would stop."""

from typing import NamedTuple

from claims.checker.learned.model import SCALE, weights
from claims.checker.reading import Reading

# What the answer of the rules' ladder counts: so many steps of log-odds overrule it.
LADDER = 2 * SCALE
# The training text holds fewer kinds of "no relation" than the world does of relations.
_NONE = -1 * SCALE


class Judgement(NamedTuple):
    """What speaks for stopping at a sentence, and for each label, in the order of CATEGORIES.

    Positive is for it, `SCALE` to a step of log-odds.
    """

    stop: int
    labels: tuple[int, ...]


def judge(reading: Reading, words: str) -> Judgement:
    """Weigh the strength of a sentence anew; what speaks for stopping at it and for what."""
    scores = weights("strength", "review", "labels").scores(reading, words)
    sentence = reading.sentence
    if not sentence.question:
        sentence.strength = weighed_strength(sentence.strength, scores[:4])
    return Judgement(scores[4], tuple(scores[5:]))


def weighed_strength(ladder: int, scores: list[int]) -> int:
    """What the ladder said, unless the weights speak clearly against it; 0 to 3."""
    scores[0] += _NONE
    scores[ladder] += LADDER
    return scores.index(max(scores))
