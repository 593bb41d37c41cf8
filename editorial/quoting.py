"""From the words that somebody selected to their place in a revision's text.

A browser gives words without saying where they stand in our text, with blanks and line ends of its
own. What stood around them, blanks left out, tells one place from another.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext

from .errors import WrongState
from .text import Document

CONTEXT = 32  # characters of the text kept before and after the words
LONGEST = 2000  # characters of a quotation


@dataclass(frozen=True)
class Quote:
    """W3C selectors of a passage: its exact words, what stands around them, and its offset."""

    exact: str
    prefix: str
    suffix: str
    start: int


def quote_at(document: Document, start: int, end: int) -> Quote:
    """The selectors of a passage given by its offsets; WrongState when they name no words."""
    text = document.text
    if not 0 <= start < end <= len(text) or not text[start:end].strip():
        raise WrongState(
            gettext("No words stand at that place of the text. Choose a sentence again.")
        )
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return Quote(text[start:end], before, after, start)


def find_quote(document: Document, words: str, prefix: str = "", suffix: str = "") -> Quote:
    """The selectors of words that somebody selected; what stands around decides among several.

    Raises WrongState when the words are too many or do not stand in the text.
    """
    wanted = _bare(words)
    if not wanted:
        raise WrongState(gettext("No words are selected. Select some, or choose a sentence."))
    if len(words) > LONGEST:
        raise WrongState(gettext("That is a long passage. Select at most a few sentences of it."))
    found = _places_of(wanted, document.text)
    if not found:
        raise WrongState(
            gettext(
                "The words “%(value)s” do not stand in this revision. Reload the page and"
                " select them again."
            )
            % {"value": " ".join(words.split())[:80]}
        )
    start, end = max(found, key=lambda span: _agreement(document.text, span, prefix, suffix))
    return quote_at(document, start, end)


def _places_of(wanted: str, text: str) -> list[tuple[int, int]]:
    """Where words stand in a text, blanks of both left out: a browser has none between blocks."""
    offsets = [i for i, character in enumerate(text) if not character.isspace()]
    bare = "".join(text[i] for i in offsets)
    return [
        (offsets[m.start()], offsets[m.end() - 1] + 1) for m in re.finditer(re.escape(wanted), bare)
    ]


def _agreement(text: str, span: tuple[int, int], prefix: str, suffix: str) -> int:
    """How many characters around a place are those that stood around the selection."""
    before = _bare(text[max(0, span[0] - 4 * CONTEXT) : span[0]])[::-1]
    after = _bare(text[span[1] : span[1] + 4 * CONTEXT])
    return _alike(before, _bare(prefix)[::-1]) + _alike(after, _bare(suffix))


def _bare(text: str) -> str:
    return "".join(text.split())


def _alike(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
