"""Whatever the text: an answer, the same sentence kept, and time that grows with its length."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from claims.carry import carry, carry_all
from claims.carry.protocol import fare, sentences

WORDS = st.sampled_from(
    "A a the drug drugs 5 50 mg −3 1,000 ten twenty not n't isn't it's and or , ; . ? [1] [@k] "
    "(SLE) ¹² 10⁹ <b> ** lupus lupis children adults may however which % / & "
    "\u200b \ud800 …".split()
)
ANY = st.text(max_size=60) | st.lists(WORDS, max_size=14).map(" ".join)
MANY = st.lists(ANY, max_size=6)


@settings(max_examples=150, deadline=None)
@given(claim=ANY, after=MANY, before=MANY)
def test_any_text_gets_an_answer_that_stands_in_it(claim, after, before):
    for fate in (carry(claim, after), *carry_all([claim, claim], after, before)):
        assert fate.outcome in ("keep", "reopen", "gone")
        assert (fate.index is None) == (fate.text is None) == (fate.outcome == "gone")
        assert fate.index is None or after[fate.index] == fate.text
    fare(before, claim, after)


@settings(max_examples=100, deadline=None)
@given(texts=MANY)
def test_an_unchanged_text_keeps_every_claim_where_it_is(texts):
    fates = carry_all(texts, texts, texts)
    assert [(f.outcome, f.text) for f in fates] == [("keep", t) for t in texts]


@settings(max_examples=60, deadline=None)
@given(paragraphs=MANY)
def test_every_sentence_of_unchanged_paragraphs_is_kept(paragraphs):
    for sentence in sentences(paragraphs):
        assert fare(paragraphs, sentence, paragraphs).outcome == "keep"


@settings(max_examples=100, deadline=None)
@given(texts=MANY, after=MANY)
def test_each_sentence_is_kept_by_one_claim_at_most(texts, after):
    kept = [f.index for f in carry_all(texts, after) if f.outcome == "keep"]
    assert len(kept) == len(set(kept))


def seconds(work) -> float:
    """Processor time, so that a busy machine fails nobody."""
    began = time.process_time()
    work()
    return time.process_time() - began


def test_two_thousand_changed_sentences_take_seconds():
    old = [f"In group {i} the drug number {i % 97} reduced flares in adults." for i in range(2000)]
    new = [s.replace("adults", "children") for s in old]
    fates = []
    assert seconds(lambda: fates.extend(carry_all(old, new, old))) < 15
    assert [f.index for f in fates] == list(range(2000))
    assert {f.outcome for f in fates} == {"reopen"}


def test_two_thousand_equal_sentences_take_seconds():
    assert seconds(lambda: carry_all(["It helps."] * 2000, ["It helps you."] * 1999)) < 15


def test_a_sentence_of_ten_kilobytes_takes_less_than_a_second():
    for piece in (
        "A ",
        "( ",
        "<b ",
        "[@",
        "**a ",
        "it's ",
        "a-",
        "1,000",
        "Ab & ",
        "wheat, rye and ",
    ):
        long = piece * (10_000 // len(piece))
        assert seconds(lambda long=long: carry(long, [long + "x", long[::-1]])) < 2
