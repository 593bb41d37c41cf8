"""Blocks and sentences of a text, with their offsets."""

import re
from functools import lru_cache

from claims.checker.model import Block
from claims.checker.normal import UNSEEN, UNSEEN_MARKS

# A longer sentence is read in pieces of this many characters, so that no text, however
# odd, makes a rule look at more than a bounded stretch.
LONGEST = 2_000
_STRETCH = 20_000
_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
_FINAL = tuple(".!?…:;؟。！？\"”’')]")
_BULLET = re.compile(r"\s*(?:[-*•·‣▪●–]|\(?\d{1,2}[.)])\s+")
_JOINING = frozenset("and or of the a an with to in for by from on as at is are that which".split())
_NO_END = frozenset(
    "approx ca fig figs no vs e.g i.e cf al dr prof mr mrs ms st resp inc ltd vol pp eq ref "
    "refs tab dept est incl esp etc jr sr jan feb mar apr jun jul aug sep sept oct nov dec "
    "nat med clin immunol rheumatol neurol engl biol proc acad sci".split()
)
# "in Washington, D.C. Nearly 200 ...": initials end a sentence where one of these follows.
_OPENERS = frozenset(
    "The In A An It Its This That These Those They We Our But For At On After All Some Most Many "
    "However Researchers Scientists Patients People Nearly About Both One There When While Thus To "
    "As If No Not He She Here By With From Although".split()
)
_MARKS = re.compile(
    r"(?<![.!?…؟])[.!?…؟]++[\"”’')\]]*+(?:\[\d{1,3}(?:[,–-]\d{1,3})*\]|[¹²³⁰-⁹]+)?"
    rf"(?:{UNSEEN_MARKS}*+\s)++"
    r"|[。！？]++[」』”’)]*+\s*+"  # no space follows these
    # "It helped.The next": a space got lost.
    rf"|(?<=[a-z]{{3}})[.!?](?=(?:{'|'.join(sorted(_OPENERS))})\s)"
)
_OPENING = re.compile(r"[\"“‘'(\[]*+")
_WORD = re.compile(r"[\w-]*+")
_FULL_STOP = re.compile(r"\.(?![.!?…\"”’')\]])")
_CLOSING = re.compile('["”’)]')
_INITIALS = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]")
_DASHES = ("–", "—", "-")
_LONGEST_ABBREVIATION = 4
_LOOK_BACK = 24  # characters; the word before a mark, unless it is no word at all
_FLAT = {ord(c): " " for c in "\n\r\x0b\x0c\x85\u2028\u2029\x1c\x1d\x1e"}


def derive_blocks(text: str) -> list[Block]:
    """Blocks by line; a line broken off in mid-sentence is joined to the one after it."""
    lines = []
    for hit in _LINE.finditer(text):
        raw = hit.group()
        stripped = raw.strip()
        if stripped:
            start = hit.start() + len(raw) - len(raw.lstrip())
            lines.append((start, start + len(stripped)))
    joined: list[tuple[int, int]] = []
    for start, end in lines:
        if joined and _runs_on(text, joined[-1], (start, end)):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    joined = _without_repeated_title(text, joined)
    return [Block(s, e, _kind(text, s, e, i)) for i, (s, e) in enumerate(joined)]


