"""Carrying claims over: what keeps a decision, what drops it, and on which sentence it lands."""

import pytest

from claims.carry import Carried, carry, carry_all

SAME = [
    ("It helps, in most people.", "It helps in most people."),
    ("The drug, however, helps people.", "The drug helps people."),
    ("In addition, steroids help.", "Steroids help."),
    ("It isn't known whether it helps.", "It is not known whether it helps."),
    ("It’s safe.", "It is safe."),
    ("Don't stop it suddenly.", "Do not stop it suddenly."),
    ("Anaemia and oedema were rare in the centre.", "Anemia and edema were rare in the center."),
    ("The trials were randomised.", "The trials were randomized."),
    ("Sjögren's syndrome dries eyes.", "Sjogren syndrome dries eyes."),
    ("About twelve percent improved.", "About 12% improved."),
    ("The dose is 5 micrograms.", "The dose is 5 µg."),
    ("Take 5mg for 6–12 weeks.", "Take 5 mg for 6 to 12 weeks."),
    ("Use 1,000 units daily.", "Use 1000 units daily."),
    ("Twenty-four people took 0.50 g.", "24 people took 0.5 g."),
    ("It reduces flares.", "It reduces flares [@review-2021; @guide]."),
    ("It reduces flares [12].", "It reduces flares."),
    ("It reduces flares (Smith et al., 2020).", "It reduces flares."),
    ("It reduces flares.", "It reduces flares.¹²"),
    ("Tumour necrosis factor is blocked.", "Tumor necrosis factor (TNF) is blocked."),
    ("It works in <em>lupus</em>.", "It works in **lupus**."),
    ("“It works,” she said.", '"It works", she said.'),
    ("Wheat, barley and rye are avoided.", "Rye, wheat, and barley are avoided."),
    ("It helps adults and children.", "It helps children and adults."),
    ("The follow-up was short.", "The followup was short."),
    ("Non-steroidal drugs help.", "Nonsteroidal drugs help."),
    ("The data shows that it helps.", "The data show it helps."),
    ("The patients recieved it.", "The patients received it."),
    ("Hydroxychloroqine helps lupus.", "Hydroxychloroquine helps lupus."),
    ("Immunosupression raises risk.", "Immunosuppression raises risk."),
    ("The the drug works.", "The drug works."),
    ("It's effects are small.", "Its effects are small."),
    ("1st-line therapy is safe.", "First-line therapy is safe."),
]

OTHER = [
    ("Take 5 mg.", "Take 50 mg."),
    ("Take 1.5 mg.", "Take 15 mg."),
    ("Take 1,500 units.", "Take 1.500 units."),
    ("Take 5 mg.", "Take 5 g."),
    ("Take 5 mg.", "Take 5 mg/kg."),
    ("It costs £5.", "It costs $5."),
    ("30% improved.", "30 improved."),
    ("10⁵ cells were given.", "10⁶ cells were given."),
    ("10⁵ cells were given.", "105 cells were given."),
    ("Values changed by −5 points.", "Values changed by 5 points."),
    ("The interval was CI [2, 8] here.", "The interval was CI [2, 80] here."),
    ("p < 0.05 in the trial", "p > 0.05 in the trial"),
    ("↑ risk of infection", "↓ risk of infection"),
    ("CD4+ cells rose.", "CD4- cells rose."),
    ("It increases flares.", "It decreases flares."),
    ("It increased by 20%.", "It increased to 20%."),
    ("It is effective.", "It is ineffective."),
    ("Hypotension is common.", "Hypertension is common."),
    ("Hypotention is common.", "Hypertension is common."),
    ("Responders did well.", "Non-responders did well."),
    ("A symptomatic patient improved.", "Asymptomatic patient improved."),
    ("It works in active disease.", "It works inactive disease."),
    ("Adults improved.", "Children improved."),
    ("Older adults and children improved.", "Older children and adults improved."),
    ("Infliximab helps.", "Adalimumab helps."),
    ("Take prednisone daily.", "Take prednisolone daily."),
    ("Use hydralazine for this.", "Use hydroxyzine for this."),
    ("It may help.", "It will help."),
    ("It may help.", "It helps."),
    ("It is probably safe.", "It is safe."),
    ("It is linked to lupus.", "It causes lupus."),
    ("The link is causal.", "The link is casual."),
    ("It is not safe.", "It is safe."),
    ("It isn't safe.", "It is safe."),
    ("With treatment they recover.", "Without treatment they recover."),
    ("A few patients improved.", "Few patients improved."),
    ("Some people recover.", "Most people recover."),
    ("Only adults benefit.", "Adults benefit."),
    ("First symptoms are mild in most.", "Symptoms are mild in most."),
    ("Give it before meals.", "Give it after meals."),
    ("It acts within 5 days.", "It acts within 5 weeks."),
    ("Hepatitis A was ruled out.", "Hepatitis B was ruled out."),
    ("Hepatitis A was ruled out.", "Hepatitis was ruled out."),
    ("IL-17 is blocked.", "IL-1 is blocked."),
    ("Drug A is better than drug B.", "Drug B is better than drug A."),
    ("A and B were 5 and 10 respectively.", "B and A were 5 and 10 respectively."),
    ("It reduces pain and increases fatigue.", "It increases pain and reduces fatigue."),
    ("It helps, if taken with food.", "It helps."),
    ("It works better than placebo.", "It works better than methotrexate."),
    ("Does it help?", "It does help."),
    ("It helps.", "It helps?"),
]


