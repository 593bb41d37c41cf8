"""Small words: which of them may come, go or change without changing what a sentence says."""

import re

from .spelling import uniform

Pair = tuple[str, str]
BREAK = ","  # stands for a comma, semicolon or colon

_NOT = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}
_ENDINGS = {"ve": "have", "re": "are", "ll": "will", "m": "am", "d": "'d"}
_PRONOUNS = frozenset("it he she that there here what who where how this one".split())
_NO_APOSTROPHE = {
    f"{verb}nt": verb
    for verb in "is are was were do does did has have had could should would".split()
} | {"cannot": "can", "cant": "can", "wont": "will"}

# Slips in words too short to be judged by their letters.
_SLIPS = {"teh": "the", "hte": "the", "adn": "and", "wiht": "with", "taht": "that"}

_UNITS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: number * 10
    for number, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), 2
    )
}
_ORDINALS = {"1": ("st", "first"), "2": ("nd", "second"), "3": ("rd", "third")} | {
    str(number): ("th", word)
    for number, word in enumerate("fourth fifth sixth seventh eighth ninth tenth".split(), 4)
}

# Sequences of words that mean one thing. “A few” is not “few”, so it is made one word before
# articles go.
_PHRASES: dict[tuple[str, ...], tuple[str, ...]] = {
    ("per", "cent"): ("%",),
    ("percent",): ("%",),
    ("less", "than"): ("<",),
    ("fewer", "than"): ("<",),
    ("more", "than"): (">",),
    ("greater", "than"): (">",),
    ("at", "least"): ("≥",),
    ("at", "most"): ("≤",),
    ("per",): ("/",),
    ("&",): ("and",),
    ("e", "g"): ("eg",),
    ("for", "example"): ("eg",),
    ("for", "instance"): ("eg",),
    ("in", "order", "to"): ("to",),
    ("a", "few"): ("a-few",),
    ("a", "little"): ("a-little",),
    ("a", "number", "of"): ("a-number-of",),
    ("a", "lot"): ("a-lot",),
}
_LONGEST_PHRASE = 3
_PHRASE_BEGINS = frozenset(phrase[0] for phrase in _PHRASES)
_ARTICLES = frozenset(("a", "an", "the"))
# Words that tie a sentence to the one before it and say nothing themselves. “Therefore” and
# “overall” are left out: they assert something.
_CONNECTIVES = sorted(
    (
        tuple(phrase.split())
        for phrase in (
            "and; but; yet; also; however; moreover; furthermore; in addition; additionally; "
            "besides; indeed; likewise; meanwhile; nevertheless; nonetheless; even so; that said; "
            "notably; importantly; of note; note that; please note that; "
            "it is worth noting that; it should be noted that; firstly; secondly; thirdly; "
            "finally; lastly; on other hand; by contrast; in contrast"
        ).split("; ")
    ),
    key=len,
    reverse=True,
)
_LONGEST_CONNECTIVE = len(_CONNECTIVES[0])
_CONNECTIVE_BEGINS = frozenset(phrase[0] for phrase in _CONNECTIVES)
_DROPPED = frozenset(("however", "also"))
_RELATIVE = frozenset(("who", "which", "whom"))
_AGREEING = {"are": "is", "were": "was", "have": "has", "does": "do"} | {
    f"{verb}s": verb
    for verb in "reduce improve suggest show prevent indicate remain appear seem become include "
    "contain provide require receive occur develop suffer help lower raise".split()
}
# After these verbs “that” may stand or not.
_SAYING = frozenset(
    "show showed shown suggest suggested find found finds mean means meant say says said think "
    "thinks thought believe believes believed know knows known report reports reported conclude "
    "concludes concluded confirm confirms confirmed indicate indicated reveal reveals revealed "
    "demonstrate demonstrates demonstrated".split()
)
_NEVER_DOUBLED = frozenset(("not", "no", "never"))
_NUMBER = re.compile(r"\d+(?:\.\d+)*$")


def expand(tokens: list[Pair]) -> list[Pair]:
    """Contractions written out, possessives without their mark, numbers in figures."""
    out: list[Pair] = []
    for key, raw in tokens:
        if "'" in key:
            out.extend((part, raw) for part in _uncontracted(key))
        elif key in _NO_APOSTROPHE:
            out += [(_NO_APOSTROPHE[key], raw), ("not", raw)]
        else:
            out.append((_SLIPS.get(key, key), raw))
    return _figures(out)


