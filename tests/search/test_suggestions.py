"""What is offered while the reader types."""

import pytest

from search import engine

pytestmark = pytest.mark.django_db


def offered(text):
    return [(s.title, s.name) for s in engine.suggest(text)]


def test_names_that_begin_so_are_offered_with_the_name_that_fits(library):
    assert offered("sl") == [("Systemic lupus erythematosus", "SLE"), ("Sleeping well", "")]
    assert offered("sjog") == [("Sjögren's disease", "")]
    assert offered("pss") == [("Sjögren's disease", "pSS")]
    assert offered("coe") == [("Coeliac disease", "")]
    assert offered("cel") == [
        ("Coeliac disease", "celiac"),
        ("CAR-T cells (CD19, BCMA)", ""),
        ("Rituximab and other B-cell depletion", ""),
    ]


@pytest.mark.parametrize("length", range(3, len("erythematosus") + 1))
def test_a_later_word_is_found_at_every_letter_of_it(library, length):
    assert offered("erythematosus"[:length])[0] == ("Systemic lupus erythematosus", "")


def test_several_words_are_read_together(library):
    assert offered("systemic lup")[0] == ("Systemic lupus erythematosus", "")
    assert offered("family lup") == [("Planning a family with lupus", "")]


def test_each_page_is_offered_once_and_no_more_than_eight(library):
    pages = [s.url for letter in "abcdelprs" for s in engine.suggest(letter)]
    assert pages
    for letter in "abcdelprs":
        urls = [s.url for s in engine.suggest(letter)]
        assert len(urls) == len(set(urls)) <= 8


def test_nothing_typed_offers_nothing(library):
    assert offered("") == offered("  ") == offered("…") == []
