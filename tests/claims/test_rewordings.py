"""Against an assessment: what counts as telling a benefit, which wording is offered instead and
which never is, and how a finding names and links the assessment."""

import pytest

from claims.checker import Name, Names, check
from tests import factories

NAMES = Names(
    [
        Name("Lupus", "condition", "lupus"),
        Name("Systemic lupus erythematosus", "condition", "lupus"),
        Name("SLE", "condition", "lupus"),
        Name("Rheumatoid arthritis", "condition", "ra"),
        Name("Type 1 diabetes", "condition", "type-1-diabetes"),
        Name("MSC therapy", "therapy", "msc"),
        Name("MSC", "therapy", "msc"),
        Name("Rituximab", "therapy", "rituximab"),
        Name("CAR T-cell therapy", "therapy", "car-t"),
    ]
)
THERAPIES, CONDITIONS = ("msc", "rituximab", "car-t"), ("lupus", "ra", "type-1-diabetes")


def overstatement(sentence, certainty):
    """The finding against assessments that are all of one certainty, or None."""
    grades = {(t, c): certainty for t in THERAPIES for c in CONDITIONS}
    found = check(sentence, names=NAMES, assessments=grades, closely=False).findings
    return next((f for f in found if f.rule == "grade-overstated"), None)


@pytest.mark.parametrize(
    ("certainty", "sentence", "wording"),
    [
        (
            "low",
            "MSC therapy reduces flares in lupus.",
            "MSC therapy may reduce flares in lupus.",
        ),
        (
            "moderate",
            "MSC therapy reduces flares in lupus.",
            "MSC therapy probably reduces flares in lupus.",
        ),
        (
            "very low",
            "Rituximab slows down joint damage in rheumatoid arthritis.",
            "We are very uncertain whether rituximab slows down joint damage in rheumatoid "
            "arthritis.",
        ),
        (
            "low",
            "In people with lupus, treatment with MSC therapy eases pain and fatigue.",
            "In people with lupus, treatment with MSC therapy may ease pain and fatigue.",
        ),
        (
            "low",
            "MSC therapy in lupus slows progression and improves quality of life.",
            "MSC therapy in lupus may slow progression and improve quality of life.",
        ),
        (
            "low",
            "MSC infusions restore remission in lupus.",
            "MSC infusions may restore remission in lupus.",
        ),
        (
            "low",
            "MSC therapy improves insulin production in type 1 diabetes.",
            "MSC therapy may improve insulin production in type 1 diabetes.",
        ),
        (
            "low",
            "MSC therapy reduces flares in systemic lupus erythematosus (SLE).",
            "MSC therapy may reduce flares in systemic lupus erythematosus (SLE).",
        ),
        (
            "low",
            "CAR T-cell therapy induces remission in lupus.",
            "CAR T-cell therapy may induce remission in lupus.",
        ),
        (
            "low",
            "MSC therapy will help relieve pain in lupus.",
            "MSC therapy may help relieve pain in lupus.",
        ),
        (
            "low",
            "MSC therapy is able to reduce flares in lupus.",
            "MSC therapy may reduce flares in lupus.",
        ),
    ],
)
def test_a_plain_sentence_is_offered_a_wording_that_fits(certainty, sentence, wording):
    assert overstatement(sentence, certainty).rewording == wording
    assert overstatement(wording, certainty) is None


@pytest.mark.parametrize("certainty", ["very low", "low", "moderate"])
@pytest.mark.parametrize(
    "sentence",
    [
        # no wording softens the verb
        "MSC therapy cures lupus.",
        "Rituximab cures rheumatoid arthritis.",
        "Rituximab will cure rheumatoid arthritis.",
        "MSC therapy eliminates lupus.",
        "MSC therapy reverses lupus.",
        "MSC therapy heals lupus.",
        "MSC therapy has been shown to heal lupus.",
        "MSC therapy regenerates tissue in lupus.",
        "MSC therapy halts lupus.",
        "MSC therapy resets the immune system in lupus.",
        "MSC therapy prevents flares for ever in lupus.",
        "MSC therapy prevents flares in lupus for good.",
        "MSC therapy will prevent flares in lupus for life.",
        "CAR T-cell therapy induces complete remission in lupus.",
        "MSC therapy reduces pain and cures lupus.",
        "MSC therapy will reduce pain and cure lupus.",
        "MSC therapy reduces inflammation to erase lupus.",
        # an adverb of degree or certainty
        "MSC therapy always reduces flares in lupus.",
        "MSC therapy dramatically reduces flares in lupus.",
        "MSC therapy reliably halts lupus.",
        "MSC therapy will certainly reduce flares in lupus.",
        "MSC therapy certainly will reduce flares in lupus.",
        "MSC therapy reduces flares in lupus significantly.",
        "MSC therapy also reduces flares in lupus.",
        "MSC therapy has been shown to greatly reduce flares in lupus.",
        # something else that claims too much
        "MSC therapy significantly reduces flares in lupus and is safe.",
        "MSC therapy reduces flares in lupus and is safe.",
        "MSC therapy reduces flares in lupus, safely.",
        "MSC therapy is a breakthrough that restores function in lupus.",
        "MSC therapy, a miracle, reduces flares in lupus.",
        "MSC therapy reduces flares in lupus better than steroids.",
        "MSC therapy reduces flares in lupus, unlike conventional drugs.",
        "MSC therapy reduces flares in lupus by 80%.",
        "MSC therapy reduces flares in all people with lupus.",
        "MSC therapy reduces flares in lupus and works wonders.",
        "MSC therapy reduces flares in lupus and spares organs.",
        "MSC therapy reduces flares in lupus and dazzles doctors.",
        "MSC therapy reduces flares in lupus, so patients live normally.",
        "MSC therapy reduces flares in lupus, which proves that it works.",
        "MSC therapy reduces flares in lupus, studies show.",
        "MSC therapy reduces flares in lupus and rituximab improves function.",
        "MSC therapy reduces flares in lupus with certainty.",
        "MSC therapy reduces flares in lupus like magic.",
        "MSC therapy reduces flares in lupus in days.",
        "MSC therapy lowers the need for steroids in lupus.",
        "MSC therapy helps you and many people with lupus.",
        "MSC therapy helps people with lupus beat their disease.",
        "MSC therapy reduces flares in lupus!",
        # another clause governs it
        "There is no doubt that MSC therapy reduces flares in lupus.",
        "We hope that MSC therapy reduces flares in lupus.",
        "Studies prove that MSC therapy reduces flares in lupus.",
        "This proves MSC therapy reduces flares in lupus.",
        "The truth is that MSC therapy will reduce flares in lupus.",
        "Doctors know MSC therapy reduces flares in lupus.",
        "In our experience with lupus, MSC therapy reduces flares.",
        "MSC therapy reduces flares in lupus, she said.",
        # no verb in the present tense, or none that could be rewritten as it is written
        "MSC therapy reduced flares in lupus.",
        "MSC Therapy Reduces Flares in Lupus",
        "MSC therapy benefits in lupus are large and improve function.",
        "MSC therapy is effective for lupus.",
    ],
)
def test_where_a_wording_could_mislead_none_is_offered(certainty, sentence):
    finding = overstatement(sentence, certainty)
    assert finding or certainty == "moderate", "so that there is something to offer"
    assert finding is None or finding.rewording is None


