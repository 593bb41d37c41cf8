"""The cue words: read from `cues/*.toml`, found in one Aho-Corasick pass.

A file holds tables named `[group]`, each with `words` (as they stand), `verbs` and `nouns`
(inflected for you; the past tense of group "benefit" can be asked for as "benefit:past").

`silences = ["benefit"]` makes the hits of other groups that follow within `reach` words of
the same clause not count ("does not cure"); `reach = 0` means to the end of the sentence,
and `backwards` gives a reach to the left ("a cure is not known"). With `opens = true` it does
so only as the first word of the sentence ("No treatment has ..."), with `after = ["seller"]`
only where a cue of such a group stands shortly before it ("the clinic promises to ...").
`masks = true` makes a phrase hide the shorter cues inside it ("not only" hides "not").
"""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from claims.checker.inflect import FORMS, noun_forms, verb_forms
from claims.checker.normal import Folded, fold_phrase

CUES = Path(__file__).parent / "cues"
# Groups that no file lists: numbers come from digits, names from the page's own lists.
BUILT_IN = ("numeral", "percent", "year", "named_therapy", "named_condition")
RESERVED = 32
_WINDOW = 100_000
_KEYS = {
    "about", "words", "verbs", "nouns", "includes", "silences", "reach", "backwards", "masks",
    "opens", "after",
}  # fmt: skip
# CPython before 3.11.5 leaves a possessive group that fails half-way where it failed, so this one
# looks ahead and fails at its first step or not at all. A plain group would keep its place for
# each turn: 600 MB for 10 MB of "1,1,1".
_NUMBER = re.compile(
    r"\d(?<![\w.,]\d)\d*(?:(?=[.,]\d)[.,]\d+)*+"
    r"(?P<percent>[ -]?(?:%|percent\b|per cent\b|percentage point))?"
)


class CueError(ValueError):
    """A cue file that cannot be used; the message names file and group."""


class Hit(NamedTuple):
    """A cue found: offsets in `Folded.plain`, and the groups it belongs to as bits."""

    start: int
    end: int
    bits: int


@dataclass(slots=True)
class Group:
    """One group of cues as its file describes it."""

    name: str
    file: str
    about: str = ""
    phrases: list[tuple[str, str]] = field(default_factory=list)
    includes: tuple[str, ...] = ()
    silences: tuple[str, ...] = ()
    reach: int = 8
    backwards: int = 0
    masks: bool = False
    opens: bool = False
    after: tuple[str, ...] = ()


class Silencer(NamedTuple):
    """A group whose cues take the meaning of the cues around them; bits, and reach in words."""

    group: int
    silenced: int
    reach: int
    backwards: int
    opens: bool
    after: int


