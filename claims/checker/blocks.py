"""Blocks and sentences of a text, with their offsets."""

import re
from collections.abc import Iterator
from functools import lru_cache

import sentencex

from claims.checker.model import Block
from claims.checker.normal import UNSEEN

# A longer sentence is read in pieces of this many characters, so that no text, however
# odd, makes a rule look at more than a bounded stretch.
LONGEST = 2_000
_STRETCH = 20_000
_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+")
_FINAL = tuple(".!?…:;。！？\"”’')]")
_BULLET = re.compile(r"\s*(?:[-*•·‣▪●–]|\(?\d{1,2}[.)])\s+")
_JOINING = frozenset("and or of the a an with to in for by from on as at is are that which".split())
_NO_END = frozenset(
    "approx ca fig figs no vs e.g i.e cf al dr prof mr mrs ms st resp inc ltd vol pp eq ref "
    "refs tab dept est incl esp etc jr sr jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_MARKED = re.compile('["“”\\[(…]')
_BREAK = re.compile(
    r"(?<![.!?…])[.!?…]++[\"”’')\]]*+(?:\[\d{1,3}(?:[,–-]\d{1,3})*\])?\s++[\"“‘'(\[]*+"
)

# "in Washington, D.C. Nearly 200 ...": initials that end a sentence, by the word after them.
_INITIALS = re.compile(
    r"[A-Z]\.[A-Z]\.\s(?=(?:The|In|An?|It|This|These|They|We|Our|But|For|At|On|After|All|Some|"
    r"Most|Many|However|Researchers|Scientists|Patients|People|Nearly|About|Both|One)\s)"
)


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
    if block.kind in ("title", "heading") and block.end - block.start <= 160:
        spans = [(block.start, block.end)]
    else:
        spans = []
        for start, end in _stretches(text, block.start, block.end):
            spans += [(start + a, start + b) for a, b in _segment(text[start:end])]
    out = []
    for start, end in spans:
        start = min(UNSEEN.match(text, start).end(), end)
        while end > start and text[end - 1].isspace():
            end -= 1
        if end > start:
            out.extend(_pieces(text, start, end))
    return out


def _stretches(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A long block in stretches that end with a sentence where they can.

    The splitter's time grows with the square of what it is given in some odd texts.
    """
    out = []
    while end - start > _STRETCH:
        cut = text.rfind(". ", start + _STRETCH // 2, start + _STRETCH) + 1
        cut = cut or text.rfind(" ", start + _STRETCH // 2, start + _STRETCH)
        cut = cut if cut > start else start + _STRETCH
        out.append((start, cut))
        start = cut
    return [*out, (start, end)]


@lru_cache(maxsize=4_000)
def _segment(piece: str) -> list[tuple[int, int]]:
    """Spans in a piece; kept, because a text that is saved is cut more than once."""
    # Line breaks inside a block are hard breaks of one sentence, so they become spaces,
    # and lone surrogates cannot be handed to compiled code.
    plain = piece.isascii() and piece.isprintable()
    flat = piece if plain else piece.translate(_FLAT)
    spans: list[tuple[int, int]] = []
    start = 0
    for sentence in sentencex.segment("en", flat):
        end = start + len(sentence)
        if spans and _belongs_together(flat, spans[-1], start):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
        start = end
    if start < len(flat):
        spans.append((start, len(flat)))
    spans = [part for span in spans for part in _split_inside(flat, *span)]
    cuts = [hit.end() for hit in _INITIALS.finditer(flat)]
    spans = list(_cut_at(spans, cuts)) if cuts else spans
    return spans


_FLAT = {ord(c): " " for c in "\n\r\x0b\x0c\x85\u2028\u2029\x1c\x1d\x1e"}
# Curly quotation marks left open cost the splitter dearly; straight ones do not.
_FLAT.update({ord(c): '"' for c in "“”„«»"})
_FLAT.update(dict.fromkeys(range(0xD800, 0xE000), " "))


def _cut_at(spans: list[tuple[int, int]], cuts: list[int]) -> Iterator[tuple[int, int]]:
    """The spans, split at these places, in one walk along both."""
    at = 0
    for start, end in spans:
        while at < len(cuts) and cuts[at] < end:
            if cuts[at] > start:
                yield start, cuts[at]
                start = cuts[at]
            at += 1
        yield start, end


def _belongs_together(flat: str, before: tuple[int, int], start: int) -> bool:
    """Whether the splitter cut after an abbreviation, in an address or before a reference."""
    rest = flat[start : start + 2].lstrip()
    word = flat[max(before[0], before[1] - 24) : before[1]].rstrip()
    if not word or not rest:
        return True
    if rest[0] == "[" and word[-1] in ".!?" and start == before[1]:
        return True
    if word[-1] == "." and word.rsplit(None, 1)[-1].lower().strip('.("“') in _NO_END - {"no"}:
        return rest[0].islower() or rest[0].isdigit()
    return word[-1] == "." and rest[0].islower() and flat[before[1] - 1] == "."


def _split_inside(flat: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split at sentence ends that stand inside quotation marks or after a reference."""
    if not _MARKED.search(flat, start, end):
        return [(start, end)]
    spans, at = [], start
    for hit in _BREAK.finditer(flat, start, end):
        cut = hit.end()
        while cut > hit.start() and not flat[cut - 1].isspace():
            cut -= 1
        if hit.end() >= end or not (flat[hit.end()].isupper() or flat[hit.end()].isdigit()):
            continue
        word = flat[max(at, hit.start() - 24) : hit.start()].rsplit(None, 1)
        last = word[-1].lower().lstrip('("“') if word else ""
        if last in _NO_END or (len(last) == 1 and last.isalpha()) or "." in last:
            continue
        spans.append((at, cut))
        at = cut
    spans.append((at, end))
    return spans


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
