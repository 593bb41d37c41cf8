"""Sources that do not fit their sentence, and what is true but told so that it seems more."""

import time

import pytest

from claims.checker import Citation, Name, Names, check
from claims.checker.lexicon import standard_lexicon
from claims.checker.normal import Folded

NAMES = Names(
    [
        Name("MSC therapy", "therapy", "msc"),
        Name("Rituximab", "therapy", "rituximab"),
        Name("Belimumab", "therapy", "belimumab"),
        Name("Lupus", "condition", "lupus"),
        Name("Lupus nephritis", "condition", "lupus-nephritis"),
        Name("Multiple sclerosis", "condition", "multiple-sclerosis"),
        Name("Systemic sclerosis", "condition", "systemic-sclerosis"),
    ]
)


def rules(text, names=NAMES, **source):
    """The rules that a text sets off, with one source at its end where any is described."""
    cited = [Citation(len(text), "Doe", **source)] if source else []
    return {f.rule for f in check(text, names=names, citations=cited, this_year=2026).findings}


# Numbers


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("in 1994, calms", "1994"),
        ("It was in 1994.", "1994"),
        ("in 1994,1995 and later", None),
        ("1,994 people", None),
        ("in 1994.5", None),
    ],
)
def test_a_year_is_a_year_whatever_mark_follows(text, year):
    lexicon, folded = standard_lexicon(), Folded(text)
    found = [h for h in lexicon.find(folded) if h.bits & lexicon.bit("year")]
    assert [folded.plain[h.start : h.end] for h in found] == ([year] if year else [])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("by 3.5%, and", "3.5%"),
        ("by 30 per cent. It", "30 per cent"),
        ("in 1,000,000, or", "1,000,000"),
        ("at 2.5. It", "2.5"),
    ],
)
def test_a_number_ends_before_the_mark_that_ends_its_clause(text, number):
    lexicon, folded = standard_lexicon(), Folded(text)
    found = [h for h in lexicon.find(folded) if h.bits & lexicon.bit("numeral")]
    assert [folded.plain[h.start : h.end] for h in found] == [number]


