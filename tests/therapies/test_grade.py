"""GRADE as arithmetic: what follows from which reasons. Needs no database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from therapies import grade


@pytest.mark.parametrize(
    ("start", "points", "level"),
    [
        ("randomised", {}, "high"),
        ("randomised", {"imprecision": -1}, "moderate"),
        ("randomised", {"imprecision": -1, "risk_of_bias": -1}, "low"),
        ("randomised", {"imprecision": -2, "risk_of_bias": -2, "indirectness": -2}, "very low"),
        ("observational", {}, "low"),
        ("observational", {"risk_of_bias": -1}, "very low"),
        ("observational", {"large_effect": 1}, "moderate"),
        ("observational", {"large_effect": 2}, "high"),
        ("randomised", {"large_effect": 2}, "high"),
    ],
)
def test_certainty_follows_from_start_and_reasons(start, points, level):
    assert grade.certainty(start, points) == level


@given(
    start=st.sampled_from(sorted(grade.STARTS)),
    points=st.fixed_dictionaries(
        {domain.field: st.integers(domain.least, domain.most) for domain in grade.DOMAINS}
    ),
)
def test_a_further_doubt_never_makes_anyone_surer(start, points):
    before = grade.LEVELS.index(grade.certainty(start, points))
    for domain in grade.DOWN:
        if points[domain.field] > domain.least:
            doubted = points | {domain.field: points[domain.field] - 1}
            assert grade.LEVELS.index(grade.certainty(start, doubted)) <= before


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"imprecision": -1}, "imprecision_why"),
        ({"imprecision_why": "Few people."}, "imprecision"),
        ({"imprecision": -3, "imprecision_why": "Few people."}, "imprecision"),
        ({"imprecision": 1, "imprecision_why": "Few people."}, "imprecision"),
        ({"large_effect": -1, "large_effect_why": "It is large."}, "large_effect"),
    ],
)
def test_a_reason_without_a_sentence_or_out_of_bounds_is_told_beside_its_field(words, field):
    assert list(grade.faults("randomised", words)) == [field]


def test_a_certainty_that_does_not_follow_is_refused_with_what_does():
    found = grade.faults("randomised", {}, "low")
    assert found["certainty"].startswith("From these reasons follows high certainty, not low.")
    assert not grade.faults("randomised", {}, "high")


def test_an_unknown_start_is_asked_for():
    assert list(grade.faults("", {})) == ["start"]
