"""The rule files: their examples, and what happens to a broken one."""

from pathlib import Path

import pytest

from claims.checker.docs import rules_page
from claims.checker.engine import rules_hit
from claims.checker.lexicon import CueError, load_lexicon, standard_lexicon
from claims.checker.rulebook import RuleError, load_rules, standard_rules

GOOD = """
[[rule]]
id = "some-rule"
category = "HYPE"
severity = "advise"
all = ["hype"]
reason = "A reason."
remedy = "A remedy."
why = "Because."
flags = ["A miracle."]
leaves = ["A pill."]
"""


def examples(key):
    return [
        pytest.param(rule.id, text, id=f"{rule.id}-{number}")
        for rule in standard_rules()
        for number, text in enumerate(getattr(rule, key))
    ]


@pytest.mark.parametrize(("rule", "text"), examples("flags"))
def test_a_rule_flags_its_examples(rule, text):
    assert rule in {r.id for r, _ in rules_hit(text)}


@pytest.mark.parametrize(("rule", "text"), examples("leaves"))
def test_a_rule_leaves_its_counter_examples_alone(rule, text):
    assert rule not in {r.id for r, _ in rules_hit(text)}


def test_the_page_of_rules_is_up_to_date():
    page = Path(__file__).parents[2] / "docs" / "rules.md"
    assert page.read_text(encoding="utf-8") == rules_page(), (
        "Run: python -m claims.checker.docs > docs/rules.md"
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('"HYPE"', '"HYP"'), "no category HYP"),
        (('"advise"', '"stop"'), "severity should be advise or block"),
        (('["hype"]', '["hyppe"]'), "no cue group 'hyppe'"),
        (('["hype"]', '["is:loud"]'), "no property is:loud"),
        (('["hype"]', '["hype + may + can"]'), "joins exactly two groups"),
        (('all = ["hype"]', ""), "flag everything"),
        (('reason = "A reason."', ""), "reason is missing"),
        (('leaves = ["A pill."]', ""), "leaves is missing"),
        (("why =", "wy ="), "why is missing"),
        (('all = ["hype"]', 'all = ["hype"]\nregex = "a+"'), "no such key as regex"),
        (('all = ["hype"]', 'all = "hype"'), "all should be a list"),
        (('"some-rule"', '"Some Rule"'), "an id is made of"),
        (
            ('id = "some-rule"', 'id = "some-rule"\nstands = "yes"'),
            "stands should be true or false",
        ),
    ],
)
def test_a_broken_rule_is_refused_with_file_rule_and_reason(tmp_path, change, said):
    (tmp_path / "mine.toml").write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(RuleError) as refusal:
        load_rules(standard_lexicon(), tmp_path)
    assert said in str(refusal.value)
    assert str(refusal.value).startswith("mine.toml: rule ")


def test_a_good_rule_is_read(tmp_path):
    (tmp_path / "mine.toml").write_text(GOOD, encoding="utf-8")
    assert [r.id for r in load_rules(standard_lexicon(), tmp_path)] == ["some-rule"]


def test_a_file_that_is_no_toml_is_refused_by_name(tmp_path):
    (tmp_path / "mine.toml").write_text("[[rule]\n", encoding="utf-8")
    with pytest.raises(RuleError, match="mine.toml cannot be read"):
        load_rules(standard_lexicon(), tmp_path)


def test_two_rules_of_one_id_are_refused(tmp_path):
    (tmp_path / "mine.toml").write_text(GOOD + GOOD, encoding="utf-8")
    with pytest.raises(RuleError, match="some-rule stands in mine.toml already"):
        load_rules(standard_lexicon(), tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a]\n", "lists no words"),
        ("[a]\nword = ['x']\n", "unknown key 'word'"),
        ("[a]\nwords = 'x'\n", "should be a list"),
        ("[a]\nwords = ['x']\nsilences = ['b']\n", "silences unknown group b"),
        ("[a]\nwords = ['x']\nincludes = ['b']\n", "includes unknown group b"),
        ("[a\n", "cannot be read"),
    ],
)
def test_a_broken_cue_file_is_refused_by_name(tmp_path, text, said):
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CueError, match=said) as refusal:
        load_lexicon(tmp_path)
    assert "mine.toml" in str(refusal.value)
