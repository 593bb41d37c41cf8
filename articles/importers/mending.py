"""Mends lines broken in the middle of a sentence or of a word.

Web pages are broken where an advertisement stood, text files at the right margin. Which of the
two it is shows in how many lines break; whether the break went through a word shows in the rest
of the text: does the joined word stand elsewhere, or one of its family, or do the two halves?
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from .listing import is_item

FINAL = tuple(".!?…:;。！？\"”’')]»")
CLOSERS = tuple("\"”’')]")
# Words that hold English sentences together: these stand alone in any text.
_FUNCTION_LIST = """
    a about above after again against all almost along already also although always among an
    and another any are around as at away back be because become been before being below
    between both but by came can cannot come could did do does done down during each either
    enough even ever every far few first for from further gave get give given go had has have
    he help helps her here high him his how however i if in including instead into is it its
    itself just keep kept known large last later least less like long low made mainly make
    makes many may means might more most much must near need new no nor not now of off often
    old on once one only or other others our out over own part people per quite rather same
    see seem seen several shall she should show shown since small so some soon still such take
    than that the their them themselves then there these they this those though three through
    throughout thus to today together too toward towards two under until up upon us use used
    using very via was way ways we well were what when where whether which while who whole
    whom whose why will with within without work works would year years yet you your
"""
FUNCTION_WORDS = frozenset(_FUNCTION_LIST.split())
# Of those, the ones after which a sentence cannot end.
_JOINING_LIST = """
    a an the and or nor of to with in into for by from on at as that which who whose than
    because while whether if its their his her our your these those this such between through
    during including both either can may might could should would will is are was were be been
    has have
"""
JOINING = frozenset(_JOINING_LIST.split())
# Two consonants that begin no English word, and endings that are no word.
_NO_BEGINNING = re.compile(
    r"(?:bb|cc|dd|ff|gg|kk|ll|mm|nn|pp|rr|ss|tt|vv|zz|ct|ft|lt|lth|ld|lf|lk|lm|lp|ls|lv|mb|mp|nc|nd"
    r"|ng|nk|ns|nt|nv|rb|rc|rd|rf|rg|rk|rl|rm|rn|rp|rs|rt|rv|ck|pt(?!er|os)|xp|xt|bs|ds|gs|ks|ys|tl"
    r"|dv|dj|bj|bl[ye]\Z|ti(?:ons?|ve|ng)\Z|ci(?:es|al)\Z|[^aeiouy]+\Z|(?!schw)[^aeiouy]{4})"
)
# Letters that end no English word, or hardly any.
_NO_ENDING = re.compile(
    r"(?:[bcdfgkpt][lr]|nf|nv|[jqv]|[^aeo]u|[^ea]i|bb|cc|mm|nn|pp|rr|(?<!di)sc)\Z"
)
_ENDING_LIST = """
    ed er ers es est ing ings ion ions ity ities ive ly al ally ance ence ant ent ants ents
    able ible ous ment ments ness tion tions sion sions ation ations ated ating ates ic ics
    ical ism ist ists ize izes ise ises ised ized ful less ary ory ure ures ia ias ias oid
    itis osis rapy rapies ease eases une ologic ological otic etic ular ulation
