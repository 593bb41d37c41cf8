"""Regulatory facts: what was confirmed is shown with its proof, figures from memory never."""

import pytest

from evidence.models import Source
from tests import factories
from therapies import regulation


def row(fact="Approved.", body="FDA", date="2018-06", basis="memory"):
    return {"fact": fact, "body": body, "date": date, "basis": basis}


@pytest.mark.parametrize("basis", ["memory", "memory of a label", "", None])
def test_a_fact_from_memory_loses_its_date(basis):
    (fact,) = regulation.facts([row(basis=basis)], {}).shown
    assert not fact.is_confirmed and fact.date == "" and fact.text == "Approved."


@pytest.mark.parametrize("words", ["Approved in 2018.", "Octagam 10% was approved."])
def test_a_figure_from_memory_is_left_out_and_counted(words):
    facts = regulation.facts([row(words)], {})
    assert facts.shown == [] and facts.left_out == 1


@pytest.mark.parametrize("words", ["Delays stage 3 type 1 diabetes.", "Against CD19 cells."])
def test_digits_that_belong_to_a_name_are_no_figure(words):
    assert regulation.facts([row(words)], {}).left_out == 0


@pytest.mark.parametrize(
    ("date", "shown"),
    [("2024-12-13", "13 December 2024"), ("2021-09", "September 2021"), ("2026", "2026"),
     ("2026-99", "2026-99"), ("", "")],
)  # fmt: skip
def test_a_confirmed_fact_keeps_its_date_in_words(date, shown):
    (fact,) = regulation.facts([row(date=date, basis="lookup: a letter")], {}).shown
    assert (fact.date, fact.is_confirmed, fact.remark) == (shown, True, "a letter")


def test_proofs_are_sources_of_ours_and_addresses():
    source = Source(pk=7, key="fda-2024-warning", authors="FDA", year=2024)
    basis = "lookup: fda-2024-warning https://www.example.org/some-page"
    (fact,) = regulation.facts([row(basis=basis)], {source.key: source}).shown
    assert fact.proofs == [
        ("FDA, 2024", "/sources/7/"),
        ("example.org", "https://www.example.org/some-page"),
    ]


@pytest.mark.django_db
def test_the_therapy_page_says_what_was_not_confirmed_here(client):
    source = factories.source(key="fda-2024-warning", authors="FDA", year=2024)
    page = factories.therapy(
        title="Rest",
        regulatory=[
            row("Rest is allowed.", date="2018-06"),
            row("Rest for 20 hours was approved."),
            row("A warning was required.", date="2024-04-18", basis=f"lookup: {source.key}"),
        ],
    )
    words = " ".join(client.get(page.get_absolute_url()).content.decode().split())
    assert "Not confirmed here" in words and "2018" not in words and "20 hours" not in words
    assert "18 April 2024" in words and source.get_absolute_url() in words
    assert "1 statement with figures that nobody has confirmed here is left out." in words
