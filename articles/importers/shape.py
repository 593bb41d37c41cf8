"""Mended lines of plain text as paragraphs, headings and lists."""

from __future__ import annotations

import re

from . import listing
from .blocks import Block, Listing, Run, Text, settle

MAX_HEADING = 100
_SENTENCE_ENDS = (".", "!", "…", ";", ",", ".”", '."', ".)")


def shaped(lines: list[str]) -> list[Block]:
    """The blocks of an article's lines, none of which is blank.

    A short line without the end of a sentence is a heading if text stands under it, an item of a
    list that lost its marks if a line with a colon opens it, and dropped where neither is so.
    """
    kinds = [_kind(line) for line in lines]
    _settle_short_lines(lines, kinds)
    _settle_numbered_headings(lines, kinds)
    out: list[Block] = []
    for line, kind in zip(lines, kinds, strict=True):
        if kind == "heading":
            out.append(_text("h2", line.rstrip(":").strip()))
        elif kind == "item":
            _add_item(out, line)
        elif kind == "bare":
            _append(out, "ul", line)
        elif kind == "text":
            out += _paragraph(line)
    # A heading with nothing under it is left over from the page.
    while out and isinstance(out[-1], Text) and out[-1].tag == "h2":
        out.pop()
    return out


def _kind(line: str) -> str:
    if listing.split_run_on(line):
        return "text"
    if listing.is_item(line):
        return "item"
    return "short" if _is_short(line) else "text"


def _is_short(line: str) -> bool:
    """Short, without the end of a sentence: a heading, perhaps, or an item that lost its mark."""
    if len(line) > MAX_HEADING or len(line.split()) > 14 or not re.search(r"[^\W\d_]", line):
        return False
    return not line.endswith(_SENTENCE_ENDS)


def _settle_short_lines(lines: list[str], kinds: list[str]) -> None:
    """Say of each stretch of short lines whether it is a heading, a list or a menu."""
    if all(kind == "short" for kind in kinds):
        kinds[:] = ["text"] * len(kinds)
    index = 0
    while index < len(kinds):
        end = index
        while end < len(kinds) and kinds[end] == "short":
            end += 1
        if end > index:
            following = kinds[end] if end < len(kinds) else ""
            before = lines[index - 1] if index else ""
            kinds[index:end] = _kinds_of(lines[index:end], before, following)
        index = max(end, index + 1)


def _kinds_of(run: list[str], before: str, following: str) -> list[str]:
    """The kinds of neighbouring short lines between the line before and the kind of the next.

    `before` and `following` are empty at the start and at the end of the article.
    """
    opening = _opening(run)
    if opening is not None:
        rest = _kinds_of(run[opening + 1 :], run[opening], following)
        return ["heading"] * opening + ["text"] + rest
    size = len(run)
    if before.endswith(":") and size >= 2:
        # “Common signs are:” and then bare lines; the last may head what follows.
        changes = run[0][:1].islower() or run[-1].endswith(("?", ":"))
        heads = following == "text" and run[-1][:1].isupper() and changes
        return ["bare"] * (size - heads) + ["heading"] * heads
    if not following:
        return ["drop"] * size
    if following == "item" and run[-1].endswith(":") and len(run[-1].split()) > 3:
        return ["heading"] * (size - 1) + ["text"]
    if size >= 3 and before:
        return ["heading"] + ["bare"] * (size - 2) + ["heading"]
    # Three short lines before any sentence are the page's menu; the last may be a heading.
    return ["drop" if size >= 3 else "heading"] * (size - 1) + ["heading"]


def _opening(run: list[str]) -> int | None:
    """The short line, ending in a colon, that opens a list of the bare lines after it."""
    for at in range(len(run) - 2):
        follow = run[at + 1 : at + 3]
        if run[at].endswith(":") and not any(line.endswith((":", "?")) for line in follow):
            return at
    return None


def _settle_numbered_headings(lines: list[str], kinds: list[str]) -> None:
    """“1. Reset” over a paragraph and “2. Repair” over another are headings, not items."""
    for i, kind in enumerate(kinds):
        if kind != "item" or listing.item(lines[i])[0] != "ol":
            continue
        before = kinds[i - 1] if i else ""
        following = kinds[i + 1] if i + 1 < len(kinds) else ""
        alone = before != "item" and following == "text"
        if alone and _is_short(listing.item(lines[i])[1]):
            kinds[i] = "heading"


def _paragraph(line: str) -> list[Block]:
    found = listing.split_run_on(line)
    if not found:
        return [_text("p", line)]
    before, tag, items, after = found
    blocks: list[Block] = [_text("p", before)] if before else []
    blocks.append(Listing(tag, [[_text("", entry)] for entry in items]))
    return blocks + ([_text("p", after)] if after else [])


def _add_item(out: list[Block], line: str) -> None:
    tag, text, number = listing.item(line)
    if tag == "ol" and number == 1 and out and isinstance(out[-1], Listing):
        out.append(Listing(tag, []))
    _append(out, tag, text)


def _append(out: list[Block], tag: str, text: str) -> None:
    if not (out and isinstance(out[-1], Listing) and out[-1].tag == tag):
        out.append(Listing(tag, []))
    out[-1].items.append([_text("", text)])


def _text(tag: str, text: str) -> Text:
    return Text(tag, settle([Run(text)]))
