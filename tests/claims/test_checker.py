"""What `check` promises the rooms that call it."""

import pytest

from claims.checker import Block, Citation, Name, Names, check

NAMES = Names(
    [
        Name("Lupus", "condition", "lupus"),
        Name("SLE", "condition", "lupus"),
        Name("Multiple sclerosis", "condition", "multiple-sclerosis"),
        Name("MS", "condition", "multiple-sclerosis"),
        Name("AS", "condition", "ankylosing-spondylitis"),
        Name("MSC therapy", "therapy", "msc"),
        Name("Mesenchymal stem cell therapy", "therapy", "msc"),
        Name("Ocrelizumab", "therapy", "ocrelizumab"),
    ]
)
GRADES = {("msc", "lupus"): "low", ("ocrelizumab", "multiple-sclerosis"): "high"}


def categories(text, **more):
    return {f.category for f in check(text, **more).findings}


def only(text, category, **more):
    return next(f for f in check(text, **more).findings if f.category == category)


@pytest.mark.parametrize(
    "sentence",
    [
        "Stem cell therapy is not a guaranteed cure.",
        "For most people the treatment remains experimental.",
        "It is not known whether stem cells help people with lupus.",
        "Stem cell therapy has not been shown to work in vitiligo.",
        "Can stem cells cure autoimmune disease?",
        "Methotrexate is usually the first drug that doctors try.",
        "Talk to your doctor before you change your medicine.",
        "The trial aims to find out whether the cells reduce relapses.",
        "There is no cure for lupus.",
    ],
)
def test_careful_sentences_are_left_alone(sentence):
    assert check(sentence).findings == []


@pytest.mark.parametrize(
    ("sentence", "category"),
    [
        ("Stem cells can repair damaged joints and relieve pain.", "EFFICACY"),
        ("This is the only treatment that always works.", "CERTAINTY"),
        ("The infusion is safe and has minimal side effects.", "SAFETY"),
        ("About 80% of patients got better.", "STATISTIC"),
        ("Recent studies show that exosomes calm the immune system.", "STUDY"),
        ("This groundbreaking therapy brings new hope.", "HYPE"),
        ("Conventional drugs only mask symptoms.", "COMPARISON"),
        ("Contact us to book a free consultation.", "PROMO"),
    ],
)
def test_bold_sentences_are_found(sentence, category):
    assert category in categories(sentence)


def test_offsets_point_into_the_text_as_given():
    text = "Title here\n\n  First, a plain line.\u200b  This “ground\u00adbreaking” therapy is new."
    report = check(text)
    assert [text[s.start : s.end] for s in report.sentences] == [s.text for s in report.sentences]
    finding = only(text, "HYPE")
    assert text[finding.start : finding.end].startswith("This")
    assert [text[a:b] for a, b in finding.triggers] == ["ground\u00adbreaking"]


def test_a_word_broken_by_blank_lines_stays_in_one_sentence():
    text = "The cells are replaced by he\n\nalthy stem cells, which settle. Then they grow."
    first, second = check(text).sentences
    assert first.text == text[: text.index(" Then")]
    assert second.text == "Then they grow."


def test_blocks_are_taken_as_given_and_never_joined():
    text = "Side effects fever rash"
    report = check(text, blocks=[Block(0, 12, "heading"), Block(13, 18, "cell"), Block(19, 99)])
    assert [(s.text, s.kind) for s in report.sentences] == [
        ("Side effects", "heading"),
        ("fever", "cell"),
        ("rash", "paragraph"),
    ]


def test_a_title_repeated_in_the_first_line_is_a_sentence_of_its_own():
    report = check("Can it be reversed\nCan it be reversed Many people ask. We answer.")
    assert [s.text for s in report.sentences][1:] == [
        "Can it be reversed",
        "Many people ask.",
        "We answer.",
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Some drugs, e.g. rituximab, act on B cells. Others do not.", 2),
        ("Smith et al. found 0.5 mg vs. 2.3 mg. It differed.", 2),
        ("It lasts approx. 3 weeks. Then it ends.", 2),
        ("“We saw it. It held,” she said. He agreed.", 3),
        ("It worked.[1] It lasted.", 2),
        ("They met in Washington, D.C. Nearly 200 came.", 2),
        ("It helped.The next day she slept.", 2),
        ("See www.Example.Org or approx.The dose.", 1),
        ("The U.S. Food and Drug Administration did not approve it.", 1),
        ("As Smith (Nat. Med. 2020) found, it fell. Then it rose.", 2),
        ("هل هذا صحيح؟ نعم هو كذلك.", 2),
        ("干细胞治愈狼疮。这是真的吗？不是。", 3),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, count):
    assert len(check(text).sentences) == count