@pytest.mark.parametrize("sentence", [
    "We believe that MSC therapy reduces flares in lupus.",
    "MSC therapy possibly reduces flares in lupus.",
    "Rituximab probably cures rheumatoid arthritis.",
])  # fmt: skip
def test_a_hedged_sentence_is_not_hedged_twice(sentence):
    finding = overstatement(sentence, "very low")
    assert finding and finding.rewording is None


@pytest.mark.parametrize("certainty", ["very low", "low"])
@pytest.mark.parametrize(
    "sentence",
    [
        "MSC therapy is effective for lupus.",
        "MSC therapy is a very effective treatment for lupus.",
        "MSC therapy was highly effective in people with lupus.",
        "MSC therapy leads to remission in lupus.",
        "MSC therapy resulted in long-term remission in lupus.",
        "MSC therapy never fails to reduce flares in lupus.",
        "MSC therapy is certain to reduce flares in lupus.",
        "MSC therapy is guaranteed to calm lupus.",
        "MSC therapy is going to reduce flares in lupus.",
        "CAR T-cell therapy sends lupus into remission.",
        "CAR T-cell therapy sends lupus into lasting remission.",
    ],
)
def test_an_effect_is_told_without_a_verb_of_benefit_too(certainty, sentence):
    finding = overstatement(sentence, certainty)
    assert finding.severity == "block"
    assert finding.triggers


@pytest.mark.parametrize("certainty", ["very low", "low", "moderate"])
@pytest.mark.parametrize(
    "sentence",
    [
        "MSC therapy is not effective for lupus.",
        "It is unknown whether MSC therapy is effective for lupus.",
        "Is MSC therapy effective for lupus?",
        "How effective MSC therapy is in lupus, nobody has measured.",
        "Rituximab is a potent drug, and lupus is a disease.",
        "MSC therapy has not led to remission in lupus.",
        "MSC therapy leads to changes in the immune system of mice with lupus.",
        "MSC therapy is not sure to reduce flares in lupus.",
        "MSC therapy does not have the ability to reduce flares in lupus.",
        "No treatment leads to remission in lupus, MSC therapy included.",
        "CAR T-cell therapy aims to send lupus into remission.",
        "Two people with lupus went into remission before CAR T-cell therapy began.",
    ],
)
def test_where_no_effect_is_told_nothing_is_overstated(certainty, sentence):
    assert overstatement(sentence, certainty) is None


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        (
            "MSC therapy cures lupus.",
            "Our assessment of MSC therapy in lupus rates the evidence as low certainty, and the "
            "sentence puts the benefit as a fact.",
        ),
        (
            "In SLE, and in lupus of the skin, CAR  T-cell therapy probably helps.",
            "Our assessment of CAR T-cell therapy in SLE rates the evidence as low certainty, and "
            "the sentence puts the benefit as probable.",
        ),
    ],
)
def test_the_reason_names_the_assessment_as_the_sentence_does(sentence, reason):
    assert overstatement(sentence, "low").reason == reason


@pytest.mark.django_db
def test_the_card_beside_the_writer_links_to_the_assessment(client):
    lupus = factories.published_page("condition", title="Lupus")
    cells = factories.published_page("therapy", title="MSC therapy")
    place = factories.assessment(cells, lupus, "low").get_absolute_url()
    client.force_login(factories.people().author)
    body = "<p>MSC therapy always reduces flares in lupus.</p>"
    answer = client.post("/admin/claims/check/", {"title": "", "summary": "", "body": body})
    findings = [f for stop in answer.json()["stops"] for f in stop["findings"]]
    linked = {f["rule"]: f["assessment"] and f["assessment"]["url"] for f in findings}
    assert linked.pop("grade-overstated") == place
    assert linked and not any(linked.values()), "no other finding is of an assessment"
    assert client.get(place).status_code == 200
