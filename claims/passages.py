"""Passages of a text found again in an edited one, by the code that carries claims over.

What editorial's comments are anchored with: `Passages` is registered as its carrier.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from claims.checker import Block
from claims.checker.blocks import sentences_of as sentence_spans
from editorial.registry import Stands

from .carry import carry_all

_LIKE = 60  # of 100: below this a part of a sentence is shown as the whole sentence it stood in

Offsets = tuple[int, int]


class Passages:
    """The carrier of `editorial.registry`: sentences as the checker cuts them."""

    def sentences(self, document) -> list[Offsets]:
        """Offsets of every sentence, in order."""
        return [
            span
            for block in document.blocks
            for span in sentence_spans(document.text, Block(block.start, block.end, block.kind))
        ]

    def carry(self, before, spans: Sequence[Offsets], after) -> list[Stands]:
        """What became of each passage of `before` in `after`; one pass for all of them.

        `same`: its very words stand in the sentence that its sentence became, or in one that
        says the same. `reworded`: something else stands in its place. It may be a part of a
        sentence or several sentences.
        """
        old, new = self.sentences(before), self.sentences(after)
        texts = [before.text[a:b] for a, b in old]
        starts, ends = [a for a, _ in old], [b for _, b in old]
        touched = [_touched(starts, ends, span) for span in spans]
        wanted = sorted({i for indexes in touched for i in indexes})
        carried = carry_all([texts[i] for i in wanted], [after.text[a:b] for a, b in new], texts)
        fates = dict(zip(wanted, carried, strict=True))
        return [
            _stands(before.text[a:b], [fates[i] for i in indexes], new, after.text)
            for (a, b), indexes in zip(spans, touched, strict=True)
        ]


def _touched(starts: list[int], ends: list[int], span: Offsets) -> range:
    """Indexes of the sentences that a passage lies in; sentences stand in order."""
    return range(bisect_right(ends, span[0]), bisect_left(starts, span[1]))


def _stands(words: str, fates, new: list[Offsets], text: str) -> Stands:
    from rapidfuzz.fuzz import (
        partial_ratio_alignment,
    )  # not before it is needed: a reader's worker never does

    found = sorted(f.index for f in fates if f.index is not None)
    if not found:
        return Stands("gone")
    start, end = new[found[0]][0], new[found[-1]][1]
    at = text.find(words, start, end)
    if at >= 0:
        return Stands("same", at, at + len(words))
    is_whole = len(fates) == len(found) and all(f.outcome == "keep" for f in fates)
    fate = "same" if is_whole else "reworded"
    near = partial_ratio_alignment(words, text[start:end], score_cutoff=_LIKE)
    if near and near.dest_end > near.dest_start and len(words) < end - start:
        start, end = _whole_words(text, start + near.dest_start, start + near.dest_end, start, end)
    return Stands(fate, start, end)


def _whole_words(text: str, start: int, end: int, low: int, high: int) -> Offsets:
    """The passage widened to whole words, without blanks at its ends."""
    while start > low and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < high and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    while start < end - 1 and text[start].isspace():
        start += 1
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    return start, end