def _without_repeated_title(text: str, lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Web pages often run the title into the first paragraph; it is a line of its own."""
    if len(lines) < 2 or lines[0][1] - lines[0][0] > 200:
        return lines
    title, (start, end) = text[slice(*lines[0])], lines[1]
    rest = start + len(title)
    if not text.startswith(title, start) or rest >= end or not text[rest].isspace():
        return lines
    return [lines[0], (start, rest), (rest + 1, end), *lines[2:]]


def _runs_on(text: str, before: tuple[int, int], after: tuple[int, int]) -> bool:
    if text[before[1] - 1] in _FINAL or _BULLET.match(text, after[0]):
        return False
    if text[after[0]].islower():
        return True
    last = text[max(before[0], before[1] - 20) : before[1]].rsplit(None, 1)[-1].lower()
    return last in _JOINING or last.endswith(",")


def _kind(text: str, start: int, end: int, index: int) -> str:
    if text.startswith("#", start):
        return "heading"
    if _BULLET.match(text, start):
        return "item"
    short = end - start <= 120
    if text[end - 1] not in _FINAL and short and end - start < len(text.strip()):
        return "heading" if index else "title"
    return "heading" if short and text[end - 1] == "?" and index else "paragraph"


def sentences_of(text: str, block: Block) -> list[tuple[int, int]]:
    """Spans of the sentences of one block, trimmed of white space, in order."""
    whole = block.kind in ("title", "heading") and block.end - block.start <= 160
    out: list[tuple[int, int]] = []
    for start, end in _stretches(text, block.start, block.end):
        out += [(start + a, start + b) for a, b in _cut(text[start:end], whole)]
    return out


def _stretches(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A long block in stretches that end with a sentence where they can: what is kept of each
    stays small."""
    out = []
    while end - start > _STRETCH:
        cut = text.rfind(". ", start + _STRETCH // 2, start + _STRETCH) + 1
        cut = cut or text.rfind(" ", start + _STRETCH // 2, start + _STRETCH)
        cut = cut if cut > start else start + _STRETCH
        out.append((start, cut))
        start = cut
    return [*out, (start, end)]


@lru_cache(maxsize=4_000)
def _cut(piece: str, whole: bool) -> list[tuple[int, int]]:
    """Trimmed spans of its sentences, or of the one that the whole is; kept, because a text that is
    saved is cut more than once."""
    out: list[tuple[int, int]] = []
    for start, end in [(0, len(piece))] if whole else _segment(piece):
        start = min(UNSEEN.match(piece, start).end(), end)
        while end > start and piece[end - 1].isspace():
            end -= 1
        if end > start:
            out += _pieces(piece, start, end)
    return out


def _segment(piece: str) -> list[tuple[int, int]]:
    # Line breaks inside a block are hard breaks of one sentence, so they become spaces.
    flat = piece if piece.isascii() and piece.isprintable() else piece.translate(_FLAT)
    spans, at = [], 0
    for hit in _MARKS.finditer(flat):
        if hit.end() < len(flat) and _ends_sentence(flat, at, hit):
            spans.append((at, hit.end()))
            at = hit.end()
    return [*spans, (at, len(flat))]


def _ends_sentence(flat: str, start: int, marks: re.Match) -> bool:
    """Whether the sentence that begins at `start` ends with these marks."""
    after = _OPENING.match(flat, marks.end()).end()
    follows = _WORD.match(flat, after)[0]
    before = flat[max(start, marks.start() - _LOOK_BACK) : marks.start()].rsplit(None, 1)
    word = before[-1].lstrip("\"“‘'([") if before else ""
    # "cells" goes on with a sentence; "cDNA" and "p53" may begin one.
    is_small = follows.islower() and not any(map(str.isdigit, follows))
    is_dash = flat.startswith(_DASHES, after)
    if not _FULL_STOP.match(marks[0]):
        # “It works!” she said. – “Like a baby now!” – Dee
        return not is_small and (not is_dash or _CLOSING.search(marks[0]))
    if len(word) == 1 and word.isalpha() or _INITIALS.fullmatch(word):
        return follows in _OPENERS
    # "Ms." is a title, "MS." a disease.
    if word.lower() in _NO_END and not (len(word) > 1 and word.isupper()):
        return word.lower() == "no" and not follows[:1].isdigit()
    # "Minn. – The hospital" is a dateline; "ssp. foliosa" an abbreviation that we do not know.
    return not is_dash and (not is_small or len(word) > _LONGEST_ABBREVIATION)


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A sentence, or pieces of it no longer than LONGEST, cut at a space where there is one."""
    out = []
    while end - start > LONGEST:
        cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = cut if cut > 0 else start + LONGEST
        out.append((start, cut))
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if end > start:
        out.append((start, end))
    return out