class Lexicon:
    """All groups, their bits and the automaton."""

    def __init__(self, groups: list[Group], more: list[Group] = ()):
        """`more` are groups that an editor added: new ones, or further words for one of `groups`.

        They leave the bits of `groups` as they are, so that what was made for the shipped lexicon
        (the learned weights, the checks in code) reads a text in either one alike.
        """
        self.groups = {g.name: g for g in groups}
        self._bits: dict[str, int] = {}
        # The lowest bits are left to the properties of sentences (pattern.py).
        # Only groups with verbs have forms: short numbers are quicker to compare.
        names = [*BUILT_IN, *self.groups]
        names += [f"{g.name}:{x}" for g in groups if any(f for _, f in g.phrases) for x in FORMS]
        names += [g.name for g in more if g.name not in self.groups]
        for place, name in enumerate(names, RESERVED):
            self._bits.setdefault(name, 1 << place)
        groups = [*groups, *more]
        table: dict[str, int] = {}
        for group in groups:
            for phrase, form in group.phrases:
                # A group to which an editor adds its first verbs has no bits for their forms.
                formed = self._bits.get(f"{group.name}:{form}", 0) if form else 0
                bits = self._bits[group.name] | formed
                pattern = fold_phrase(phrase)
                table[pattern] = table.get(pattern, 0) | bits
        self._add_included(groups, table)
        self._meaning = list(table.values())
        self._longest = max(map(len, table), default=0)
        self._automaton = AhoCorasick(list(table)) if table else None
        self.masking = self._union(g.name for g in groups if g.masks)
        self.silencers = [
            Silencer(
                self.bit(g.name),
                self._all_forms(g.silences),
                g.reach,
                g.backwards,
                g.opens,
                self._union(g.after),
            )
            for g in groups
            if g.silences
        ]
        # Verbs that claim nothing behind a bare "to".
        self.verbs = self._all_forms(g for g in ("acts_on", "mends", "benefit") if g in self.groups)
        self.silencing = self._union(g.name for g in groups if g.silences)

    def bit(self, name: str) -> int:
        """The bit of a group, or of one form of it; KeyError where there is none."""
        return self._bits[name]

    def knows(self, name: str) -> bool:
        """Whether a pattern may use this name."""
        return name in self._bits

    def find(self, folded: Folded) -> list[Hit]:
        """All cues in a folded text, in order; overlapping ones too."""
        meaning, words, new = self._meaning, folded.words, tuple.__new__
        hits: list[Hit] = []
        # In windows, so that the matches of a very long text are not all held at once; what
        # begins in a window may end in the next one.
        for at in range(0, len(words), _WINDOW) if self._automaton is not None else ():
            window = words[at : at + _WINDOW + self._longest]
            found = self._automaton.find_matches_as_indexes(window, overlapping=True)
            # A pattern holds one space at each end and the copy one before its text, so
            # the start is right as it stands and the end is two too far.
            hits += [new(Hit, (at + a, at + b - 2, meaning[i])) for i, a, b in found if a < _WINDOW]
        hits.extend(self._numbers(folded.plain))
        hits.sort()
        return hits

    def _numbers(self, plain: str) -> list[Hit]:
        numeral, percent, year = (self.bit(n) for n in ("numeral", "percent", "year"))
        hits = []
        for hit in _NUMBER.finditer(plain):
            digits = hit.group()
            if hit["percent"]:
                bits = percent | numeral
            elif len(digits) == 4 and digits[:2] in ("19", "20") and digits.isdigit():
                bits = year
            else:
                bits = numeral
            hits.append(Hit(hit.start(), hit.end(), bits))
        return hits

    def _union(self, names) -> int:
        bits = 0
        for name in names:
            bits |= self.bit(name)
        return bits

    def _all_forms(self, names) -> int:
        names = list(names)
        forms = [f"{name}:{form}" for name in names for form in FORMS]
        return self._union(names) | self._union(f for f in forms if f in self._bits)

    def _add_included(self, groups: list[Group], table: dict[str, int]) -> None:
        for group in groups:
            for other in group.includes:
                if other not in self.groups:
                    raise CueError(f"{group.file}: [{group.name}] includes unknown group {other}.")
            inner = self._union(group.includes)
            if inner:
                for pattern, bits in table.items():
                    if bits & inner:
                        table[pattern] = bits | self.bit(group.name)


def read_group(file: str, name: str, table: dict) -> Group:
    """One table of a cue file as a Group; CueError says what is wrong with it."""
    where = f"{file}: [{name}]"
    if not isinstance(table, dict):
        raise CueError(f"{where} should be a table with words, verbs or nouns.")
    odd = sorted(set(table) - _KEYS)
    if odd:
        raise CueError(f"{where} has the unknown key {odd[0]!r}.")
    group = Group(name, file, table.get("about", ""))
    for key in ("words", "verbs", "nouns", "includes", "silences", "after"):
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            raise CueError(f"{where}: {key} should be a list of words in quotation marks.")
    group.phrases = [(w, "") for w in table.get("words", [])]
    group.phrases += [pair for verb in table.get("verbs", []) for pair in verb_forms(verb)]
    group.phrases += [(form, "") for noun in table.get("nouns", []) for form in noun_forms(noun)]
    if not group.phrases and not table.get("includes"):
        raise CueError(f"{where} lists no words.")
    group.includes = tuple(table.get("includes", []))
    group.silences = tuple(table.get("silences", []))
    group.reach = table.get("reach", 8)
    group.backwards = table.get("backwards", 0)
    group.masks = bool(table.get("masks", False))
    group.opens = bool(table.get("opens", False))
    group.after = tuple(table.get("after", []))
    return group


def load_lexicon(folder: Path = CUES) -> Lexicon:
    """Every cue file of a folder as one Lexicon; CueError names the file that is broken."""
    groups: dict[str, Group] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise CueError(f"{path.name} cannot be read: {error}.") from error
        for name, table in tables.items():
            if name in groups:
                raise CueError(f"{path.name}: [{name}] stands in {groups[name].file} already.")
            groups[name] = read_group(path.name, name, table)
    for group in groups.values():
        for key in ("silences", "after"):
            for other in getattr(group, key):
                if other not in groups:
                    raise CueError(f"{group.file}: [{group.name}] {key} unknown group {other}.")
    return Lexicon(list(groups.values()))


def extended_lexicon(more: list[Group]) -> Lexicon:
    """The shipped lexicon with an editor's words beside its own."""
    return Lexicon(list(standard_lexicon().groups.values()), more) if more else standard_lexicon()


@cache
def standard_lexicon() -> Lexicon:
    """The lexicon the checker ships with, read once."""
    return load_lexicon()


def bits_of(*names: str) -> int:
    """The bits of some groups of the shipped lexicon, taken together."""
    lexicon, bits = standard_lexicon(), 0
    for name in names:
        bits |= lexicon.bit(name)
    return bits
