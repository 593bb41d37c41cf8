"""What the learned part makes of sentences: their strength, and whether an editor would stop.

The rows of weights (model.py) look at every sentence. What they are not sure may pass the network
(network.py) reads too, and what both say for and against is added up: of stopping the rows count
half, since they are right less often, and of all else whole.
"""

from typing import NamedTuple

from claims.checker.learned import network
from claims.checker.learned.model import SCALE, STRENGTHS, Part, weights
from claims.checker.model import Sentence
from claims.checker.normal import Folded
from claims.checker.reading import Reading

# What the answer of the rules' ladder counts: so many steps of log-odds overrule it.
LADDER = 5 * SCALE // 2
# Of the training text a sixth is conditional, of what is written a fifteenth.
_CONDITIONAL = -2 * SCALE
# Where less than this speaks against stopping, or the next strength is so near, the network reads a
# sentence too.
DOUBT = 4 * SCALE
_DOUBT_OF_STRENGTH = 2 * SCALE
SHORTEST = 17  # characters; less is a label or a button
# A label at odds of one to three is worth more than it costs: most of the eight are rare.
_RARE = SCALE
_BLOCK = -1 - STRENGTHS  # where the network answers whether it would stop publication


class Judgement(NamedTuple):
    """What speaks for stopping at a sentence, and for each label, in the order of CATEGORIES.

    Positive is for it, `SCALE` to a step of log-odds. Where the network read the sentence, `block`
    is what speaks for stopping publication, and `read` what it made of it.
    """

    stop: int
    labels: tuple[int, ...]
    block: int | None = None
    read: network.Read | None = None

    def heeded(self, start: int) -> list[Part]:
        """The words that the network heeded in a sentence that begins there in `Folded.plain`, each
        with what it adds to stopping and to each label; none where it did not read it."""
        return _words(start, self.read) if self.read else []


def judge(readings: list[Reading], folded: Folded, closely: bool = True) -> list[Judgement]:
    """Weigh the strength of each sentence anew; what speaks for stopping at it and for what.

    Without `closely` the network reads none of them.
    """
    scores = [weights().scores(r, folded.words) for r in readings]
    read: dict[int, network.Read] = {}
    if closely:
        doubtful = [at for at, r in enumerate(readings) if _in_doubt(r.sentence, scores[at])]
        texts = [folded.plain[readings[at].start : readings[at].end] for at in doubtful]
        read = dict(zip(doubtful, network.read(texts) if texts else (), strict=True))
    return [_judged(reading, scores[at], read.get(at)) for at, reading in enumerate(readings)]


def _in_doubt(sentence: Sentence, scores: list[int]) -> bool:
    if len(sentence.text) < SHORTEST:
        return False
    # Of a cited sentence the source is asked, not the learned part.
    if scores[STRENGTHS] > -DOUBT and not sentence.cited:
        return True
    second, first = sorted(_of_strengths(sentence.strength, scores))[-2:]
    return not sentence.question and first - second < _DOUBT_OF_STRENGTH


def _judged(reading: Reading, scores: list[int], read: network.Read | None) -> Judgement:
    rows = stop = scores[STRENGTHS]
    labels = scores[STRENGTHS + 1 :]
    block = None
    if read:
        answers = [round(answer * SCALE) for answer in read.answers.tolist()]
        told = _in_order(answers)
        # Of the network's judgement all counts, of the rows' half; of strength they know as much.
        stop, block = told[STRENGTHS] + rows // 2, answers[_BLOCK]
        labels = [a + b // 2 + _RARE for a, b in zip(told[STRENGTHS + 1 :], labels, strict=True)]
        scores = [a + b for a, b in zip(scores[:STRENGTHS], told[:STRENGTHS], strict=True)]
    sentence = reading.sentence
    if not sentence.question:
        sentence.strength = weighed_strength(sentence.strength, scores)
    return Judgement(stop, tuple(labels), block, read)


def weighed_strength(ladder: int, scores: list[int]) -> int:
    """What the ladder said, unless the weights speak clearly against it; 0 to 3."""
    strengths = _of_strengths(ladder, scores)
    return strengths.index(max(strengths))


def _of_strengths(ladder: int, scores: list[int]) -> list[int]:
    """What speaks for each strength, the ladder's answer among it."""
    out = scores[:STRENGTHS]
    out[2] += _CONDITIONAL
    out[ladder] += LADDER
    return out


def _in_order(answers: list[int]) -> list[int]:
    """The network's answers in the order of the rows': strengths, stop, labels."""
    return answers[-STRENGTHS:] + answers[:_BLOCK]


def _words(start: int, read: network.Read) -> list[Part]:
    """The pieces of each word taken together."""
    rows = (read.shares[:, :_BLOCK] * SCALE).round().astype(int).tolist()
    out: list[Part] = []
    for piece, row in zip(read.pieces, rows, strict=True):
        part = Part(start + piece.start, start + piece.end, row)
        if out and out[-1].start == part.start:
            row = [a + b for a, b in zip(out.pop().row, row, strict=True)]
            part = part._replace(row=row)
        out.append(part)
    return out
