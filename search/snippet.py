"""The piece of a page that answers the query, with the matches marked."""

import re
from html import escape
from itertools import islice

from django.utils.safestring import SafeString, mark_safe

from .words import fold, respell

LENGTH = 220  # characters
_LEAD = 60  # characters kept before the first match
_MOST_MATCHES = 40  # looked at, to choose the best place
# Endings that the databases' stemming passes over as well.
_ENDING = r"(?:s|e|es|ed|ing|al|ally|ic|ation|ations|ment|ments|y|ies)?"
_STEM = re.compile(r"(?:ations?|ments?|ally|ing|ies|ed|es|s|y|e)$")
_SHORTEST_STEM = 4


def pattern_of(terms) -> re.Pattern | None:
    """What to mark: the terms as written and the other ways of saying them."""
    phrases = [p for term in terms for p in (term.literal, *term.others)]
    phrases += [(word,) for term in terms for word in term.literal if term.is_name]
    ways = sorted({_phrase_pattern(p) for p in phrases if p}, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(ways)})\b") if ways else None


def _phrase_pattern(phrase) -> str:
    return r"[\W_]+".join(map(_word_pattern, phrase))


def _word_pattern(word: str) -> str:
    stem = _STEM.sub("", word)
    if len(stem) < _SHORTEST_STEM:
        return "['’]?".join(word)
    spelling = {"e": "[ao]?e", "o": "ou?", "s": "[sz]"}
    return "['’]?".join(spelling.get(c, c) for c in respell(stem)) + "['’]?" + _ENDING


def snippet(text: str, pattern: re.Pattern | None) -> SafeString:
    """About LENGTH characters of a plain text around the matches, escaped, marked."""
    matches = pattern.finditer(_same_length_fold(text)) if pattern else ()
    spans = [match.span() for match in islice(matches, _MOST_MATCHES)]
    start, end = _window(text, spans)
    parts, position = [], start
    for a, b in spans:
        if start <= a and b <= end:
            parts += [escape(text[position:a]), "<mark>", escape(text[a:b]), "</mark>"]
            position = b
    parts.append(escape(text[position:end]))
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return mark_safe(before + "".join(parts).strip() + after)  # every part was escaped above


def _window(text, spans) -> tuple[int, int]:
    """The stretch with the most matches, on word boundaries."""
    start = 0
    if spans:
        starts = [a for a, _ in spans]
        best = max(starts, key=lambda s: (sum(s <= a < s + LENGTH - _LEAD for a in starts), -s))
        start = max(0, best - _LEAD)
    start = min(start, max(0, len(text) - LENGTH))
    if start:
        blank = text.find(" ", start, start + _LEAD)
        start = blank + 1 if blank >= 0 else start
    end = min(len(text), start + LENGTH)
    if end < len(text):
        blank = text.rfind(" ", start + LENGTH - _LEAD, end)
        end = blank if blank > 0 else end
    return start, end


class _OneToOne(dict):
    """A table for str.translate that folds each character to one; filled as they are met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = character if character in "’'" else fold(character)
        self[code] = folded if len(folded) == 1 else character
        return self[code]


_FOLDED = _OneToOne()


def _same_length_fold(text: str) -> str:
    """The text in small letters without diacritics, character for character."""
    return text.lower() if text.isascii() else text.translate(_FOLDED)