@pytest.mark.parametrize("piece", ["1,", "1", "1.,", "1. "])
def test_numbers_take_time_in_proportion_to_the_text(piece):
    lexicon = standard_lexicon()

    def seconds(size):
        folded = Folded(piece * (size // len(piece)))
        begun = time.process_time()
        lexicon.find(folded)
        return time.process_time() - begun

    def least(size):
        """The least of three: other work on the machine only ever adds."""
        return min(seconds(size) for _ in range(3))

    seconds(1_000)
    assert least(100_000) < 40 * max(least(10_000), 0.001)


# Work in animals and cells

NOT_PEOPLE = "cited-source-not-in-people"
NO_PEOPLE = (
    "animal study", "laboratory study", "rat study", "Mouse study", "in vitro", "In-vitro study",
    "preclinical", "pre-clinical study", "cell study", "cell culture",
)  # fmt: skip


@pytest.mark.parametrize("design", NO_PEOPLE)
def test_a_source_in_animals_or_cells_does_not_bear_out_what_becomes_of_a_human_disease(design):
    assert NOT_PEOPLE in rules("MSC therapy reduces relapses in multiple sclerosis.", design=design)


@pytest.mark.parametrize("names", [NAMES, None], ids=["named", "unnamed"])
@pytest.mark.parametrize(
    ("text", "noticed"),
    [
        ("MSC therapy reduces relapses in multiple sclerosis.", True),
        ("MSC therapy may help people with lupus.", True),
        ("MSC therapy may help women.", True),
        ("MSC therapy may help people with lupus, a study in mice suggests.", False),
        ("In a dish, MSC therapy calms the cells that drive lupus.", False),
        ("It is not known whether it works in people.", False),
        ("Cells divide quickly.", False),
    ],
)
def test_a_sentence_that_says_it_was_animals_or_cells_is_left_alone(text, noticed, names):
    assert (NOT_PEOPLE in rules(text, names, design="animal study")) is noticed


@pytest.mark.parametrize(
    "design",
    ["", "RCT", "narrative review", "cohort", "preclinical work and a phase 1 trial",
     "systematic review of animal studies and trials in people"],
)  # fmt: skip
def test_a_study_in_people_is_not_taken_for_one_in_animals(design):
    text = "MSC therapy reduces relapses in multiple sclerosis."
    assert NOT_PEOPLE not in rules(text, design=design)


def test_one_source_in_people_is_enough():
    text = "MSC therapy reduces relapses in multiple sclerosis."
    designs = ("animal study", "RCT")
    cited = [Citation(len(text), "Doe", design=design) for design in designs]
    assert NOT_PEOPLE not in {f.rule for f in check(text, citations=cited).findings}


# Another therapy, another condition

OTHER_THERAPY, OTHER_CONDITION = "cited-source-other-therapy", "cited-source-other-condition"


@pytest.mark.parametrize(
    ("text", "about", "noticed"),
    [
        ("MSC therapy and rituximab were tried in lupus.", "rituximab", False),
        ("MSC therapy and rituximab were tried in lupus.", "msc", False),
        ("MSC therapy was compared with rituximab.", "rituximab", False),
        ("MSC therapy and rituximab were tried in lupus.", "belimumab", True),
        ("MSC therapy was tried in lupus.", "rituximab", True),
    ],
)
def test_a_source_on_one_of_the_therapies_named_is_about_the_sentence(text, about, noticed):
    assert (OTHER_THERAPY in rules(text, therapies=frozenset({about}))) is noticed


@pytest.mark.parametrize(
    ("text", "about", "noticed"),
    [
        ("MSC therapy was tried in lupus nephritis.", "lupus", False),
        ("MSC therapy was tried in lupus.", "lupus-nephritis", False),
        ("MSC therapy was tried in lupus.", "systemic-lupus", False),
        ("MSC therapy was tried in systemic sclerosis.", "multiple-sclerosis", True),
        ("MSC therapy was tried in lupus nephritis.", "psoriasis", True),
    ],
)
def test_a_condition_within_another_is_not_another(text, about, noticed):
    assert (OTHER_CONDITION in rules(text, conditions=frozenset({about}))) is noticed


# Benefits and no harms

SILENT = "framing-silent-harm"
BENEFITS = "Stem cells reduce inflammation. Stem cells restore joint function."


def silences(text, citations=()):
    return sum(f.rule == SILENT for f in check(text, citations=citations).findings)


@pytest.mark.parametrize(
    "heading",
    ["# Risks and side effects", "### What can go wrong", "## Is it safe?", "Unwanted effects"],
)
def test_a_heading_about_harms_anywhere_is_enough(heading):
    assert silences(f"# Benefits\n\n{BENEFITS}\n\n{heading}\n\nAsk your team.") == 0
    assert silences(f"# Benefits\n\n{BENEFITS}\n\n# Costs of travel\n\nAsk your team.") == 1


@pytest.mark.parametrize(
    "harm",
    [
        "Infections are common.",
        "Some people with lupus had infections after the treatment.",
        "It is not without risk.",
        "No treatment is free of side effects.",
        "It is not known what side effects it has.",
        "Not all side effects are known.",
    ],
)
def test_a_harm_told_in_another_section_is_told(harm):
    assert silences(f"# Benefits\n\n{BENEFITS}\n\n# More\n\n{harm}") == 0


@pytest.mark.parametrize(
    "said",
    [
        "It has no side effects.",
        "They do not cause side effects.",
        "It works without any side effects.",
        "It carries no risk of infection.",
        "There is no evidence of harm.",
        "Side effects have never been seen.",
        "It is free of side effects.",
        "They lower the risk of a flare.",
    ],
)
def test_harms_denied_or_made_fewer_are_not_told(said):
    assert silences(f"{BENEFITS} {said}") == 1


@pytest.mark.parametrize(
    "said",
    [
        "Lupus can damage the kidneys.",
        "Lupus can cause complications.",
        "Lupus can be fatal.",
        "Lupus is a disease. It can lead to infections.",
    ],
)
def test_harms_of_the_disease_are_not_those_of_the_therapy(said):
    assert silences(f"{BENEFITS} {said}") == 1


@pytest.mark.parametrize(
    ("sentences", "notes"),
    [
        (("reduce inflammation in lupus", "restore function", "calm the immune system"), 1),
        (("may reduce inflammation", "may improve function", "may prevent relapses"), 1),
        (("reduce inflammation in lupus", "restore function"), 0),
        (("reduce inflammation", "restore function", "calm lupus", "can cause infections"), 0),
    ],
)
def test_three_benefits_with_sources_and_no_harm_are_noted_once(sentences, notes):
    text, cited = "", []
    for sentence in sentences:
        text += f"Stem cells {sentence}."
        cited.append(Citation(len(text), "Doe"))
        text += " "
    assert silences(text, cited) == notes


# A share of a risk

SHARE = "framing-relative-only"


@pytest.mark.parametrize(
    "text",
    [
        "The drug cut relapses by 50% (from 20% to 10%).",
        "The risk fell by 40%, from 5% to 3%.",
        "The risk fell by 40%, from 4.5% to 2.7%.",
        "It halves the risk of relapse: 10 of 100 people relapsed instead of 20.",
        "It cut relapses by half: 12 out of 85 people had one.",
        "It cut relapses by half: 10% relapsed, versus 20% on placebo.",
        "It cut relapses by half, from 1.2 to 0.6 a year.",
        "The hazard ratio was 0.54: 20% relapsed, and 35% on placebo.",
        "20% relapsed and 35% of the others did (hazard ratio 0.54).",
        "The drug cut relapses by 50%. They fell from 20% to 10%.",
        "The drug halves the risk. 10 of 100 people relapsed instead of 20.",
    ],
)
def test_absolute_figures_in_the_sentence_or_beside_it_are_enough(text):
    assert SHARE not in rules(text)


@pytest.mark.parametrize(
    "text",
    [
        "The drug brought a 50% lower risk of disability.",
        "Relapses were three times lower with the drug.",
        "The drug brought a threefold drop in relapses.",
        "People who smoke are twice as likely to have a flare.",
        "The drug did well (hazard ratio 0.54).",
        "The drug cut relapses by half.",
        "The drug cut relapses by a third.",
        "The drug cut relapses by two-thirds.",
        "Relapses were cut by about two thirds.",
        "Relapses halved.",
        "Those on the drug were half as likely to relapse.",
        "In a trial of 100 people the drug cut relapses by half.",
    ],
)
def test_a_share_alone_is_noticed_in_whatever_words(text):
    assert SHARE in rules(text)


@pytest.mark.parametrize(
    "text",
    ["A risk that doubles may still be very small.", "A double-blind trial counted relapses."],
)
def test_what_a_doubled_risk_is_and_other_senses_are_left_alone(text):
    assert SHARE not in rules(text)


# A measurement told as the benefit

MEASURE = "framing-surrogate"


@pytest.mark.parametrize(
    "text",
    [
        "CRP fell, so the disease is under control.",
        "Calprotectin fell, meaning the bowel has healed.",
        "HbA1c fell, which shows that the diet works.",
        "Antibody titres fell, which proves that lupus is cured.",
        "Regulatory T cells rose, so the disease is in remission.",
        "More regulatory T cells appeared, meaning that the body is healed.",
        "B-cell depletion was complete, which proves that patients are cured.",
        "Bone density rose, so fewer bones will break.",
        "Lesions shrank, meaning that patients recover.",
        "The therapy is effective: calprotectin fell.",
    ],
)
def test_an_outcome_drawn_from_a_measurement_is_noticed(text):
    assert MEASURE in rules(text)


@pytest.mark.parametrize(
    "text",
    [
        "CRP fell; whether people felt better was not measured.",
        "CRP rises in an infection, so it helps doctors.",
        "Calprotectin fell and symptoms eased, so the drug was called a success.",
        "B-cell depletion cut relapses, so the trial was a success.",
        "Regulatory T cells keep the immune system in check.",
        "Steroids reduce bone density, so the dose is kept low.",
        "Lesions heal slowly.",
    ],
)
def test_a_measurement_told_as_one_is_left_alone(text):
    assert MEASURE not in rules(text)


# New, and old

OLD = "framing-new-is-old"


@pytest.mark.parametrize(
    ("text", "noticed"),
    [
        ("Recently diagnosed patients took part.", False),
        ("New symptoms were noted.", False),
        ("New patients took part.", False),
        ("Newly diagnosed people took part.", False),
        ("A new study of recently diagnosed people was done.", True),
        ("An innovative therapy was tried.", True),
        ("A cutting-edge method was tried.", True),
        ("A modern drug was tried.", True),
        ("It was compared with modern medicines.", False),
        ("A drug was tried.", False),
    ],
)
def test_news_beside_an_old_source_is_noticed_and_what_befell_somebody_is_not(text, noticed):
    assert (OLD in rules(text, year=2005)) is noticed
    assert OLD not in rules(text, year=2025)


@pytest.mark.parametrize("source", [{}, {"year": 2007}])
def test_the_latest_year_of_sentence_and_source_counts(source):
    text = "A new trial will begin in 2027, twenty years after the first in 2007."
    assert OLD not in rules(text, **source)
    assert OLD in rules("A new trial began in 2007, ten years after the first in 1997.", **source)
