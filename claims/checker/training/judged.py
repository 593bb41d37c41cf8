"""The training text as a network is fitted to it: sentences with the answers each should get."""

from collections.abc import Iterator, Sequence
from math import inf
from typing import NamedTuple

from claims.checker.learned.opinion import CATEGORIES
from claims.checker.normal import Folded
from claims.checker.training.text import UNJUDGED, articles, conclusions, examples, of_rules

STRENGTHS = 4
# Whether to stop, each label, whether to stop publication; the strengths come after them.
JUDGED = 1 + len(CATEGORIES) + 1
ANSWERS = JUDGED + STRENGTHS
SHARES = [1.0, *(0.25 for _ in CATEGORIES), 0.5]  # what each of these counts
OF_STRENGTH = 0.5
_OF_THE_REST = 8
EVERYTHING = -1  # "since" which all is new


class Item(NamedTuple):
    """A sentence with the shares that each answer should get, and how much each counts."""

    text: str
    truth: list[float]
    counts: list[float]


def items(since: int = EVERYTHING) -> Iterator[Item]:
    """All of the training text, by the guidelines for editors and by strength; with `since`, the
    articles from that number on, the examples of the rules, the sentences that report findings,
    and each eighth of the rest."""
    for at, (number, item) in enumerate(_items()):
        if number >= since or at % _OF_THE_REST == 0:
            yield item


def _items() -> Iterator[tuple[float, Item]]:
    """Each sentence with the number of its article; those of the rules and those that report
    findings are always new."""
    for number, (text, units) in enumerate(articles()):
        for unit in units:
            yield number, _judged(text[unit.start : unit.end], unit.labels)
    for file, most in (("review.txt", 3), ("careful.txt", 1)):
        for example in examples(file, most=most):
            yield EVERYTHING, _judged(example.text, [example.label])
    for example in of_rules():
        yield inf, _judged(example.text, [example.label], example.weight)
    for example in examples("strength.txt", most=4):
        strength = int(example.label[0])
        # Aims, methods and reported links are no news to an editor.
        item = _judged(example.text, ["ok"], 0.5 if strength < 2 else 0.0)
        yield EVERYTHING, _of_strength(item, strength)
    for told in conclusions():
        counts = 0.0 if told.label == UNJUDGED else 0.5
        yield inf, _of_strength(_judged(told.text, [told.label], counts), told.strength)


def _of_strength(item: Item, strength: int) -> Item:
    return item._replace(
        truth=item.truth[:JUDGED] + [float(strength == n) for n in range(STRENGTHS)],
        counts=item.counts[:JUDGED] + [OF_STRENGTH] * STRENGTHS,
    )


def _judged(text: str, labels: Sequence[str], counts: float = 1.0) -> Item:
    """Where several people judged it, each answer gets the share of them that gave it."""
    said = [_answers(label) for label in labels]
    truth = [sum(answers) / len(said) for answers in zip(*said, strict=True)]
    nobody_said = [0.0] * STRENGTHS
    return Item(
        Folded(text).plain,
        [*truth, *nobody_said],
        [*(counts * share for share in SHARES), *nobody_said],
    )


def _answers(label: str) -> list[bool]:
    words = label.split()
    carried = {name for word in words for name in word.split("+")}
    return [words[0] != "ok", *(name in carried for name in CATEGORIES), "block" in words]
