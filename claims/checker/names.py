"""Names of therapies and conditions, found in one pass."""

from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick

from claims.checker.model import Mention, Name
from claims.checker.normal import Folded, fold_phrase

# An abbreviation this short is an ordinary word in lower case (as, ms, ra).
_SHORT = 5
# "Steroid-free remission" and "steroid-sparing" speak of doing without it.
_WITHOUT = ("-free", "-sparing", "-naive")


class Names:
    """All names to look for, built once and then only read.

    `find` answers with the longest names, left to right, never overlapping. Matching is
    word by word and ignores case, except for short abbreviations in capitals (MS, RA).
    """

    def __init__(self, names: Iterable[Name] = ()):
        self._meaning: list[tuple[Name, str]] = []
        patterns, seen = [], set()
        for name in names:
            for text in (name.text, *_plurals(name.text)):
                pattern = fold_phrase(text)
                strict = name.text if _is_abbreviation(name.text) else ""
                if pattern and (pattern, strict) not in seen:
                    seen.add((pattern, strict))
                    patterns.append(pattern)
                    self._meaning.append((name, strict))
        self._automaton = AhoCorasick(patterns) if patterns else None

    def __len__(self) -> int:
        return len(self._meaning)

    def find(self, text: str) -> list[Mention]:
        """Mentions in `text`, in order of their start, as offsets of `text`."""
        return self.find_folded(Folded(text))

    def find_folded(self, folded: Folded) -> list[Mention]:
        """The same for a text that has been folded already."""
        if self._automaton is None:
            return []
        hits = self._automaton.find_matches_as_indexes(folded.words, overlapping=True)
        kept: list[tuple[int, int, Name]] = []
        for index, start, end in sorted(hits, key=lambda h: (h[1], -h[2])):
            name, strict = self._meaning[index]
            # The pattern holds a space at each end, and the copy one at its beginning.
            start, end = start, end - 2
            if strict and not folded.plain.startswith(strict, start):
                continue
            if folded.plain.startswith(_WITHOUT, end):
                continue
            if not kept or start >= kept[-1][1]:
                kept.append((start, end, name))
        return [
            Mention(folded.back(s), folded.back(e - 1) + 1, name.kind, name.slug)
            for s, e, name in kept
        ]


def _is_abbreviation(text: str) -> bool:
    return len(text) <= _SHORT and text.isupper() and text.isalpha()


def _plurals(text: str) -> list[str]:
    if not text or not text[-1].isalpha() or text[-1] in "sS":
        return []
    if text[-1] == "y" and len(text) > 2 and text[-2] not in "aeiou":
        return [f"{text[:-1]}ies"]
    return [f"{text}s"]
