"""The training text: read from the files beside this module, alternatives spelled out."""

import random
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from claims.checker.engine import read_text, rules_hit
from claims.checker.inflect import verb_forms
from claims.checker.learned import KINDS
from claims.checker.model import ADVISE, BLOCK, Sentence
from claims.checker.normal import fold_phrase
from claims.checker.rulebook import standard_rules

HERE = Path(__file__).parent
OF_A_RULE = 4.0  # what an example of a rule counts
MOST = 12  # sentences made of one line with alternatives, unless more are asked for
_CHOICE = re.compile(r"\{([^{}]*)\}")
_SLOT = re.compile(r"\[([A-Z]+)\]")
_SPACES = re.compile(r"\s+")
_BEFORE_MARK = re.compile(r"\s+([.,;:?!])")


class Example(NamedTuple):
    """One sentence with its label; `line` counts the line it was made from."""

    text: str
    label: str
    line: int
    news: bool
    weight: float


class Unit(NamedTuple):
    """One sentence in its place in an article, with the label that each who judged it gave."""

    start: int
    end: int
    labels: tuple[str, ...]


def articles(folder: Path = HERE) -> Iterator[tuple[str, list[Unit]]]:
    """Each annotated article as its text and its units."""
    text, units, gap = "", [], ""
    for line in (folder / "articles.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            if units:
                yield text, units
            text, units, gap = "", [], ""
        elif not line.strip():
            gap = "\n\n"
        elif not line.startswith("#"):
            label, said = line.split(" | ", 1)
            # A heading has no full stop, so nothing may follow it in its line.
            gap = "\n\n" if text and text[-1] not in '.?!”"' else gap
            text += gap if text else ""
            units.append(Unit(len(text), len(text) + len(said), tuple(label.split(" / "))))
            text, gap = text + said, " "
    yield text, units


def belongs(sentence: Sentence, unit: Unit) -> bool:
    """Whether a sentence as the checker cuts it is the unit, or most of one lies in the other."""
    shared = min(sentence.end, unit.end) - max(sentence.start, unit.start)
    shorter = min(sentence.end - sentence.start, unit.end - unit.start)
    return shared > 0 and shared * 2 >= shorter


def slots(folder: Path = HERE) -> dict[str, list[str]]:
    """The words that may stand for each name in square brackets."""
    out = {}
    for row in _rows(folder / "slots.txt"):
        name, words = row.split(": ", 1)
        out[name] = [w.strip() for w in words.split(" | ")]
    return out


def classes(folder: Path = HERE) -> dict[str, tuple[str, ...]]:
    """The classes of each word or phrase of `classes.txt`, words as in `Folded.words`."""
    out: dict[str, tuple[str, ...]] = {}
    for row in _rows(folder / "classes.txt"):
        name, words = row.split(": ", 1)
        for said in map(str.strip, words.split(" | ")):
            forms = [(said, "")]
            if name.startswith("verbs "):
                forms = [(form, f":{tense}") for form, tense in verb_forms(said)]
            for form, tense in forms:
                word = fold_phrase(form).strip()
                named = f"class:{name.removeprefix('verbs ')}{tense}"
                if named not in out.get(word, ()):
                    out[word] = (*out.get(word, ()), named)
    return out


def examples(name: str, most: int = MOST, folder: Path = HERE) -> Iterator[Example]:
    """All sentences of one file; the same ones every time."""
    words, news = slots(folder), False
    for number, row in enumerate(_rows(folder / name, headings=True)):
        if row.startswith("#"):
            news = "(news)" in row
            continue
        label, pattern = row.split(" | ", 1)
        made = _spelled_out(pattern, words, most)
        for text in made:
            yield Example(text, label.strip(), number, news, 1.0 if len(made) > 1 else 2.0)


def of_rules() -> Iterator[Example]:
    """What the page of a rule or of the learned part says is flagged or left alone, by sentence.

    Of an example of several sentences the one that the rule stops at; left alone it may owe to the
    others.
    """
    pages = [(rule.category, rule.severity, rule) for rule in standard_rules()]
    pages += [(category, ADVISE, kind) for category, kind in KINDS.items()]
    for line, (category, severity, page) in enumerate(pages):
        label = f"{category} {severity}" if severity == BLOCK else category
        for text in page.flags if category in KINDS else ():
            yield Example(_stopped_at(text, page), label, line, False, OF_A_RULE)
        for text in page.leaves:
            if len(read_text(text, None, (), None)[0]) == 1:
                yield Example(text, "ok", line, False, OF_A_RULE)


def _stopped_at(text: str, page) -> str:
    readings, _ = read_text(text, None, (), None)
    hit = [at for rule, at in rules_hit(text) if rule is page]
    return readings[hit[0] if hit else 0].sentence.text


UNJUDGED = "?"  # in the place of a label


class Conclusion(NamedTuple):
    """A sentence that reports a finding, with the strength of its relation, 0 to 3, and what an
    editor says of it where a named study is reported, or UNJUDGED."""

    text: str
    strength: int
    label: str
    line: int


def conclusions(folder: Path = HERE) -> Iterator[Conclusion]:
    """All sentences of `conclusions.txt`."""
    for number, row in enumerate(_rows(folder / "conclusions.txt")):
        strength, label, text = row.split(" | ", 2)
        yield Conclusion(text, int(strength[0]), label, number)


def _rows(path: Path, headings: bool = False) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        line
        for line in lines
        if line.strip() and (not line.startswith("#") or (headings and line.startswith("##")))
    ]


def _spelled_out(pattern: str, words: dict[str, list[str]], most: int) -> list[str]:
    if not _CHOICE.search(pattern) and not _SLOT.search(pattern):
        return [pattern]
    # Seeded by the line itself, so that a new line changes none of the others.
    chance = random.Random(zlib.crc32(pattern.encode()))
    made = dict.fromkeys(_sentence(pattern, words, chance) for _ in range(most))
    return list(made)


def _sentence(pattern: str, words: dict[str, list[str]], chance: random.Random) -> str:
    text = pattern
    while _CHOICE.search(text):
        text = _CHOICE.sub(lambda hit: chance.choice(hit[1].split("|")), text)
    text = _SLOT.sub(lambda hit: chance.choice(words[hit[1]]), text)
    text = _BEFORE_MARK.sub(r"\1", _SPACES.sub(" ", text)).strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?", "!", "”")) else text + "."
