"""Patterns over cue groups: how a rule says what it looks for.

"hype"                     a cue of the group stands in the sentence
"modal|hope"               a cue of either group
"modal > benefit"          in this order, at most 8 words between them
"modal >3> benefit"        in this order, at most 3 words between them
"therapy + outcome"        either order, at most 8 words between them
"benefit:past"             only that form of the group's verbs (base, s, past, ing)
"is:question"              a property of the sentence or the article
"""

import re
from typing import NamedTuple

from claims.checker.lexicon import Hit, Lexicon

DEFAULT_GAP = 8
# No word gap can be longer than this many characters a word; it bounds the counting.
_WORD = 20
PROPERTIES = (
    "hedged", "negated", "question", "quotation", "attributed", "heading", "title",
    "paragraph", "cited", "sourced", "about_unproven", "about_standard", "short",
    "absolute_near", "subject_therapy", "subject_lifestyle", "subject_standard",
    "subject_patients", "subject_condition", "subject_none", "seller", "about_animals",
    "observational", "lifestyle_topic", "topic_therapy", "under_benefits",
)  # fmt: skip
_STEP = re.compile(r"\s*(>(?:\d+>)?|\+)\s*")


class PatternError(ValueError):
    """A pattern that cannot be used; the message says why."""


class Term(NamedTuple):
    """A compiled pattern: the groups of each step and the gap in words before it."""

    text: str
    steps: tuple[int, ...]
    gaps: tuple[int, ...]
    either_order: bool
    properties: int


def property_bit(name: str) -> int:
    """The bit of a property of the sentence; PatternError where there is no such one."""
    if name not in PROPERTIES:
        raise PatternError(f"there is no property is:{name}")
    return 1 << PROPERTIES.index(name)


def compile_term(text: str, lexicon: Lexicon) -> Term:
    """Compile one pattern; PatternError says what is wrong with it."""
    if text.startswith("is:"):
        bits = 0
        for part in text.split("|"):
            bits |= property_bit(part.strip().removeprefix("is:"))
        return Term(text, (), (), False, bits)
    parts = _STEP.split(text.strip())
    steps, gaps, either = [], [], False
    for index, part in enumerate(parts):
        if index % 2:
            either = either or part == "+"
            gaps.append(int(part[1:-1]) if len(part) > 1 else DEFAULT_GAP)
        else:
            steps.append(_groups(part, lexicon))
    if either and len(steps) != 2:
        raise PatternError(f"{text!r}: + joins exactly two groups")
    return Term(text, tuple(steps), tuple(gaps), either, 0)


def steps_of(text: str) -> int:
    """How many groups a pattern asks for, one after the other."""
    return len(_STEP.split(text.strip())[::2])


def _groups(part: str, lexicon: Lexicon) -> int:
    bits = 0
    for name in part.split("|"):
        name = name.strip()
        if not lexicon.knows(name):
            raise PatternError(f"there is no cue group {name!r}")
        bits |= lexicon.bit(name)
    return bits


def match(term: Term, hits: list[Hit], present: int, properties: int, words: str) -> list | None:
    """The hits that fulfil a term, an empty list for a property, or None.

    Linear in the number of hits: for each step only the nearest reachable hit before it
    counts, so no choice is ever taken back.
    """
    if term.properties:
        return [] if term.properties & properties else None
    for step in term.steps:
        if not step & present:
            return None
    if len(term.steps) == 1:
        wanted = term.steps[0]
        return [next(h for h in hits if h.bits & wanted)]
    found = _in_order(term.steps, term.gaps, hits, words)
    if found is None and term.either_order:
        found = _in_order(term.steps[::-1], term.gaps, hits, words)
    return found


def _in_order(steps, gaps, hits: list[Hit], words: str) -> list[Hit] | None:
    # Chains are (hit, previous chain); `reached` holds those that end in the last step.
    reached = [(h, None) for h in hits if h.bits & steps[0]]
    for step, gap in zip(steps[1:], gaps, strict=True):
        following, at = [], 0
        reached.sort(key=lambda chain: chain[0].end)
        for hit in hits:
            if not hit.bits & step:
                continue
            while at < len(reached) and reached[at][0].end <= hit.start:
                at += 1
            if at and _near(reached[at - 1][0].end, hit.start, gap, words):
                following.append((hit, reached[at - 1]))
        if not following:
            return None
        reached = following
    chain, out = reached[0], []
    while chain:
        out.append(chain[0])
        chain = chain[1]
    return out[::-1]


def _near(end: int, start: int, gap: int, words: str) -> bool:
    # `words` stands one place to the right of the offsets of hits, and the space before
    # the later cue is no word of its own.
    return start - end <= (gap + 1) * _WORD and words.count(" ", end + 1, start) <= gap
