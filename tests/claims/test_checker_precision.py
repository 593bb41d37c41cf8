"""Careful sentences are left alone and bold ones found, on 254 sentences written for this."""

import dataclasses
from functools import cache
from pathlib import Path

import pytest

from claims.checker import Citation, Name, Names, check
from claims.checker.engine import _fires, read_text
from claims.checker.rulebook import CATEGORIES, standard_rules

HERE = Path(__file__).parent


@cache
def lines(name):
    text = (HERE / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def bold():
    return [line.split(" | ", 1) for line in lines("bold.txt")]


def test_at_most_eight_in_a_hundred_careful_sentences_are_flagged():
    flagged = [s for s in lines("careful.txt") if check(s).findings]
    assert len(lines("careful.txt")) >= 120
    assert len(flagged) <= 0.08 * len(lines("careful.txt")), flagged


def test_at_least_85_in_a_hundred_bold_sentences_are_flagged():
    missed = [s for _, s in bold() if not check(s).findings]
    assert len(bold()) >= 120
    assert len(missed) <= 0.15 * len(bold()), missed


def test_at_least_80_in_a_hundred_bold_sentences_get_the_category_first_thought_of():
    other = [s for c, s in bold() if c not in {f.category for f in check(s).findings}]
    assert len(other) <= 0.20 * len(bold()), other
    assert {c for c, _ in bold()} <= set(CATEGORIES)


def test_what_lets_a_rule_be_passed_over_quickly_never_changes_the_answer():
    for text in [*lines("careful.txt"), *(s for _, s in bold())]:
        for reading in read_text(text, None, (), None)[0]:
            words = read_text(text, None, (), None)[1].words
            for rule in standard_rules():
                slow = dataclasses.replace(rule, gates=(), bars=0, unless=tuple(rule.none))
                assert _fires(rule, reading, words) == _fires(slow, reading, words)


@pytest.mark.parametrize(
    ("careful", "bold"),
    [
        (
            "No treatment sold on the internet has been shown to cure lupus.",
            "No other treatment has been shown to cure lupus.",
        ),
        (
            "Be careful with any clinic that promises to reverse diabetes with stem cells.",
            "Stem cells promise to reverse diabetes, and they restore insulin production.",
        ),
        (
            "Some clinics say that stem cells can repair joints.",
            "Stem cells can repair joints, as clinics say.",
        ),
        (
            "Before the stem cells are given, chemotherapy clears the immune system.",
            "Stem cells calm the immune system.",
        ),
        ("Turmeric is said to reduce inflammation.", "Turmeric reduces inflammation."),
    ],
)
def test_what_others_say_or_what_is_denied_is_not_asserted(careful, bold):
    assert check(careful, closely=False).findings == []
    assert check(bold, closely=False).findings


NAMES = Names(
    [
        Name("Belimumab", "therapy", "belimumab"),
        Name("Steroid", "therapy", "steroids"),
        Name("Lupus", "condition", "lupus"),
    ]
)


@pytest.mark.parametrize(
    ("text", "noticed"),
    [
        ("More people did well on belimumab than on the steroid.", False),
        ("Belimumab was better than steroids in lupus.", False),
        ("Steroid-free remission was the goal in lupus.", False),
        ("Steroids were tried in lupus.", True),
    ],
)
def test_a_comparator_is_not_what_the_source_must_be_about(text, noticed):
    cited = Citation(len(text), "Doe 2020", therapies=frozenset({"rituximab"}))
    about = Citation(len(text), "Doe 2020", therapies=frozenset({"belimumab"}))
    citation = cited if noticed else about
    rules = {f.rule for f in check(text, names=NAMES, citations=[citation]).findings}
    assert ("cited-source-other-therapy" in rules) is noticed


def test_a_share_of_a_risk_needs_its_natural_frequency_nearby():
    alone = "The drug cut the risk of relapse by half: the risk was 50% lower."
    near = alone + " That is 10 in 100 people instead of 20."
    far = alone + " It was given by mouth. It was taken daily. One year later 5 in 100 had died."
    found = [{f.rule for f in check(t).findings} for t in (alone, near, far)]
    assert ["framing-relative-only" in f for f in found] == [True, False, True]


BENEFITS = "Stem cells reduce inflammation. Stem cells restore joint function."


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        (f"What it does\n\n{BENEFITS}\n", 1),
        (f"What it does\n\n{BENEFITS} Infections are common.\n", 0),
        (f"One\n\n{BENEFITS}\n\nTwo\n\n{BENEFITS}\n", 2),
        ("What it does\n\nStem cells reduce inflammation. They come from bone marrow.\n", 0),
    ],
)
def test_a_section_that_only_promises_is_noted_once(text, sections):
    silent = [f for f in check(text).findings if f.rule == "framing-silent-harm"]
    assert len(silent) == sections
