"""What is found, and in which order."""

import pytest

from search import engine
from tests import factories

pytestmark = pytest.mark.django_db


def kinds_and_titles(text):
    return [(r.kind, r.title) for r in engine.search(text).results]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("lupus", "Systemic lupus erythematosus"),
        ("SLE", "Systemic lupus erythematosus"),
        ("sle", "Systemic lupus erythematosus"),
        ("Lupus Nephritis", "Systemic lupus erythematosus"),
        ("Sjogren", "Sjögren's disease"),
        ("sjögren’s", "Sjögren's disease"),
        ("SJOGRENS SYNDROME", "Sjögren's disease"),
        ("sicca syndrome", "Sjögren's disease"),
        ("AS", "Ankylosing spondylitis"),
        ("as", "Ankylosing spondylitis"),
        ("axspa", "Ankylosing spondylitis"),
        ("crohns", "Crohn's disease"),
        ("car t", "CAR-T cells (CD19, BCMA)"),
        ("CAR-T", "CAR-T cells (CD19, BCMA)"),
        ("cart", "CAR-T cells (CD19, BCMA)"),
        ("anti cd20", "Rituximab and other B-cell depletion"),
        ("celiac disease", "Coeliac disease"),
        ("butterfly rash", "Systemic lupus erythematosus"),
        ("dry eyes", "Sjögren's disease"),
    ],
)
def test_a_page_comes_first_under_any_name_or_sign_of_it(library, titles, query, title):
    assert titles(query)[0] == title


def test_the_condition_comes_before_an_article_of_the_same_title(library):
    assert kinds_and_titles("systemic lupus erythematosus")[:2] == [
        ("condition", "Systemic lupus erythematosus"),
        ("article", "Systemic lupus erythematosus"),
    ]


def test_name_then_title_words_then_text_then_other_names(library):
    found = kinds_and_titles("lupus")
    assert found[0] == ("condition", "Systemic lupus erythematosus")
    assert set(found[1:3]) == {
        ("article", "Systemic lupus erythematosus"),
        ("article", "Planning a family with lupus"),
    }
    assert found[3:] == [("article", "Sleeping well"), ("article", "Days at work")]


def test_a_word_that_very_many_pages_share_is_ranked_by_titles_and_summaries(
    library, titles, monkeypatch
):
    everything = titles("lupus")
    monkeypatch.setattr(engine, "MOST_RANKED", 1)
    assert titles("lupus")[:2] == ["Systemic lupus erythematosus", "Planning a family with lupus"]
    assert set(titles("lupus")) < set(everything) | {"Days at work"}
    assert engine.search("lupus").count == len(everything)


def test_an_abbreviation_finds_what_is_written_out_after_what_was_typed(library):
    found = kinds_and_titles("SLE")
    assert found[0] == ("condition", "Systemic lupus erythematosus")
    assert found[1] == ("article", "Days at work")
    assert ("article", "Planning a family with lupus") in found
    assert ("article", "Sleeping well") in found


def test_a_name_with_two_meanings_brings_both(library, titles):
    assert set(titles("CD")[:2]) == {"Coeliac disease", "Crohn's disease"}


def test_a_title_that_begins_with_the_query_comes_before_one_that_holds_it(db, titles):
    factories.published_page(title="What tiredness does", body="<p>tiredness " * 20 + "</p>")
    factories.published_page(title="Tiredness in winter")
    assert titles("tiredness") == ["Tiredness in winter", "What tiredness does"]


def test_other_words_of_a_query_narrow_it(library, titles):
    assert titles("lupus family") == ["Planning a family with lupus"]


def test_small_words_and_question_marks_are_passed_over(library, titles):
    assert titles("How do I plan a family with lupus?")[0] == "Planning a family with lupus"


def test_quoted_words_stand_together(library, titles):
    assert titles('"a family with"') == ["Planning a family with lupus"]
    assert engine.search('"family lupus"').is_partial  # those words stand nowhere together


def test_american_and_british_spelling_find_each_other(library, titles):
    assert titles("tumor eyelid") == ["Systemic lupus erythematosus"]


def test_a_tag_is_searched(library, titles):
    assert "Sleeping well" in titles("daily life")


def test_a_kind_limits_what_is_found(library, titles):
    assert titles("lupus", kind="condition") == ["Systemic lupus erythematosus"]
    assert engine.search("lupus", kind="therapy").results == []


def test_when_no_page_has_all_the_words_those_with_some_are_offered_as_such(library):
    found = engine.search("butterfly rituximab")
    assert found.is_partial
    assert {r.title for r in found.results} == {
        "Rituximab and other B-cell depletion",
        "Systemic lupus erythematosus",  # people search for its “butterfly rash”
    }


def test_results_come_in_pages_that_neither_repeat_nor_skip(library, monkeypatch):
    monkeypatch.setattr(engine, "PAGE_SIZE", 3)
    first, second = engine.search("lupus"), engine.search("lupus", page=2)
    assert (first.count, first.pages, first.has_next, first.has_previous) == (5, 2, True, False)
    assert (second.number, second.has_next, second.has_previous) == (2, False, True)
    ids = [r.page_id for r in first.results + second.results]
    assert len(ids) == len(set(ids)) == 5
    assert engine.search("lupus", page=99).number == 2


def test_a_snippet_marks_what_was_found_and_escapes_the_rest(db):
    body = f"<p>{'Before it. ' * 60}Taste &lt;b&gt; with a <b>lemon</b>. {'After it. ' * 60}</p>"
    factories.published_page(title="Food", body=body)
    (result,) = engine.search("lemons").results
    assert "Taste &lt;b&gt; with a <mark>lemon</mark>." in result.snippet
    assert len(result.snippet) < 300
    assert result.snippet.startswith("… ") and result.snippet.endswith(" …")


def test_a_snippet_marks_names_with_diacritics(library):
    factories.published_page(title="Dryness", body="<p>Living with Sjögren’s disease.</p>")
    found = {r.title: r.snippet for r in engine.search("sjogrens disease").results}
    assert found["Dryness"] == "Living with <mark>Sjögren’s disease</mark>."


def test_the_beginning_of_a_name_finds_it_when_nothing_else_is_found(library, titles):
    assert titles("rituxi") == ["Rituximab and other B-cell depletion"]
    assert titles("chimeric antig") == ["CAR-T cells (CD19, BCMA)"]
    assert titles("antig", kind="condition") == []