def test_how_a_sentence_speaks():
    hedged, negated, question, quoted = check(
        "It may help. It does not help. Does it help? “It helps,” according to Dr Lee."
    ).sentences
    assert hedged.hedged and not hedged.negated
    assert negated.negated and not negated.hedged
    assert question.question
    assert quoted.quotation and quoted.attributed


@pytest.mark.parametrize(
    ("sentence", "strength"),
    [
        ("The visits took place in spring.", 0),
        ("Coffee was associated with a lower weight.", 1),
        ("Coffee may reduce weight.", 2),
        ("Coffee reduces weight.", 3),
    ],
)
def test_strength_of_a_claim(sentence, strength):
    assert check(sentence).strength == strength


def test_names_are_found_whole_longest_first_and_abbreviations_only_in_capitals():
    text = "As for MS, mesenchymal stem cell therapy is unlike ms. Seen in lupuslike SLE."
    found = [(text[m.start : m.end], m.slug) for m in NAMES.find(text)]
    assert found == [
        ("MS", "multiple-sclerosis"),
        ("mesenchymal stem cell therapy", "msc"),
        ("SLE", "lupus"),
    ]


@pytest.mark.parametrize("letter", "\u0441\u03f2\u217d\u1d04\u24d2\U0001d41c")
def test_look_alike_letters_do_not_hide_a_cue(letter):
    assert "EFFICACY" in categories(f"Stem cells offer a {letter}ur\u0435 for lupus.")


@pytest.mark.parametrize("mark", "\u200b\u00ad\u180e\u034f\u115f\u3164\ufff9\U000e0063")
def test_hidden_characters_do_not_hide_a_cue(mark):
    assert "EFFICACY" in categories(f"Stem cells offer a c{mark}ure for lupus.")


def test_an_overstatement_of_the_assessment_is_named_and_reworded():
    finding = only("MSC therapy restores function in lupus.", "GRADE", names=NAMES,
                   assessments=GRADES)  # fmt: skip
    assert finding.severity == "block"
    assert (finding.therapy, finding.condition) == ("msc", "lupus")
    assert "low certainty" in finding.reason
    assert finding.rewording == "MSC therapy may restore function in lupus."


@pytest.mark.parametrize(
    ("certainty", "sentence", "fits"),
    [
        ("high", "Ocrelizumab reduces relapses in multiple sclerosis.", True),
        ("moderate", "Ocrelizumab reduces relapses in multiple sclerosis.", False),
        ("moderate", "Ocrelizumab probably reduces relapses in multiple sclerosis.", True),
        ("low", "Ocrelizumab probably reduces relapses in multiple sclerosis.", False),
        ("low", "Ocrelizumab may reduce relapses in multiple sclerosis.", True),
        ("very low", "Ocrelizumab may reduce relapses in multiple sclerosis.", False),
        ("very low", "It is unknown whether ocrelizumab reduces relapses in MS.", True),
        ("very low", "Ocrelizumab does not cure multiple sclerosis.", True),
        ("low", "Ocrelizumab reduces the risk of relapses in multiple sclerosis.", False),
        ("low", "Ocrelizumab reduces relapses in MS, but side effects are common.", False),
        ("low", "How well ocrelizumab works in multiple sclerosis varies.", True),
        ("low", "Ocrelizumab may not help everyone with multiple sclerosis.", True),
    ],
)
def test_grade_and_verb(certainty, sentence, fits):
    grades = {("ocrelizumab", "multiple-sclerosis"): certainty}
    found = categories(sentence, names=NAMES, assessments=grades)
    assert ("GRADE" not in found) is fits


def test_a_very_uncertain_benefit_is_reworded_as_a_question():
    grades = {("msc", "lupus"): "very low"}
    finding = only("MSC therapy reduces flares in lupus.", "GRADE", names=NAMES, assessments=grades)
    assert finding.rewording == (
        "We are very uncertain whether MSC therapy reduces flares in lupus."
    )


def test_a_cited_claim_is_to_be_read_against_its_source():
    text = "Stem cells reduce inflammation in lupus. More follows."
    bare = only(text, "EFFICACY")
    cited = only(text, "EFFICACY", citations=[Citation(40, "Doe 2020")])
    assert not bare.cited and cited.cited
    assert cited.severity == "advise" and "Check that the source says this" in cited.remedy


def test_a_cited_and_hedged_claim_that_fits_its_assessment_is_settled():
    text = "MSC therapy may reduce flares in lupus."
    more = {"names": NAMES, "assessments": GRADES}
    assert "EFFICACY" in categories("Stem cells come first. " + text, **more)
    assert categories(text, citations=[Citation(38, "Doe 2020")], **more) == set()


def test_a_citation_excuses_no_hype():
    assert "HYPE" in categories("A miracle for lupus.", citations=[Citation(19, "Doe 2020")])


