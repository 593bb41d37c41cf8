"""What the pages of the rules promise: their examples, read as any text is."""

import pytest

from claims.checker import Citation, check
from claims.checker.catalogue import CHECKS
from claims.checker.learned import KINDS, rule_id
from claims.checker.names import Name, Names
from claims.checker.rulebook import standard_rules

NAMES = Names(
    [
        Name("MSC therapy", "therapy", "msc"),
        Name("rituximab", "therapy", "rituximab"),
        Name("lupus", "condition", "lupus"),
        Name("multiple sclerosis", "condition", "multiple-sclerosis"),
    ]
)
MSC, RITUXIMAB = frozenset(["msc"]), frozenset(["rituximab"])
LUPUS, MS = frozenset(["lupus"]), frozenset(["multiple-sclerosis"])
SECTION = "Exosomes calm the joints.\n\nThey also repair worn cartilage in many people.\n\n"


def cite(**about):
    return {"citations": [Citation(1_000, "a source", **about)]}


CIRCUMSTANCES = {
    "grade-overstated": [{"assessments": {("msc", "lupus"): "low"}}] * 2,
    "cited-source-retracted": [cite(retracted=True), cite()],
    "cited-source-other-therapy": [cite(therapies=RITUXIMAB), cite(therapies=MSC)],
    "cited-source-other-condition": [cite(conditions=MS), cite(conditions=LUPUS)],
    "cited-source-not-in-people": [cite(design="Study in mice")] * 2,
    "framing-new-is-old": [cite(year=2001)] * 2,
}


def rules_of(text, **more):
    return {finding.rule for finding in check(text, names=NAMES, this_year=2026, **more).findings}


def shown(kind):
    return [
        pytest.param(rule.category, text, id=f"{rule.id}-{number}")
        for rule in standard_rules()
        for number, text in enumerate(getattr(rule, kind))
    ]


@pytest.mark.parametrize(("category", "text"), shown("flags"))
def test_what_a_rule_is_said_to_flag_is_flagged_as_that(category, text):
    assert category in {finding.category for finding in check(text).findings}


@pytest.mark.parametrize(("category", "text"), shown("leaves"))
def test_what_a_rule_is_said_to_leave_alone_nothing_stops_at(category, text):
    # What is framed rightly may still lack a source.
    found = {finding.category for finding in check(text).findings}
    assert not (found & {category} if category == "FRAMING" else found)


@pytest.mark.parametrize("category", KINDS)
def test_the_learned_part_finds_its_examples_and_leaves_the_others(category):
    for text in KINDS[category].flags:
        assert rule_id(category) in rules_of(text), text
    for text in KINDS[category].leaves:
        assert not rules_of(text), text


@pytest.mark.parametrize("entry", [e for e in CHECKS if e.id in CIRCUMSTANCES], ids=lambda e: e.id)
def test_a_check_in_code_finds_its_example_and_leaves_the_other(entry):
    when_flagged, when_left = CIRCUMSTANCES[entry.id]
    (flagged,), (left,) = entry.flags, entry.leaves
    assert entry.id in rules_of(flagged.partition(" [")[0], **when_flagged)
    assert entry.id not in rules_of(left.partition(" [")[0], **when_left)


def test_a_section_without_harms_is_noted_and_one_with_them_is_not():
    assert "framing-silent-harm" in rules_of(SECTION)
    assert "framing-silent-harm" not in rules_of(SECTION + "Fever and infection are known harms.")


def test_every_page_has_both_kinds_of_example():
    assert all(entry.flags and entry.leaves for entry in CHECKS)
    assert {entry.id for entry in CHECKS} == {*CIRCUMSTANCES, "framing-silent-harm"}
