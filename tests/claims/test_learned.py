"""The learned part: it names its reason, keeps to what the rules hold, and is licensed."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.checker import Block, Citation, check
from claims.checker.engine import read_text
from claims.checker.learned import KINDS, judge, network, note, rule_id, second_look
from claims.checker.learned.features import Bits
from claims.checker.learned.judge import LADDER, Judgement, weighed_strength
from claims.checker.learned.model import SCALE, WEIGHTS, Weights, read_rows, weights
from claims.checker.learned.opinion import (
    CATEGORIES as LABELS,
)
from claims.checker.learned.opinion import (
    ENOUGH,
    OF_A_RULE,
    SURE,
    SURE_ALONE,
    SURE_IT_STOPS,
    WORTH_A_NOTE,
)
from claims.checker.lexicon import standard_lexicon
from claims.checker.model import ADVISE, BLOCK, NONE, Finding
from claims.checker.protocol import answer
from claims.checker.rulebook import CATEGORIES, standard_rules
from claims.checker.training import tasks
from claims.checker.training.text import HERE, articles, classes, examples
from tests.claims.test_checker_any_text import TEXTS
from tests.claims.test_checker_precision import lines

BOLD = [
    "After the third session she threw away her crutches and went back to dancing.",
    "The patch soothes itching and lets damaged skin renew itself.",
    "With the plasma in place, worn cartilage begins to rebuild and stiffness melts away.",
    "Patients bounce back within days and never look back.",
    "The herb flushes toxins out of the liver and restores energy.",
]


def learned(text, **more):
    return [f for f in check(text, **more).findings if f.rule.startswith("learned-")]


def one_reading(text):
    readings, folded = read_text(text, None, (), None)
    return readings[0], folded


def finding(rule="hype-strong", category="HYPE", severity=ADVISE, **more):
    return Finding(0, 10, 0, rule, category, severity, "A reason.", [(0, 3)], "A remedy.", **more)


def weighed(stop=0, **labels):
    """A judgement in which nothing speaks for any label but those given."""
    return Judgement(stop, tuple(labels.get(name, -SCALE) for name in LABELS))


def sure_of(text, **more):
    """What the second look makes of a text that the weights would surely stop at."""
    readings, folded = read_text(text, None, more.get("citations", ()), None)
    return second_look(0, readings[0], folded, weighed(SURE_ALONE, EFFICACY=0), [])


@pytest.mark.parametrize("text", BOLD)
def test_it_speaks_where_the_rules_are_silent_and_quotes_what_weighed_most(text):
    (found,) = sure_of(text)
    assert found.severity == ADVISE
    assert found.rule == rule_id(found.category)
    assert found.remedy == KINDS[found.category].remedy
    assert found.triggers
    for start, end in found.triggers:
        assert f"“{text[start:end]}”" in found.reason
    assert KINDS[found.category].reads_as in found.reason


def test_what_the_rules_miss_of_bold_prose_it_finds_more_often_than_not():
    found = [text for text in BOLD if check(text).findings]
    assert len(found) >= 3, found
    assert any(learned(text) for text in BOLD)


def test_it_says_nothing_while_it_is_not_sure():
    reading, folded = one_reading(BOLD[0])
    assert second_look(0, reading, folded, weighed(SURE_ALONE - 1), []) == []
    closely = weighed(SURE + 1, EFFICACY=0)._replace(read=network.read([BOLD[0]])[0])
    assert second_look(0, reading, folded, closely, []), "what both have read takes less"
    assert second_look(0, reading, folded, closely._replace(stop=0), []) == []


def test_what_a_rule_stopped_at_gets_its_further_labels():
    reading, folded = one_reading(BOLD[1])
    found = second_look(0, reading, folded, weighed(EFFICACY=0), [finding()])
    assert [f.category for f in found] == ["HYPE", "EFFICACY"]
    assert second_look(0, reading, folded, weighed(HYPE=0), [finding()]) == [finding()]


def test_what_may_pass_is_noted_and_asks_for_nothing():
    reading, folded = one_reading(BOLD[1])
    (noted,) = note(0, reading, folded, weighed(EFFICACY=WORTH_A_NOTE))
    assert noted.severity == NONE and noted.category == "EFFICACY" and noted.triggers
    assert note(0, reading, folded, weighed(EFFICACY=WORTH_A_NOTE - 1)) == []


def test_a_measured_benefit_of_a_named_trial_is_noted_and_not_stopped_at():
    text = (
        "The study was published in the journal Gut. Remission was achieved in 38% of patients on "
        "the drug and in 5% of those on placebo."
    )
    report = check(text)
    assert not report.findings
    assert {(n.category, n.severity) for n in report.notes} == {("EFFICACY", NONE)}
    assert check(text, notes=False).notes == []
    flags = answer("1", report)["flags"]
    assert [(f["category"], f["severity"]) for f in flags] == [("EFFICACY", "none")]


@pytest.mark.parametrize("text", BOLD)
def test_it_is_silent_on_a_sentence_that_cites_a_source(text):
    assert sure_of(text, citations=[Citation(len(text), "Doe 2020")]) == []


def test_at_most_three_in_a_hundred_careful_sentences_are_stopped_at_by_it():
    flagged = [s for s in lines("careful.txt") if learned(s)]
    assert len(flagged) <= 0.03 * len(lines("careful.txt")), flagged


def test_very_careful_prose_overrules_the_shipped_rules_but_nothing_else():
    text = "It is not known whether the cells help people with lupus."
    reading, folded = one_reading(text)
    sure = weighed(ENOUGH - OF_A_RULE - 1)
    advice, blocks = finding(), finding(severity=BLOCK)
    stands = [
        finding(cited=True),
        finding(rule="grade-overstated", category="GRADE"),
        finding(rule="an-editors-own-rule"),
        finding(rule="framing-surrogate", category="FRAMING"),
    ]
    assert advice.rule in {rule.id for rule in standard_rules()}
    assert second_look(0, reading, folded, sure, [advice, *stands]) == stands
    assert second_look(0, reading, folded, weighed(sure.stop + 1), [advice]) == [advice]
    assert second_look(0, reading, folded, sure, [blocks]) == [blocks], "the rows alone do not"
    closely = sure._replace(read=network.read([text])[0])
    assert second_look(0, reading, folded, closely, [blocks, *stands]) == stands


def test_where_the_network_says_so_one_of_what_is_found_stops_publication():
    reading, folded = one_reading(BOLD[1])
    sure = weighed(SURE_ALONE, EFFICACY=0)._replace(block=SURE_IT_STOPS)
    (found,) = second_look(0, reading, folded, sure, [])
    assert found.severity == BLOCK
    (found,) = second_look(0, reading, folded, sure._replace(block=SURE_IT_STOPS - 1), [])
    assert found.severity == ADVISE
    own, advice = finding(rule="an-editors-own-rule"), finding()
    looked = second_look(0, reading, folded, sure, [own, advice])
    assert [f.severity for f in looked[:2]] == [ADVISE, BLOCK] and advice.severity == ADVISE
    blocks = finding(severity=BLOCK, category="EFFICACY")
    assert second_look(0, reading, folded, sure, [own, blocks]) == [own, blocks]


def test_strength_takes_the_ladder_unless_the_weights_speak_clearly_against_it():
    assert weighed_strength(3, [0, 0, 0, 0]) == 3
    assert weighed_strength(3, [0, LADDER, 0, 0]) == 1
    assert weighed_strength(0, [0, 0, LADDER // 2, 0]) == 0
    assert weighed_strength(0, [0, LADDER + 1, 0, 0]) == 1
    assert weighed_strength(0, [0, 0, LADDER + 1, 0]) == 0, "few that look conditional are"
    assert weighed_strength(0, [0, 0, 2 * LADDER, 0]) == 2


def test_where_the_prose_is_surely_careful_no_single_label_speaks_up():
    reading, folded = one_reading(BOLD[1])
    sure = weighed(-1, EFFICACY=5 * SCALE)
    assert second_look(0, reading, folded, sure, []) == []
    assert note(0, reading, folded, sure)


def test_a_word_that_no_text_has_weighs_what_its_class_weighs():
    """Of "lull" the training text knows nothing but that it is one of the words that calm."""
    assert not any("lulls" in text for text, _ in articles())
    rows, columns = read_rows(WEIGHTS)
    assert int(rows["lulls"].split()[columns.index("EFFICACY")]) > 0
    assert "class:calms:s" in classes()["lulls"]


def test_the_beginning_of_a_word_counts_in_any_form_of_it():
    model = Weights({"heal*": "3", "healer": "5"}, 1, standard_lexicon())
    for text, score in (("They healed.", 3), ("A healer healing.", 8), ("Unhealed.", 0)):
        reading, folded = one_reading(text)
        assert model.scores(reading, folded.words) == [score]


def test_strength_is_right_at_least_as_often_as_by_the_ladder_alone():
    cases = [
        ("Strategies to reduce falls are needed.", 0),
        ("Women lived longer than men.", 1),
        ("Improving housing could be one way to reduce asthma.", 2),
        ("The programme made no difference to smoking.", 3),
        ("Exercise made a difference to sleep.", 3),
    ]
    by_ladder = [one_reading(text)[0].sentence.strength == said for text, said in cases]
    weighed = [check(text).strength == said for text, said in cases]
    assert sum(weighed) >= max(4, sum(by_ladder))


def test_a_question_asserts_nothing():
    assert check("Does walking reduce blood pressure?").strength == 0


@settings(max_examples=100, deadline=None)
@given(text=TEXTS, spot=st.integers(0, 300))
def test_any_text_gets_a_reason_whose_words_stand_in_the_sentence(text, spot):
    for found in learned(text, blocks=[Block(0, spot), Block(spot, len(text))]):
        assert found.severity in (ADVISE, BLOCK) and found.category in CATEGORIES
        assert found.triggers == sorted(found.triggers)
        for start, end in found.triggers:
            assert found.start <= start < end <= found.end
            assert f"“{' '.join(text[start:end].split())}”" in found.reason


def test_a_phrase_counts_once_and_never_across_a_mark():
    rows = {"always": "-1", "new hope": "5", "is:question": "100"}
    model = Weights(rows, 1, standard_lexicon())

    def score(text):
        reading, folded = one_reading(text)
        return model.scores(reading, folded.words)

    assert score("They bring new hope, truly NEW hope.") == [4]
    assert score("They bring something new. Hope is rare.") == [-1]
    assert score("Is there new hope?") == [104]


def test_columns_stand_side_by_side_without_touching():
    rows = {"always": "-7 3 -1", "pain": "-60 60 0"}
    reading, folded = one_reading("Pain.")
    assert Weights(rows, 3, standard_lexicon()).scores(reading, folded.words) == [-67, 63, -1]


def test_the_weights_are_small_and_know_the_cue_groups_of_today():
    rows, _ = read_rows(WEIGHTS)
    assert WEIGHTS.stat().st_size < 3_000_000
    bits = Bits(standard_lexicon())
    known = {name for pairs in (bits.heard, bits.live, bits.properties) for _, name in pairs}
    asked = {name for name in rows if ":" in name}
    assert len(asked - known) <= 0.1 * len(asked), "Run: python -m claims.checker.training"


def test_the_same_text_is_judged_the_same_every_time():
    said = set()
    for _ in range(3):
        weights.cache_clear()
        network.forget()
        reading, folded = one_reading(BOLD[0])
        (judgement,) = judge([reading], folded)
        said.add((judgement.stop, judgement.labels, reading.sentence.strength))
    assert len(said) == 1


def test_training_text_is_labelled_spelled_out_and_licensed():
    texts = sorted(path.name for path in HERE.glob("*.txt"))
    licence = (HERE / "LICENCE.md").read_text(encoding="utf-8")
    for name in texts:
        assert f"`{name}`" in licence
    for name in ("strength.txt", "review.txt", "careful.txt"):
        for example in examples(name, most=2):
            assert example.text and not set(example.text) & set("{}[]"), example.text
            first = example.label.split()[0]
            assert first in ("ok", "0", "1", "2", "3", "0h", "1h", "2h", "3h") or set(
                first.split("+")
            ) <= set(KINDS)
    for text, units in articles():
        assert [text[u.start : u.end].strip() for u in units]
        assert all(a.end < b.start for a, b in zip(units, units[1:], strict=False))


def test_a_line_that_two_people_judged_differently_counts_half_for_each(tmp_path, monkeypatch):
    (tmp_path / "articles.txt").write_text("## blog\nok | It rains.\nHYPE / ok HYPE | It shines!\n")
    small = list(articles(tmp_path))
    assert [unit.labels for unit in small[0][1]] == [("ok",), ("HYPE", "ok HYPE")]
    monkeypatch.setattr(tasks, "articles", lambda: small)
    rows = [(label, item.weight, item.text) for label, item in tasks._in_articles()]
    whole, half, other = rows
    assert whole == ("ok", 2.0, "It rains.")
    assert {half, other} == {("HYPE", 1.0, "It shines!"), ("ok HYPE", 1.0, "It shines!")}


def test_no_training_sentence_stands_in_the_articles_that_are_held_out():
    folder = Path(__file__).parent / "articles"
    unseen = {
        json.loads(line)["text"]
        for name in ("heldout.jsonl", "voices.jsonl")
        for line in (folder / name).read_text("utf-8").splitlines()
    }
    long = {text for text in unseen if len(text) > 40}
    taught = {text[u.start : u.end] for text, units in articles() for u in units}
    for name in ("review.txt", "careful.txt"):
        taught |= {example.text for example in examples(name)}
    assert not long & taught
    assert not set(lines("careful.txt")) & taught