"""
_ENDINGS = frozenset(_ENDING_LIST.split())
_TOKEN = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_LAST = re.compile(r"([^\W\d_]+)$")
_FIRST = re.compile(r"([^\W\d_]+)")
LONGEST_STEM = 14
TAIL = 60
MIN_LINE = 40
"""A line shorter than this many characters is more likely a heading or an item than broken."""


class Vocabulary:
    """The words of one text: how often each stands there, and how many begin with a stem."""

    def __init__(self, lines: list[str]):
        self.count = Counter(t.lower() for line in lines for t in _TOKEN.findall(line))
        self.begins = Counter(
            word[:length]
            for word in self.count
            for length in range(4, min(len(word), LONGEST_STEM) + 1)
        )

    def has_family(self, word: str) -> bool:
        """Whether another word of the text shares the stem of this one."""
        if len(word) < 4:
            return False
        stem = word[: min(max(4, len(word) - 2), LONGEST_STEM)]
        return self.begins[stem] > (1 if word in self.count else 0)


def mend(lines: list[str]) -> list[str]:
    """The lines with broken sentences joined; blank lines stay where nothing was joined."""
    full = [line for line in lines if line]
    if len(full) < 2:
        return lines
    words = Vocabulary(full)
    width = _margin(full)
    # Each paragraph is kept in pieces until the end: joining as we go would be quadratic.
    out: list[_Paragraph] = []
    gap = 0
    for line in lines:
        if not line:
            gap += 1
            continue
        if out and _goes_on(out[-1], line, gap, width):
            before = out[-1].pieces
            before[-1] = _with_joint(before[-1], line, words, wrapped=width > 0 and not gap)
            before.append(line)
        else:
            out.append(_Paragraph([line], gap))
        gap = 0
    mended = [entry for p in out for entry in [""] * p.gap + ["".join(p.pieces)]]
    return mended[out[0].gap :]


@dataclass(slots=True)
class _Paragraph:
    """Pieces of one paragraph, and how many blank lines stood before it."""

    pieces: list[str]
    gap: int

    @property
    def is_item(self) -> bool:
        return is_item(self.pieces[0])

    @property
    def is_long(self) -> bool:
        return len(self.pieces) > 1 or len(self.pieces[0]) >= MIN_LINE


def _margin(lines: list[str]) -> int:
    """The width at which the text was wrapped, or 0 if it was not.

    Wrapped text has many unfinished lines and none that is much longer than the others.
    """
    lengths = [len(line) for line in lines]
    longest = max(lengths)
    if longest > 130 or len(lines) < 4:
        return 0
    unfinished = sum(
        not a.endswith(FINAL) and len(a) > longest * 0.6 and not is_item(b)
        for a, b in pairwise(lines)
    )
    return longest if unfinished >= len(lines) * 0.3 else 0


def _goes_on(paragraph: _Paragraph, after: str, gap: int, width: int) -> bool:
    if is_item(after):
        return False
    before = paragraph.pieces[-1]
    first = after.lstrip("“\"'(")[:1]
    # In wrapped text a full line goes on whatever it ends with; a blank line ends a paragraph.
    if width and not gap and (len(before) > width * 0.6 or (paragraph.is_item and first.islower())):
        return True
    closed = before.endswith(CLOSERS) and first.islower() and before[-2:-1] not in FINAL
    if before.endswith(FINAL) and not closed:
        return False
    long_enough = paragraph.is_long or paragraph.is_item
    last = _LAST.search(before[-TAIL:])
    unfinished = before.endswith((",", "-", "–", "—")) or (
        last is not None and last.group(1).lower() in JOINING
    )
    if first.islower():
        return long_enough or unfinished
    count = len(before.split())
    if first.isdigit() or after.startswith("("):
        return long_enough and (unfinished or count > 14)
    return unfinished and long_enough and count > 5


def _with_joint(before: str, after: str, words: Vocabulary, *, wrapped: bool) -> str:
    """The piece before, with a space, without one, or without its hyphen, as the joint asks."""
    left, right = _LAST.search(before.rstrip("-")[-TAIL:]), _FIRST.match(after)
    if left is None or right is None or not after[:1].islower():
        return f"{before} "
    if before.endswith("-"):
        whole = (left.group(1) + right.group(1)).lower()
        hyphened = f"{left.group(1)}-{right.group(1)}".lower()
        known = words.count[whole] and not words.count[hyphened]
        return before[:-1] if known else before
    at_end = before.endswith(left.group(1)) and not wrapped
    tight = at_end and _is_one_word(left.group(1).lower(), right.group(1).lower(), words)
    return before if tight else f"{before} "


def _is_one_word(left: str, right: str, words: Vocabulary) -> bool:
    """Whether a break between these two letters-only halves went through a word."""
    whole = left + right
    # Each half stands once at the break itself; more than that is evidence.
    seen_left = words.count[left] > 1 or left in FUNCTION_WORDS
    seen_right = words.count[right] > 1 or right in FUNCTION_WORDS
    if words.count[whole] or whole in FUNCTION_WORDS:
        return words.count[whole] > 1 or not (seen_left and seen_right)
    # One or two letters that are no word of their own are the end of one.
    if len(right) <= 2 and right not in FUNCTION_WORDS and right != "vs":
        return True
    if not seen_left and _NO_ENDING.search(left):
        return True
    if seen_right:
        return False
    # A word that begins like the joined one, beyond the break, is of its family.
    if words.begins[whole[: min(max(len(left) + 2, 5), len(whole), LONGEST_STEM)]]:
        return len(left) < LONGEST_STEM
    if not seen_left and len(left) <= 3:
        return True
    if words.has_family(right):
        return False
    if right in _ENDINGS or _NO_BEGINNING.match(right):
        return True
    # Nothing speaks for the halves: a word unknown before the break and a short one after it.
    return not seen_left and not words.has_family(left) and len(right) <= 4
