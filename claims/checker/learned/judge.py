"""One look of the learned part at a sentence: its strength, and whether an editor would stop."""

from claims.checker.learned.model import SCALE, weights
from claims.checker.reading import Reading

# What the answer of the rules' ladder counts: so many steps of log-odds overrule it.
LADDER = 4 * SCALE
# The training text holds fewer kinds of "no relation" than the world does of relations.
_NONE = -1 * SCALE


def judge(reading: Reading, words: str) -> int:
    """Weigh the strength of a sentence anew; how much speaks for stopping at it.

    Positive is for stopping, `SCALE` to a step of log-odds.
    """
    *strengths, stop = weights("strength", "review").scores(reading, words)
    sentence = reading.sentence
    if not sentence.question:
        sentence.strength = weighed_strength(sentence.strength, strengths)
    return stop


def weighed_strength(ladder: int, scores: list[int]) -> int:
    """What the ladder said, unless the weights speak clearly against it; 0 to 3."""
    scores[0] += _NONE
    scores[ladder] += LADDER
    return scores.index(max(scores))
