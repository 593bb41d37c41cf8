"""How a claim fares when its page is edited: found again exactly, nearly, or not.

An exact sentence (blanks, quotation marks and dashes aside) is the same claim wherever it now
stands. A nearly equal sentence is the same claim only when every word that changed is known to be
harmless; anything else, a number, a “not”, a “may”, a name, is a new claim to be decided afresh.
Plain Python; the rule is strict on purpose: asking twice costs a minute, a wrong approval a life.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

NEAR = 75  # percent; below this two sentences are two claims

_QUOTES = str.maketrans("‘’‚‛“”„‟«»′″–—−\u2010\u2011", '\'\'\'\'""""""\'"-----')
_WORD = re.compile(r"[^\W_]+(?:['.,/-][^\W_]+)*|[%<>=±+]", re.UNICODE)
_HARMLESS = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "these",
        "that",
        "which",
        "who",
        "and",
        "also",
        "then",
        "so",
        "however",
        "moreover",
        "furthermore",
        "indeed",
        "in",
        "on",
        "of",
        "to",
        "for",
        "with",
        "from",
        "by",
        "at",
        "as",
        "it",
        "its",
        "their",
        "there",
        "here",
        "very",
    ]
)
_SPELLINGS = (
    ("isation", "ization"),
    ("ise", "ize"),
    ("ising", "izing"),
    ("ised", "ized"),
    ("our", "or"),
    ("aem", "em"),
    ("haem", "hem"),
    ("oe", "e"),
    ("ae", "e"),
    ("tre", "ter"),
    ("ogue", "og"),
    ("lled", "led"),
    ("lling", "ling"),
)


@dataclass(frozen=True)
class Carried:
    """What became of a sentence: `keep`, `reopen` or `gone`, and where it stands now."""

    outcome: str
    text: str | None = None
    index: int | None = None


def normal(sentence: str) -> str:
    """The sentence with blanks, quotation marks, dashes and letter forms made uniform."""
    flat = unicodedata.normalize("NFKC", sentence).translate(_QUOTES)
    return " ".join(flat.split())


def words(sentence: str) -> list[str]:
    """Its words, numbers and comparison signs in small letters; other punctuation is dropped."""
    return [w.casefold() for w in _WORD.findall(normal(sentence))]


def carry(claim: str, after: list[str], taken: Iterable[int] = ()) -> Carried:
    """Find a decided sentence among the sentences of the edited text.

    `taken` are indexes that other claims stand on already. `keep` means: the same assertion, its
    decision stands. `reopen`: a sentence that may mean something else stands in its place.
    """
    taken = set(taken)
    wanted = words(claim)
    candidates = [words(s) for s in after]
    for index, candidate in enumerate(candidates):
        if candidate == wanted and index not in taken:
            return Carried("keep", after[index], index)
    near = process.extractOne(
        " ".join(wanted),
        {i: " ".join(c) for i, c in enumerate(candidates) if i not in taken},
        scorer=fuzz.ratio,
        score_cutoff=NEAR,
    )
    if near is None:
        return Carried("gone")
    index = near[2]
    same = is_same_assertion(wanted, candidates[index])
    return Carried("keep" if same else "reopen", after[index], index)


def is_same_assertion(before: list[str], after: list[str]) -> bool:
    """Whether only harmless words differ between two lists of words."""
    for code in Levenshtein.opcodes(before, after):
        if code.tag == "equal":
            continue
        old = before[code.src_start : code.src_end]
        new = after[code.dest_start : code.dest_end]
        if len(old) == len(new) and all(map(_same_word, old, new)):
            continue
        if not all(word in _HARMLESS for word in (*old, *new)):
            return False
    return True


def _same_word(old: str, new: str) -> bool:
    """The same word, or its other spelling (British and American)."""
    if old == new or (old in _HARMLESS and new in _HARMLESS):
        return True
    return any(
        old.replace(a, b) == new or old.replace(b, a) == new for a, b in _SPELLINGS if len(old) > 4
    )
