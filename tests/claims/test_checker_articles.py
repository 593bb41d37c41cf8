"""Whole articles: what each sentence is about, what kind of article it is, and how well it goes."""

import pytest

from benchmarks import _articles
from claims.checker import check


def rules(text):
    """The ids of the rules that the last sentence of a text set off."""
    report = check(text)
    last = len(report.sentences) - 1
    return {f.rule for f in report.findings if f.sentence == last}


@pytest.mark.parametrize("half", ["tuning", "heldout"])
def test_the_annotated_units_stand_where_they_say(half):
    rows = _articles.units(half)
    texts = _articles.texts(rows)
    assert len(rows) > 200
    for row in rows:
        assert texts[row["doc"]][row["start"] : row["end"]] == row["text"]
        assert row["needs_review"] == (row["severity"] != "none")
        assert set(row["labels"]) <= set(_articles.CATEGORIES)


def test_the_articles_the_rules_were_tuned_on_stay_as_well_read_as_they_were():
    figures = dict(_articles.table("tuning"))
    assert figures["needs_review"]["F1"] > 0.90
    assert figures["needs_review"]["spec"] > 0.90
    assert figures["  news, releases"]["kappa"] > 0.80


@pytest.mark.parametrize(
    "text",
    [
        "Stem cells come from fat. They soothe the immune attack.",
        "Stem cells come from fat. In lupus, these cells coax the kidneys back to health.",
        "Exosomes are tiny vesicles. By carrying signals, they retrain immune cells.",
        "Stem cells come from fat. Steroids are older. Stem cells quieten the joints.",
    ],
)
def test_a_pronoun_stands_for_the_therapy_spoken_of_before(text):
    assert "efficacy-mends" in rules(text)


@pytest.mark.parametrize(
    "text",
    [
        "Stem cells are studied. The immune system attacks the joints. It keeps infections at bay.",
        "Stem cells are studied. When the immune system is healthy, it wards off infections.",
        "Stem cells are studied. Stem cells renew themselves and divide.",
        "Stem cells are studied. Lupus is a disease. It can lead to inflammation of the kidneys.",
        "Stem cells are studied. The cells are thawed and given back to you through a drip.",
        "Stem cells are used to replace lost blood cells.",
    ],
)
def test_what_the_body_the_disease_or_a_procedure_does_is_no_benefit_claimed(text):
    assert not {r for r in rules(text) if r.startswith("efficacy")}


def test_items_under_a_list_of_benefits_are_claims_and_others_are_not():
    lead = "Stem cells come from fat.\n\n{} \n\n- better balance\n"
    assert "efficacy-listed" in rules(lead.format("After the infusion patients report:"))
    assert "efficacy-listed" not in rules(lead.format("Steroids can help with:"))
    assert "efficacy-listed" not in rules(lead.format("The test looks for:"))


NEWS = "The study was published in the journal Gut, said Dr Lee, who led the study. "
WATCHED = NEWS + (
    "Nurses in the cohort were followed for years. They filled in questionnaires about coffee. "
)
MICE = NEWS + "The mice were fed the strain. The treated mice walked better. "


@pytest.mark.parametrize(
    ("context", "sentence", "stopped"),
    [
        (NEWS, "Stem cells healed the ulcers of six patients.", False),
        (NEWS, "Stem cells heal ulcers.", True),
        (NEWS, "The findings show that stem cells heal ulcers.", True),
        (NEWS, "Larger trials are planned.", False),
        (NEWS, "Stem cells are effective in colitis.", True),
        (WATCHED, "Those who drank coffee were less likely to get lupus.", False),
        (WATCHED, "Coffee may protect against lupus.", True),
        (WATCHED, "Many cases of lupus could be prevented.", True),
        (MICE, "The mice had fewer lesions.", False),
        (MICE, "A capsule could soon free people from injections.", True),
        (MICE, "It is not known whether it works in people.", False),
    ],
)
def test_news_may_tell_what_was_found_but_not_make_a_general_fact_of_it(context, sentence, stopped):
    assert bool({r for r in rules(context + sentence) if r.startswith("efficacy")}) is stopped


def test_on_a_sellers_page_a_benefit_blocks():
    benefit = "Stem cells calm the immune attack."
    page = (
        f"Call us today for a free consultation. We are proud of our award-winning team. {benefit}"
    )
    assert [f.severity for f in check(page).findings if f.rule == "efficacy-mends"] == ["block"]
    assert [f.severity for f in check(benefit).findings if f.rule == "efficacy-mends"] == ["advise"]


def test_drugs_given_up_block_wherever_a_therapy_is_the_topic():
    text = "Stem cells come from fat. In some cases patients tapered off their steroids."
    (finding,) = [f for f in check(text).findings if f.rule == "efficacy-drugs-dropped"]
    assert finding.severity == "block"
