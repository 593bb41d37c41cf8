"""From training text to rows of weights, one task after the other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from claims.checker.engine import read_text
from claims.checker.learned.features import Bits, phrases_of
from claims.checker.learned.model import SCALE
from claims.checker.learned.opinion import CATEGORIES
from claims.checker.lexicon import standard_lexicon
from claims.checker.pattern import property_bit
from claims.checker.reading import Reading
from claims.checker.training.fit import fit
from claims.checker.training.text import (
    UNJUDGED,
    Conclusion,
    Example,
    articles,
    belongs,
    classes,
    conclusions,
    examples,
    of_rules,
)

OK = "ok"
STRENGTHS = ["0", "1", "2", "3"]
FEWEST_LINES = 3  # a feature of fewer lines than this may be chance
_LEAST = 2  # rows that never move a score by as much are left out
_MOST = 4 * SCALE  # no single feature may decide alone
_ARTICLE = 2.0  # what a sentence read in its place counts
_RELATIONS = 30  # sentences made of one line on relations, of which the lines are fewer
_CONCLUSION = 4.0  # what a sentence as it is written counts for its strength
_BACKGROUND = 0.5  # what a sentence of another task's text counts


class Labelled(NamedTuple):
    """One example as the fitting sees it; `line` names the line of text it was made from."""

    features: frozenset[str]
    answer: int
    weight: float
    line: tuple[str, int]
    text: str


@cache
def _bits() -> Bits:
    return Bits(standard_lexicon())


@cache
def features_of(text: str, news: bool = False) -> frozenset[str]:
    """All features of a text, its sentences taken together."""
    readings, folded = read_text(text, None, (), None)
    out: set[str] = set()
    for reading in readings:
        if news:
            reading.properties |= property_bit("sourced")
        out |= _features(reading, folded.words)
    return frozenset(out)


def _features(reading: Reading, words: str) -> set[str]:
    said = words[reading.start : reading.end + 2]
    return phrases_of(said) | _classed(said) | set(_bits().of(reading))


@cache
def _classes() -> tuple[dict[str, tuple[str, ...]], list[str], AhoCorasick]:
    known = classes()
    words = list(known)
    return known, words, AhoCorasick([f" {word} " for word in words])


def _classed(said: str) -> set[str]:
    """The words and phrases of a sentence that belong to a class."""
    _, words, automaton = _classes()
    found = automaton.find_matches_as_indexes(said, overlapping=True)
    return {words[number] for number, _, _ in found}


def _labelled(file: str, example: Example, answer: int, weight: float) -> Labelled:
    found = features_of(example.text, example.news)
    return Labelled(found, answer, weight, (file, example.line), example.text)


def _in_articles() -> Iterator[tuple[str, Labelled]]:
    """Every unit of the annotated articles with its label, read in its place."""
    for number, (text, units) in enumerate(articles()):
        readings, folded = read_text(text, None, (), None)
        for unit in units:
            found = frozenset().union(
                *(_features(r, folded.words) for r in readings if belongs(r.sentence, unit))
            )
            said = text[unit.start : unit.end]
            # Where two who judged it differ, each counts half.
            weight = _ARTICLE / len(unit.labels)
            for label in unit.labels:
                yield label, Labelled(found, 0, weight, ("articles", number), said)


@cache
def _concluding() -> list[tuple[Labelled, Conclusion]]:
    return [
        (Labelled(features_of(told.text), 0, 1.0, ("conclusions", told.line), told.text), told)
        for told in conclusions()
    ]


def strength() -> Iterator[Labelled]:
    """How strong a relation a sentence asserts, 0 to 3."""
    items = [
        _labelled("strength", example, int(example.label[0]), example.weight)
        for example in examples("strength.txt", most=_RELATIONS)
    ]
    items += [
        item._replace(answer=told.strength, weight=_CONCLUSION) for item, told in _concluding()
    ]
    for item in items:
        # What denials silence matters for a benefit, not for a relation: a denied one is one.
        kept = frozenset(f for f in item.features if not f.startswith("live:"))
        yield item._replace(features=kept)


def review() -> Iterator[Labelled]:
    """Whether a careful editor would stop: 0 no, 1 yes."""
    for item, label in _judged():
        yield item._replace(answer=int(_stops(label)))


def _stops(label: str) -> bool:
    # "ok EFFICACY" is a benefit told in a way that may pass.
    return label.split()[0] != OK


@cache
def _judged() -> list[tuple[Labelled, str]]:
    """All sentences judged by the guidelines for editors, with their labels."""
    out = []
    for file in ("review", "careful"):
        out += [(_labelled(file, e, 0, e.weight), e.label) for e in examples(f"{file}.txt")]
    out += [(_labelled("rules", e, 0, e.weight), e.label) for e in of_rules()]
    out += [(item, label) for label, item in _in_articles()]
    # Aims, methods and reported links are no news to an editor either.
    for example in examples("strength.txt"):
        if example.label[0] in "01":
            out.append((_labelled("strength", example, 0, _BACKGROUND), OK))
    for item, told in _concluding():
        if told.label != UNJUDGED:
            out.append((item._replace(weight=_BACKGROUND), told.label))
    return out


def labels() -> Iterator[tuple[str, Labelled]]:
    """Every judged sentence once for each category: whether it carries that label."""
    for item, label in _judged():
        carried = {name for word in label.split() for name in word.split("+")}
        for category in CATEGORIES:
            yield category, item._replace(answer=int(category in carried))


TASKS = {"strength": (strength, STRENGTHS), "review": (review, ["stop"])}


COLUMNS = (*STRENGTHS, "stop", *CATEGORIES)


def fitted() -> dict[str, list[int]]:
    """The row of each feature, a number for each of COLUMNS; the labels are fitted one by one."""
    asked = defaultdict(list)
    for category, item in labels():
        asked[category].append(item)
    parts = [rows_of(data(), classes) for data, classes in TASKS.values()]
    parts += [rows_of(asked[category], ["yes"]) for category in CATEGORIES]
    widths = [len(classes) for _, classes in TASKS.values()] + [1] * len(CATEGORIES)
    out: dict[str, list[int]] = {}
    for feature in sorted(set().union(*parts)):
        pieces = zip(parts, widths, strict=True)
        out[feature] = [w for rows, width in pieces for w in rows.get(feature, [0] * width)]
    return out


def rows_of(data: Iterable[Labelled], classes: list[str]) -> dict[str, list[int]]:
    """Fitted rows of whole numbers, a feature each; the same data gives the same rows.

    A yes-or-no question has one class: what speaks for yes over no. What a class of words weighs
    is added to each of its words, also to those that no text has.
    """
    data = list(data)
    alike = _classes()[0]
    lines = defaultdict(set)
    for item in data:
        for feature in item.features:
            for name in (feature, *alike.get(feature, ())):
                lines[name].add(item.line)
    kept = sorted(f for f, seen in lines.items() if len(seen) >= FEWEST_LINES)
    number = {feature: at for at, feature in enumerate(kept)}

    def numbers(features: Iterable[str]) -> list[int]:
        # A class counts as often as the sentence has words of it.
        names = [name for f in features for name in (f, *alike.get(f, ()))]
        return sorted(number[name] for name in names if name in number)

    fitted = fit(
        [numbers(item.features) for item in data],
        [item.answer for item in data],
        [item.weight for item in data],
        len(kept),
        max(len(classes), 2),
    )
    rows = {}
    for feature in sorted({f for f in kept if not f.startswith("class:")} | set(alike)):
        mine = [number[f] for f in (feature, *alike.get(feature, ())) if f in number]
        row = _whole([sum(weights[at] for at in mine) for weights in fitted])
        if max(map(abs, row)) >= _LEAST:
            rows[feature] = row
    return rows


def _whole(row: list[float]) -> list[int]:
    middle = sum(row) / len(row)
    row = [row[1] - row[0]] if len(row) == 2 else [weight - middle for weight in row]
    return [max(-_MOST, min(_MOST, round(weight * SCALE))) for weight in row]


def scores(rows: dict[str, list[int]], features: Iterable[str], classes: int) -> list[int]:
    """The sums of the rows of some features."""
    found = [rows[f] for f in features if f in rows]
    return [sum(row[k] for row in found) for k in range(classes)]
