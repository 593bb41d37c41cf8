"""Whether one word is the other, misspelt.

Asked only when two sentences are otherwise alike. Yes needs all of: exactly one of the two is a
word we know; they differ by one slip (two in a long word); no known word is nearer; they begin
alike; none is a name in capitals, a number or a medicine that another one resembles. So
“arthitis” is arthritis, and “casual”, “hypotension” and “prednisolone” stay what they are.
"""

import gzip
from functools import cache
from pathlib import Path

from .spelling import uniform

_DATA = Path(__file__).resolve().parent / "words"
_SHORTEST = 4
_LONG = 10
_LONGEST = 30
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Prefixes that turn a word round. A slip is none if it touches them.
_TURNING = (
    "anti", "contra", "counter", "dis", "endo", "exo", "hyper", "hypo", "il", "im", "in", "inter",
    "intra", "ir", "macro", "mal", "micro", "mis", "mono", "non", "over", "pan", "poly", "post",
    "pre", "pro", "sub", "super", "supra", "un", "under",
)  # fmt: skip
# Endings of the names of medicines, which come in families of near twins; one slip only.
_FAMILIES = (
    "ab", "amide", "amine", "arin", "azole", "cept", "cillin", "ide", "idine", "imod", "ine",
    "kin", "mus", "mycin", "nib", "olol", "one", "parin", "platin", "pril", "profen", "ra",
    "sartan", "stat", "statin", "vir", "xaban",
)  # fmt: skip


@cache
def _english() -> tuple[frozenset[str], frozenset[str]]:
    """(common words, other words) of general English, from SCOWL."""
    text = gzip.decompress((_DATA / "english.txt.gz").read_bytes()).decode("ascii")
    common, _, others = text.partition("\n\n")
    return frozenset(common.split()), frozenset(others.split())


@cache
def known_words() -> frozenset[str]:
    """Every word known to be one: general English and medicine; small ASCII letters."""
    return frozenset().union(*_english(), medical_words())


@cache
def medical_words() -> frozenset[str]:
    """Medicines, illnesses and terms that general word lists lack."""
    lines = (_DATA / "medical.txt").read_text(encoding="ascii").splitlines()
    return frozenset(w for line in lines if not line.startswith("#") for w in line.split())


def is_slip(old: str, new: str, old_raw: str, new_raw: str) -> bool:
    """Whether one of two words (in one spelling, and as written) is a misspelling of the other."""
    from rapidfuzz.distance import OSA  # not before it is needed: a reader's worker never does

    old, new = _as_written(old, old_raw), _as_written(new, new_raw)
    if old == new or not _may_be_slip(old, old_raw) or not _may_be_slip(new, new_raw):
        return False
    if abs(len(old) - len(new)) > 2 or not _begin_alike(old, new):
        return False
    old_known, new_known = is_known(old), is_known(new)
    if old_known == new_known:
        return False
    word, slip = (old, new) if old_known else (new, old)
    distance = OSA.distance(word, slip, score_cutoff=2)
    if is_medicine_like(word) and len(word) == len(slip) and word[-3:] != slip[-3:]:
        return False  # another ending is another family of medicines
    two_allowed = min(len(old), len(new)) >= _LONG and not word.endswith(_FAMILIES)
    if distance > (2 if two_allowed else 1):
        return False
    if sorted(word) == sorted(slip):  # letters that changed places: nothing else is as likely
        return True
    return not any(_could_be_meant(w, word, distance) for w in _one_slip_from(slip))


def is_medicine_like(word: str) -> bool:
    """Whether a word ends like the name of a medicine and is none of general English."""
    return len(word) > 5 and word.endswith(_FAMILIES) and not any(word in w for w in _english())


def is_known(word: str) -> bool:
    """Whether this is a word, as far as we know."""
    return word in known_words()


def _as_written(word: str, raw: str) -> str:
    return raw.lower() if raw.isascii() and raw.isalpha() else word


def _may_be_slip(word: str, raw: str) -> bool:
    in_range = _SHORTEST <= len(word) <= _LONGEST
    return in_range and word.isascii() and word.isalpha() and not _is_abbreviation(raw)


def _is_abbreviation(raw: str) -> bool:
    """Capitals inside a word, as in TNF or mRNA. A word all in capitals may be shouting."""
    return any(c.isupper() for c in raw[1:]) and not (raw.isupper() and len(raw) > 6)


def _begin_alike(old: str, new: str) -> bool:
    if old[0] != new[0] and old[:2] != new[1::-1]:
        return False
    return not _is_turned(old, new)


def _is_turned(old: str, new: str) -> bool:
    """Whether a prefix that turns a word round may have come, gone or become another."""
    from rapidfuzz.distance import OSA  # not before it is needed: a reader's worker never does

    before, after = _turning_prefix(old), _turning_prefix(new)
    if before == after:
        return False
    if before and after and not (before.startswith(after) or after.startswith(before)):
        return True
    for word, prefix, other in ((old, before, new), (new, after, old)):
        bare = word[len(prefix) :]
        if prefix and is_known(bare) and OSA.distance(bare, other) <= 1:
            return True
    return False


def _turning_prefix(word: str) -> str:
    return max((p for p in _TURNING if word.startswith(p)), key=len, default="")


def _one_slip_from(word: str) -> set[str]:
    """Every string one slip away; about sixty for each letter."""
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    lost = {a + b[1:] for a, b in cuts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    changed = {a + c + b[1:] for a, b in cuts if b for c in _LETTERS}
    added = {a + c + b for a, b in cuts for c in _LETTERS}
    return lost | swapped | changed | added


def _could_be_meant(rival: str, word: str, distance: int) -> bool:
    """Whether another string, one slip away, is a word that may have been meant instead.

    A nearer word always may. One that is as near may when it is common, begins alike and is as
    long: “casal” is causal or casual.
    """
    as_likely = rival[0] == word[0] and len(rival) == len(word) and rival in _usual_words()
    if distance == 1 and not as_likely:
        return False
    if not is_known(rival) or uniform(rival) == uniform(word):
        return False
    stem = max(min(len(rival), len(word)) - 2, 3)
    return rival[:stem] != word[:stem]


@cache
def _usual_words() -> frozenset[str]:
    return _english()[0] | medical_words()
