"""Lay words, brands, names of several meanings, and names left as they are."""

import pytest

from autoimmune_site import demo
from search import engine, reader_words, spelling
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_shipped_words_belong_to_shipped_pages():
    said = reader_words.reader_words()
    pages = {("condition", row["slug"]) for row in demo._read("conditions")}
    pages |= {("therapy", row["slug"]) for row in demo._read("therapies")}
    named = {*said.lay, *said.brands, *(row.page for row in said.ask.values() if row.page)}
    assert named <= pages
    assert {"ms", "ra", "as", "pa", "aps"} <= set(said.ask)


def test_a_brand_leads_to_its_page_and_looks_for_its_medicine_only(db, titles):
    factories.therapy(
        title="TNF inhibitors", slug="tnf-inhibitors", other_names=["infliximab", "adalimumab"]
    )
    factories.published_page(title="Weekly", body="<p>She takes adalimumab.</p>")
    factories.published_page(title="Drips", body="<p>She takes infliximab.</p>")
    assert titles("Humira") == ["TNF inhibitors", "Weekly"]


def test_a_brand_of_a_medicine_without_a_page_finds_what_speaks_of_the_medicine(db, titles):
    factories.published_page(title="Infusions", body="<p>She takes natalizumab.</p>")
    assert titles("Tysabri") == ["Infusions"]
    assert engine.search("Tysabri").did_you_mean is None


def test_lay_words_lead_to_a_page_but_are_no_name_of_it(db, titles):
    page = factories.condition(title="Graves' disease", slug="graves-disease")
    assert titles("bulging eyes") == ["Graves' disease"]
    assert page.other_names == []


def test_a_short_name_of_several_meanings_is_asked_about(client, db):
    factories.condition(title="Multiple sclerosis", slug="multiple-sclerosis", other_names=["MS"])
    found = engine.search("MS")
    assert found.results[0].title == "Multiple sclerosis"  # and still found at once
    assert [(m.text, m.query) for m in found.question.meanings] == [
        ("Multiple sclerosis", "Multiple sclerosis"),
        ("mitral stenosis", ""),
    ]
    html = client.get("/search/?q=MS").content.decode()
    assert "Which did you mean?" in html and "not covered on this site" in html
    assert engine.search("treatment of MS").question.meanings[0].query == (
        "treatment of Multiple sclerosis"
    )
    assert engine.search("multiple sclerosis").question is None


def test_a_short_name_that_two_pages_have_is_asked_about(library):
    question = engine.search("CD").question
    assert {m.text for m in question.meanings} == {"Coeliac disease", "Crohn's disease"}


def test_a_short_name_without_a_page_is_asked_about_too(client, db):
    html = client.get("/search/?q=APS").content.decode()
    assert "Antiphospholipid syndrome" in html


def test_letters_in_another_order_are_one_slip(library):
    assert engine.search("chrons disease").did_you_mean == "crohn's disease"


def test_a_protected_name_is_never_questioned(library):
    spelling.vocabulary.read_on()
    assert spelling.vocabulary.nearest("rituximap") == ["rituximab"]
    for name in reader_words.reader_words().protected:
        assert engine.search(name).did_you_mean is None, name


@pytest.mark.parametrize(
    "data",
    [b"[]", b"lay: {}", b"lay: {psoriasis: [x]}\nbrands: {}\nelsewhere: {}\nask: {}\nprotect: {}"]
    + [b"lay: {}\nbrands: {}\nelsewhere: {}\nask: {X: {also: [one]}}\nprotect: {}"],
)
def test_a_file_that_means_nothing_is_refused(data):
    with pytest.raises(ValueError, match="."):
        reader_words.read(data)
