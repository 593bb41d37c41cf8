"""A better spelling is proposed when nothing was found, and never applied."""

import pytest

from search import engine
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "proposed"),
    [
        ("lupsu", "lupus"),
        ("ritximab", "rituximab"),
        ("sjorgens", "sjögren's"),
        ("erythematosis", "erythematosus"),
        ("spondilitus", "spondylitis"),
        ("planning a famly", "planning a family"),
    ],
)
def test_a_slip_is_answered_with_a_proposal(library, typed, proposed):
    assert engine.search(typed).did_you_mean == proposed


@pytest.mark.parametrize(
    "typed",
    ["lupus", "SLE", "pSS", "CD", "axspa", "rituximab", "anti-CD20", "butterfly", "leaflet", "AS"],
)
def test_a_word_that_the_site_knows_is_never_questioned(library, typed):
    assert engine.search(typed).did_you_mean is None


@pytest.mark.parametrize("typed", ["zzzzzz", "xq", "12345", "rituzemab", "obinutuzumab", ""])
def test_a_word_that_is_near_to_nothing_is_left_alone(library, typed):
    assert engine.search(typed).did_you_mean is None


def test_nothing_is_corrected_silently(library, titles):
    assert titles("lupsu") == []


def test_a_word_on_a_single_page_is_not_questioned(library, titles):
    factories.published_page(title="A name like it", body="<p>Lupsu is a brand.</p>")
    assert (titles("lupsu"), engine.search("lupsu").did_you_mean) == (["A name like it"], None)


def test_new_names_are_known_at_once(library):
    assert engine.search("belimumb").did_you_mean is None
    factories.published_page("therapy", title="Belimumab")
    assert engine.search("belimumb").did_you_mean == "belimumab"
