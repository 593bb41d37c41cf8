"""The mutation corpus: edits with what must become of the claim. `benchmarks/carry.py` has more."""

import json
from collections import Counter
from pathlib import Path

import pytest

from claims.carry.protocol import fare

EDITS = [
    json.loads(line)
    for line in (Path(__file__).parent / "edits.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(scope="module", params=["tuning", "held-out", "later"])
def answers(request):
    """(edit, what became of its claim) for one part of the corpus."""
    half = [e for e in EDITS if e["half"] == request.param]
    return [(e, fare(e["before"], e["claim"], e["after"])) for e in half]


def share(answers, kind: str, outcomes: set) -> float:
    """Which part of a class of edits ended in one of these outcomes."""
    mine = [fate.outcome in outcomes for edit, fate in answers if edit["class"] == kind]
    return sum(mine) / len(mine)


def test_the_corpus_is_large_and_each_half_has_every_class():
    assert len({e["id"] for e in EDITS}) == len(EDITS) >= 500
    sizes = Counter((e["half"], e["class"]) for e in EDITS)
    for half in ("tuning", "held-out"):
        assert all(sizes[half, k] >= 30 for k in ("harmless", "rewording", "structural"))
        assert sizes[half, "meaning"] >= 150
    # Written when the code was done, to catch it out.
    assert sum(n for (half, _), n in sizes.items() if half == "later") >= 150
    assert sizes["later", "meaning"] >= 100


def test_changes_of_meaning_are_asked_again(answers):
    assert share(answers, "meaning", {"reopen", "gone"}) >= 0.99


def test_harmless_changes_keep_the_decision(answers):
    assert share(answers, "harmless", {"keep"}) >= 0.95


def test_moves_splits_and_deletions_end_as_a_person_expects(answers):
    wrong = [
        edit["id"]
        for edit, fate in answers
        if edit["class"] == "structural" and fate.outcome not in edit["expect"]["outcome"]
    ]
    assert wrong == []


def test_no_claim_lands_on_a_wrong_sentence(answers):
    wrong = [
        edit["id"]
        for edit, fate in answers
        if fate.text is not None and fate.text not in edit["expect"]["text"]
    ]
    assert wrong == []
