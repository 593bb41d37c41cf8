"""Do two titles name one paper? Identifiers are mistyped, and then they name another paper.

Words are compared without case, accents, markup and punctuation. Spellings of one word may differ
a little (randomised, randomized); a subtitle may be missing; different words may not.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

MOST_DIFFERENT = 0.1  # share of each title's words that the other may lack
ALIKE = 85  # of 100: two spellings of one word
SHORTEST_PART = 4  # words: fewer say too little to stand for a longer title
_WORD = re.compile(r"[^\W_]+")
_MARKUP = re.compile(r"<[^<>]{1,200}>")
_MARKED = re.compile(r"^\W*(?:retracted|withdrawn|retraction|removed)(?: article| paper)?\W+", re.I)
_SMALL = frozenset(
    "a an and as at by de for from in into is of on or the to with without vs versus".split()
)
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})


def title_words(title: str) -> list[str]:
    """The words that carry meaning, in order, in a form that can be compared."""
    text = _MARKED.sub("", _MARKUP.sub(" ", str(title or "")[:2000]))
    text = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    text = "".join(c for c in text if not unicodedata.combining(c))
    return [word for word in _WORD.findall(text) if word not in _SMALL]


def same_title(one: str, other: str) -> bool:
    """Whether both titles can be those of one paper. An empty title contradicts nothing."""
    ours, theirs = title_words(one), title_words(other)
    if not ours or not theirs or ours == theirs:
        return True
    shorter, longer = sorted((ours, theirs), key=len)
    lacking = _lacking(shorter, longer)
    if not lacking and len(shorter) >= SHORTEST_PART:
        return True
    extra = _lacking(longer, shorter)
    return lacking <= len(shorter) * MOST_DIFFERENT and extra <= len(longer) * MOST_DIFFERENT


def require_same_title(identifier: str, ours: str, theirs: str) -> None:
    """Raise ValidationError, showing both titles, unless they can be those of one paper.

    `identifier` is what joins them, such as “PMID 30644983”.
    """
    if not same_title(ours, theirs):
        raise ValidationError(
            gettext(
                "%(identifier)s belongs to “%(shown)s”, not to “%(shown_2)s”. Look both "
                "up and correct the identifier."
            )
            % {"identifier": identifier, "shown": _shown(theirs), "shown_2": _shown(ours)}
        )


def _lacking(words: list[str], others: list[str]) -> int:
    """How many of the words have no word like them among the others."""
    known = set(others)
    return sum(not (word in known or _has_like(word, known)) for word in words)


def _has_like(word: str, known: set[str]) -> bool:
    from rapidfuzz import fuzz  # not before it is needed: a reader's worker never does

    if len(word) < 5 or not word.isalpha():  # numbers and abbreviations are right or wrong
        return False
    return any(
        fuzz.ratio(word, other) >= ALIKE for other in known if abs(len(word) - len(other)) < 3
    )


def _shown(title: str) -> str:
    return title if len(title) <= 200 else f"{title[:199]}…"
