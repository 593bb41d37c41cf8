"""Titles and summaries made out of an article's own words."""

from __future__ import annotations

import re
from pathlib import PurePath

from .article import MAX_SUMMARY, MAX_TITLE
from .blocks import Block, Listing, Text

_ABBREVIATION_LIST = """
    e.g i.e etc vs dr prof mr mrs ms st no fig approx al cf u.s u.k dept inc ltd jr sr
"""
_ABBREVIATIONS = frozenset(_ABBREVIATION_LIST.split())
_END = re.compile(r"[.!?]+[”\"’')\]]*\s+(?=[“\"‘'(]?[A-Z0-9])")


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph, for a summary; abbreviations do not end one."""
    out: list[str] = []
    start = 0
    for hit in _END.finditer(text):
        before = text[start : hit.start()].rsplit(None, 1)
        word = before[-1].lower().strip('(“"') if before else ""
        if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "i"):
            continue
        out.append(text[start : hit.end()].strip())
        start = hit.end()
    return [*out, text[start:].strip()] if text[start:].strip() else out


def summary_of(blocks: list[Block]) -> str:
    """The first one or two sentences, up to about MAX_SUMMARY characters; never a heading."""
    paragraphs = [b.plain for b in blocks if isinstance(b, Text) and b.tag == "p" and b.plain]
    if not paragraphs:
        paragraphs = [
            item[0].plain
            for b in blocks
            if isinstance(b, Listing)
            for item in b.items
            if item and isinstance(item[0], Text)
        ]
    if not paragraphs:
        return ""
    # An introduction of a few words says nothing without what follows it.
    text = paragraphs[0]
    if len(text) < 60 and len(paragraphs) > 1:
        text = f"{text} {paragraphs[1]}"
    chosen = ""
    for sentence in sentences(text[: MAX_SUMMARY * 8])[:2]:
        longer = f"{chosen} {sentence}".strip()
        if chosen and len(longer) > MAX_SUMMARY:
            break
        chosen = longer
    return shortened(chosen, MAX_SUMMARY)


def shortened(text: str, limit: int) -> str:
    """The text on one line, cut between words with an ellipsis if it is too long."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    cut = text[: limit - 1].rpartition(" ")[0] or text[: limit - 1]
    return cut.rstrip(" ,;:–—-") + "…"


def title_of(text: str) -> str:
    """The text as a title: one line, at most MAX_TITLE characters."""
    return shortened(text.strip(" \t|·–—-"), MAX_TITLE)


def title_from_name(name: str) -> str:
    """A title for a text without one, out of the name of its file."""
    stem = re.sub(r"[\W_]+", " ", PurePath(name).stem).strip()
    return title_of(stem[:1].upper() + stem[1:]) or "Untitled"


def same_words(one: str, other: str) -> bool:
    """Whether two lines say the same, capitals and punctuation apart."""
    return key_of(one) == key_of(other) != ""


def key_of(text: str) -> str:
    """Letters and digits of the text, in lower case, for comparison."""
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()