@pytest.mark.parametrize(("before", "after"), SAME)
def test_a_harmless_change_keeps_the_decision(before, after):
    assert carry(before, [after]) == Carried("keep", after, 0)
    assert carry(after, [before]) == Carried("keep", before, 0)


@pytest.mark.parametrize(("before", "after"), OTHER)
def test_a_change_that_may_alter_the_meaning_never_does(before, after):
    assert carry(before, [after]).outcome in ("reopen", "gone")
    assert carry(after, [before]).outcome in ("reopen", "gone")


def test_nothing_near_is_gone():
    assert carry("Steroids thin the bones.", ["Drink enough water.", ""]) == Carried("gone")
    assert carry("Steroids thin the bones.", []) == Carried("gone")


ADULTS = "The drug reduces flares in adults with lupus."
CHILDREN = "The drug reduces flares in children with lupus."
OTHERS = ["It is given by drip.", "Ask your doctor first."]


def test_twins_that_change_places_keep_their_own_words():
    fates = carry_all([ADULTS, CHILDREN], [CHILDREN, ADULTS], [ADULTS, CHILDREN])
    assert [(f.outcome, f.text) for f in fates] == [("keep", ADULTS), ("keep", CHILDREN)]


def test_a_deleted_claim_does_not_land_on_its_twin():
    before = [ADULTS, OTHERS[0], CHILDREN]
    assert carry_all([ADULTS], [OTHERS[0], CHILDREN], before) == [Carried("gone")]


def test_without_the_old_text_a_twin_is_asked_about_and_never_kept():
    assert carry(ADULTS, [CHILDREN]).outcome == "reopen"


def test_the_twin_may_change_and_the_claim_stays():
    changed = CHILDREN.replace("reduces", "increases")
    assert carry_all([ADULTS], [changed, ADULTS], [ADULTS, CHILDREN])[0].index == 1


def test_of_two_equal_sentences_the_one_with_its_neighbours_stays():
    before = ["One.", "It helps.", "Two.", "Three.", "It helps.", "Four."]
    after = ["One.", "Two.", "Three.", "It helps.", "Four."]
    first, second = carry_all(["It helps.", "It helps."], after, before)
    assert first == Carried("gone")
    assert second == Carried("keep", "It helps.", 3)


def test_no_two_claims_keep_one_sentence():
    fates = carry_all([ADULTS, ADULTS.replace(" in", ", in")], [ADULTS])
    assert sorted(f.outcome for f in fates) == ["gone", "keep"]


def test_a_restored_sentence_is_kept_though_the_last_text_lacked_it():
    assert carry_all([ADULTS], [OTHERS[0], ADULTS], OTHERS) == [Carried("keep", ADULTS, 1)]


def test_a_claim_known_in_other_spelling_is_found_in_the_old_text():
    fates = carry_all([ADULTS.replace(" in", ", in")], [ADULTS], [ADULTS])
    assert fates == [Carried("keep", ADULTS, 0)]


def test_merged_sentences_both_reopen_where_they_stand_now():
    before = ["The drug eases joint pain.", "The drug damages the liver in some."]
    merged = "The drug eases joint pain, and the drug damages the liver in some."
    fates = carry_all(before, [merged], before)
    assert fates == [Carried("reopen", merged, 0)] * 2


def test_a_split_that_loses_the_condition_reopens():
    claim = "The drug is safe in pregnancy, but only when folic acid is taken."
    after = ["The drug is safe in pregnancy.", "Folic acid is taken."]
    assert carry(claim, after) == Carried("reopen", after[0], 0)


def test_a_reworded_sentence_is_found_between_its_neighbours():
    before = ["First line here.", "Vaccines should be given before rituximab.", "Last line here."]
    reworded = "Before rituximab starts, complete all your vaccinations."
    after = ["First line here.", reworded, "Last line here."]
    assert carry_all([before[1]], after, before) == [Carried("reopen", reworded, 1)]


def test_it_means_another_thing_once_its_drug_is_another():
    before = ["Methotrexate is the first choice.", "It must be taken once a week."]
    after = ["Leflunomide is the first choice.", "It must be taken once a week."]
    assert carry_all(before[1:], after, before)[0].outcome == "reopen"
    after[0] = "Methotrexate is often the first choice."
    assert carry_all(before[1:], after, before)[0].outcome == "keep"


def test_a_sentence_that_is_taken_is_not_offered():
    assert carry("It helps.", ["It helps.", "It helps."], taken=[0]).index == 1
    assert carry("It helps.", ["It helps."], taken=[0]) == Carried("gone")
