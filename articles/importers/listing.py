"""List items in plain text: on lines of their own, or run together in one paragraph."""

from __future__ import annotations

import re

_BULLET = re.compile(r"(?:[-*•·‣▪●○◦–—✓✔➤►]|[oO](?=\s{2,}))\s+(?=\S)")
_NUMBER = re.compile(r"\(?(\d{1,2})[.)]\s+(?=\S)")
_INLINE_NUMBERS = re.compile(r"(?:^|(?<=\s))\(?(\d{1,2})[.)]\s+")
_OPENS = re.compile(r"(?:[:.!?]|\b(?:are|is|include|includes|following|steps))$")
_SENTENCE_END = re.compile(r"[.!?](?=\s+[A-Z“\"])")


def is_item(line: str) -> bool:
    """Whether the line is marked as an item of a list."""
    return bool(_BULLET.match(line) or _NUMBER.match(line))


def item(line: str) -> tuple[str, str, int]:
    """(tag, text, number) of a marked line; the number is 0 for a bullet."""
    numbered = _NUMBER.match(line)
    if numbered:
        return "ol", line[numbered.end() :].strip(), int(numbered.group(1))
    return "ul", line[_BULLET.match(line).end() :].strip(), 0


def split_run_on(paragraph: str) -> tuple[str, str, list[str], str] | None:
    """(before, tag, items, after) of a paragraph that holds a list run together, else None.

    “Examples: - a - b - c” and “1. a 2. b 3. c” are such lists: bullets need two items behind a
    colon, or three at the start of the paragraph; numbers must count from one, without a gap.
    """
    return _bullets(paragraph) or _numbers(paragraph)


def _bullets(paragraph: str) -> tuple[str, str, list[str], str] | None:
    opening = re.search(r":\s+([-•·‣▪●*–])\s+(?=\S)", paragraph)
    if opening:
        before, rest = paragraph[: opening.start() + 1], paragraph[opening.end() :]
        mark, least = opening.group(1), 2
    elif _BULLET.match(paragraph):
        mark, before, least = paragraph[0], "", 2
        rest = paragraph[_BULLET.match(paragraph).end() :]
    else:
        return None
    items = [part.strip() for part in re.split(rf"\s+{re.escape(mark)}\s+", rest)]
    if len(items) < least or not all(items):
        return None
    items, after = _cut_last(items)
    return before, "ul", items, after


def _numbers(paragraph: str) -> tuple[str, str, list[str], str] | None:
    found = []
    for hit in _INLINE_NUMBERS.finditer(paragraph):
        if int(hit.group(1)) == len(found) + 1:
            found.append(hit)
    if len(found) < 2:
        return None
    before = paragraph[: found[0].start()].rstrip()
    after_colon = before.endswith(":")
    if not (after_colon or not before or len(found) >= 3):
        return None
    if before and not _OPENS.search(before):
        return None
    ends = [hit.start() for hit in found[1:]] + [len(paragraph)]
    items = [paragraph[hit.end() : end].strip() for hit, end in zip(found, ends, strict=True)]
    if not all(items):
        return None
    items, after = _cut_last(items)
    return before, "ol", items, after


def _cut_last(items: list[str]) -> tuple[list[str], str]:
    """Sentences that follow the last item, if the other items are not sentences themselves."""
    end = _SENTENCE_END.search(items[-1])
    if end and not any(_SENTENCE_END.search(one) for one in items[:-1]):
        return [*items[:-1], items[-1][: end.end()]], items[-1][end.end() :].strip()
    return items, ""