def _uncontracted(word: str) -> list[str]:
    if word.endswith("n't"):
        return [_NOT.get(word[:-3], word[:-3]), "not"]
    base, _, ending = word.rpartition("'")
    if ending in _ENDINGS:
        return [base, _ENDINGS[ending]]
    if ending == "s":
        return [base, "'s"] if base in _PRONOUNS else [base.replace("'", "")]
    return [word.replace("'", "")]


def _figures(tokens: list[Pair]) -> list[Pair]:
    """Number words as figures (twenty-four: 24), ordinals as words (1st: first)."""
    out: list[Pair] = []
    at = 0
    while at < len(tokens):
        key, raw = tokens[at]
        if key not in _BEGIN_NUMBERS and not key[:1].isdecimal():
            out.append((key, raw))
            at += 1
            continue
        value, used = _number_from(tokens, at)
        if used:
            out.append((str(value), raw))
            at += used
        elif key in _ORDINALS and at + 1 < len(tokens) and tokens[at + 1][0] == _ORDINALS[key][0]:
            out.append((_ORDINALS[key][1], raw))
            at += 2
        else:
            out.append((_figure(key) if _NUMBER.match(key) else key, raw))
            at += 1
    return out


_BEGIN_NUMBERS = frozenset((*_UNITS, *_TENS))


def _figure(number: str) -> str:
    if number.count(".") == 1:
        number = number.rstrip("0").rstrip(".")
    return number


def _number_from(tokens: list[Pair], at: int) -> tuple[int, int]:
    """The number written in words here, and how many words it takes; 0 words for none."""

    def word(offset: int) -> str:
        return tokens[at + offset][0] if at + offset < len(tokens) else ""

    value, used = _below_hundred(word(0), word(1))
    if not used:
        return 0, 0
    for name, factor in (("hundred", 100), ("thousand", 1000)):
        if word(used) == name:
            value, used = value * factor, used + 1
            skip = word(used) == "and"
            more, taken = _below_hundred(word(used + skip), word(used + skip + 1))
            if taken:
                value, used = value + more, used + skip + taken
    return value, used


def _below_hundred(first: str, second: str) -> tuple[int, int]:
    if first in _UNITS:
        return _UNITS[first], 1
    if first in _TENS:
        unit = _UNITS.get(second, 0)
        return (_TENS[first] + unit, 2) if 0 < unit < 10 else (_TENS[first], 1)
    return 0, 0


def reduce_words(tokens: list[Pair]) -> tuple[tuple[str, ...], tuple[str, ...], frozenset[int]]:
    """(keys, raws, breaks) without what is harmless, each word in one spelling."""
    tokens = [pair for pair in _phrased(tokens) if pair[0] not in _ARTICLES]
    tokens = _after_connectives([(_AGREEING.get(k, k), r) for k, r in tokens])
    out: list[Pair] = []
    breaks: set[int] = set()
    for key, raw in tokens:
        if key == BREAK:
            breaks.add(len(out))
            continue
        before = out[-1][0] if out else ""
        if (key in _DROPPED and len(tokens) > 1) or (key == "that" and before in _SAYING):
            continue
        key = "that" if key in _RELATIVE and out else uniform(key)
        if key == before and key.isalpha() and len(key) > 1 and key not in _NEVER_DOUBLED:
            continue
        out.append((key, raw))
    return tuple(k for k, _ in out), tuple(r for _, r in out), frozenset(breaks)


def _phrased(tokens: list[Pair]) -> list[Pair]:
    keys = [key for key, _ in tokens]
    out: list[Pair] = []
    at = 0
    while at < len(tokens):
        if keys[at] in _PHRASE_BEGINS:
            for length in range(_LONGEST_PHRASE, 0, -1):
                found = _PHRASES.get(tuple(keys[at : at + length]))
                if found:
                    out.extend((key, tokens[at][1]) for key in found)
                    at += length
                    break
            else:
                out.append(tokens[at])
                at += 1
        else:
            out.append(tokens[at])
            at += 1
    return out


def _after_connectives(tokens: list[Pair]) -> list[Pair]:
    """The words after connectives at the start; at most three are taken, two words are left."""
    for _ in range(3):
        size = _connective_size([key for key, _ in tokens[:_LONGEST_CONNECTIVE]])
        if not size or len(tokens) < size + 2:
            break
        tokens = tokens[size:]
        while tokens[0][0] == BREAK and len(tokens) > 1:
            tokens = tokens[1:]
    return tokens


def _connective_size(keys: list[str]) -> int:
    for phrase in _CONNECTIVES if keys and keys[0] in _CONNECTIVE_BEGINS else ():
        if tuple(keys[: len(phrase)]) == phrase:
            return len(phrase)
    return 0
