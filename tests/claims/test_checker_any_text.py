"""Any text at all gets an answer, in time that grows no faster than the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.checker import Block, Citation, Name, Names, check
from claims.checker.normal import Folded
from tests.cost import calls
from tests.fuzz.checker import run

NAMES = Names([Name("lupus", "condition", "lupus"), Name("RA", "condition", "ra")])
WORDS = st.sampled_from(
    "stem cells can may not cure lupus RA . ? ! \n \u200b “ ” ( [1] 80% “he said” İ ﬁ \ud800 \x00 "
    "е\u0301 however, studies show that the only safe 1,000.5 🎗️ שלום e.g. …".split(" ")
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=60).map(" ".join))


@settings(max_examples=100, deadline=None)
@given(text=TEXTS, spots=st.lists(st.integers(-5, 400), max_size=4))
def test_any_text_is_answered_with_offsets_that_hold(text, spots):
    blocks = [Block(min(spots), max(spots), "item")] if spots else None
    report = check(text, blocks=blocks, citations=[Citation(s, "x", True) for s in spots],
                   names=NAMES, assessments={("a", "b"): "low"})  # fmt: skip
    for sentence in report.sentences:
        assert 0 <= sentence.start < sentence.end <= len(text)
        assert text[sentence.start : sentence.end] == sentence.text
        for mention in sentence.mentions:
            assert sentence.start <= mention.start < mention.end <= sentence.end
    for finding in report.findings:
        assert all(finding.start <= a < b <= finding.end for a, b in finding.triggers)


@settings(max_examples=100, deadline=None)
@given(text=TEXTS)
def test_folding_keeps_the_way_back(text):
    folded = Folded(text)
    assert len(folded.words) == len(folded.plain) + 2
    for offset in range(len(folded.plain)):
        back = folded.back(offset)
        assert 0 <= back < len(text)
    for offset in range(len(text)):
        assert 0 <= folded.into(offset) <= len(folded.plain)


def test_two_letters_written_as_one_sign_both_come_of_that_sign():
    folded = Folded("aﬁ\nﬂb")
    assert folded.plain == "afi flb"
    assert [folded.back(at) for at in range(len(folded.plain))] == [0, 1, 1, 2, 3, 3, 4]


UNITS = [
    "a",
    ".",
    ". ",
    "\n",
    "can ",
    "not cure ",
    "\u200b",
    "“. ",
    "(",
    "1.",
    "1,",
    "may.A ",
    "D.C. The ",
]
UNITS += ["stem cells can cure lupus ", "\u0301", "  x", "RA "]


@pytest.mark.parametrize("unit", UNITS)
def test_the_cost_grows_no_faster_than_the_text(unit):
    def cost(size):
        text = unit * (size // len(unit))
        return calls(lambda: check(text, names=NAMES))

    cost(1_000)  # what is read once is read now
    assert cost(80_000) < 8 * cost(10_000) * 1.5 + 2_000


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\x00", "\u200b", "\ud800", "?", "💊"])
def test_next_to_nothing_is_answered(text):
    assert check(text).findings == []


def test_a_cue_across_the_edge_of_a_window_of_matching_is_found_once():
    for before in range(99_970, 100_010, 3):
        text = "\n".join(["x" * (before - 1), "Contact us to book a free consultation."])
        (finding,) = check(text).findings
        assert text[finding.start :].startswith("Contact us")
        assert len(set(finding.triggers)) == len(finding.triggers)


def test_texts_grown_by_chance_are_answered_with_offsets_that_hold():
    run(rounds=400, seed=20)


def test_the_cost_of_citations_grows_no_faster_than_their_number():
    text = "Stem cells reduce pain. " * 50

    def cost(count):
        cited = [Citation(i % len(text), "Doe 2020", year=2001) for i in range(count)]
        return calls(lambda: check(text, citations=cited))

    cost(10)
    assert cost(20_000) < 10 * cost(2_000) * 1.5 + 2_000


def test_a_text_read_in_parts_is_answered_as_one_read_whole(monkeypatch):
    paragraph = (
        "Stem cells come from bone marrow. Once infused, they calm the immune attack.\n\n"
        "Many patients were able to taper off their medicines. "
        "\u201cI walk again,\u201d said Jo.\n\n"
        "Lupus is an autoimmune disease. It can damage the kidneys\u2026\n\n"
    )
    text = paragraph * 12
    names = Names([Name("lupus", "condition", "lupus"), Name("Stem cells", "therapy", "cells")])
    more = {"names": names, "assessments": {("cells", "lupus"): "low"}}
    whole = check(text, **more)
    monkeypatch.setattr("claims.checker.reader.PART", 300)
    parts = check(text, **more)
    assert parts == whole
    assert len(whole.findings) > 20


def test_a_block_that_ends_in_hidden_characters_inside_a_word_does_not_quote_the_rest_of_it():
    text = "This has been shown to reverse sclerosis by treatmen\ufeff\ufefft of the blood."
    edge = text.index("\ufeff") + 1
    report = check(text, blocks=[Block(0, edge, "item"), Block(edge, len(text), "item")])
    assert report.findings
    for finding in report.findings:
        assert all(finding.start <= a < b <= finding.end for a, b in finding.triggers)