def test_a_citation_belongs_to_the_sentence_it_stands_in_or_follows():
    text = "First one. Second one."
    report = check(text, citations=[Citation(10, "a"), Citation(11, "b"), Citation(15, "c")])
    assert [[c.source for c in s.cited] for s in report.sentences] == [["a", "b"], ["c"]]


def test_a_retracted_source_blocks():
    finding = only("Rest helps.", "RETRACTED", citations=[Citation(10, "Doe 2020", True)])
    assert finding.severity == "block" and "Doe 2020" in finding.reason


def test_a_source_about_something_else_is_noticed():
    other = Citation(30, "Doe 2020", conditions=frozenset({"psoriasis"}))
    assert "SOURCE" in categories("MSC therapy is tested in lupus.", names=NAMES,
                                  citations=[other])  # fmt: skip


def test_a_source_on_animals_is_noticed_under_a_sentence_on_people():
    mice = Citation(30, "Doe 2020", design="animal study")
    assert "SOURCE" in categories("Patients improved after a month.", citations=[mice])


def test_every_finding_explains_itself():
    report = check("Studies show that stem cells cure lupus, and the treatment is always safe.")
    assert report.findings
    for finding in report.findings:
        assert finding.reason.endswith(".") and finding.remedy.endswith(".")
        assert finding.rule and finding.triggers


@pytest.mark.parametrize(
    ("sentence", "year", "noticed"),
    [
        ("A recent trial compared the two.", 2019, True),
        ("A recent trial compared the two.", 2028, False),
        ("A trial compared the two.", 2019, False),
        ("A recent trial compared the two.", None, False),
        ("A new study (2011) compared the two.", None, True),
        ("Newly diagnosed patients took part.", 2001, False),
    ],
)
def test_new_that_is_old_is_noticed(sentence, year, noticed):
    cited = [Citation(len(sentence), "Doe", year=year)]
    rules = {f.rule for f in check(sentence, citations=cited, this_year=2030).findings}
    assert ("framing-new-is-old" in rules) is noticed


@pytest.mark.parametrize(
    ("certainty", "sentence", "rewording"),
    [
        (
            "low",
            "MSC therapy reduces pain and improves function in lupus.",
            "MSC therapy may reduce pain and improve function in lupus.",
        ),
        (
            "moderate",
            "MSC therapy reduces pain and improves function in lupus.",
            "MSC therapy probably reduces pain and improves function in lupus.",
        ),
        ("low", "MSC therapy will reduce pain in lupus.", "MSC therapy may reduce pain in lupus."),
        (
            "moderate",
            "MSC therapy will reduce pain in lupus.",
            "MSC therapy will probably reduce pain in lupus.",
        ),
        (
            "low",
            "MSC therapy is able to restore function in lupus.",
            "MSC therapy may restore function in lupus.",
        ),
        (
            "low",
            "MSC therapy has been shown to reduce flares in lupus.",
            "MSC therapy may reduce flares in lupus.",
        ),
        (
            "very low",
            "MSC therapy can reduce flares in lupus.",
            "We are very uncertain whether MSC therapy can reduce flares in lupus.",
        ),
        ("low", "MSC therapy calms lupus, which reduces pain.", None),
        ("low", "“MSC therapy cures lupus,” she said.", None),
        ("very low", "MSC therapy has been shown to reduce flares in lupus.", None),
        ("low", "MSC therapy healed lupus.", None),
    ],
)
def test_a_rewording_fits_the_assessment_or_is_not_offered(certainty, sentence, rewording):
    grades = {("msc", "lupus"): certainty}
    finding = only(sentence, "GRADE", names=NAMES, assessments=grades)
    assert certainty in finding.reason
    assert finding.rewording == rewording
    if rewording:
        assert "GRADE" not in categories(rewording, names=NAMES, assessments=grades) or (
            certainty == "very low"
        )


@pytest.mark.parametrize(
    "text",
    [
        "Half a million people live with MS. | No medicine cures it.",
        "When they relapse they come to me. | Nobody measured anything.",
        "Ms. Lee takes methotrexate, e.g. on Mondays, cf. page 3, as Dr. Ash (St. Ives) advised.",
        "It is made in Washington, D.C. | The trial of J. Ash et al. was small (cf. Fig. 2).",
        "“It works!” she said. | “Like a baby now!” | – Dee, 54",
        "BOSTON, Mass. – The hospital treated 1.5 million people, approx. 3 in 100.",
        "It blocks NF-kappa B. | These cells died.² | p53 did not.",
        "Is it safe?\u200b | Nobody knows ... and nobody asked.",
        "It fell by 4%.[1,2] | “So what?” he asked.",
    ],
)
def test_a_sentence_ends_where_a_reader_would_end_it(text):
    cut = check(text.replace("| ", "")).sentences
    assert [s.text.strip("\u200b") for s in cut] == [
        part.strip("\u200b") for part in text.split(" | ")
    ]
