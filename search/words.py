"""Words as the search index knows them. Plain Python: text in, folded words out.

Folding makes “Sjögren’s”, “sjogrens” and “SJOGREN'S” the same word, and British and American
spellings too. Index and queries go through the same functions, so that both databases agree.
"""

import re
import unicodedata
from functools import lru_cache

LONGEST_WORD = 64  # longer ones are no words; databases refuse very long ones
_WORD = re.compile(r"[^\W_]+")
_RAW = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*['’]?")
_APOSTROPHES = re.compile("['’ʼ‘`´]")
_MARKS = re.compile(r"[\u0300-\u036f]")

# Endings and digraphs that differ between British and American spelling: haem- and hem-,
# oedema and edema, tumour and tumor, randomised and randomized.
_SPELLINGS = (("ae", "e"), ("oe", "e"), ("our", "or"), ("iz", "is"), ("yz", "ys"))
_SHORTEST_RESPELT = 5

STOP_WORDS = frozenset(
    "a an and are as at be been but by can could did do does for from get had has have how i if "
    "in into is it its me my no not of on or our should so than that the their them then there "
    "these they this to was we were what when where which who why will with would you your "
    "about any some".split()
)


def fold(text: str) -> str:
    """Small letters without diacritics and apostrophes."""
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return _APOSTROPHES.sub("", text.lower())


def words(text: str) -> list[str]:
    """The folded words of a text, in order: what names are compared by."""
    found = _WORD.findall(fold(text))
    if not found or len(max(found, key=len)) <= LONGEST_WORD:
        return found
    return [w for w in found if len(w) <= LONGEST_WORD]


@lru_cache(maxsize=50_000)
def respell(word: str) -> str:
    """One form for British and American spellings: what the full-text index holds."""
    if len(word) >= _SHORTEST_RESPELT:
        for british, form in _SPELLINGS:
            word = word.replace(british, form)
    return word


def index_text(text: str, longest: int) -> str:
    """The text as blank-separated index words, of its first `longest` characters."""
    return " ".join(map(respell, words(text[:longest])))


def key(text: str) -> str:
    """What two ways of writing the same name share: “CAR-T” and “car t” give “cart”."""
    return "".join(words(text))


def spelt(text: str) -> list[tuple[str, str]]:
    """Each word of a text as (folded, as it was written)."""
    pairs = ((key(raw), raw.rstrip("'’")) for raw in _RAW.findall(text))
    return [(folded, raw) for folded, raw in pairs if 0 < len(folded) <= LONGEST_WORD]
