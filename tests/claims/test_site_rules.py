"""Rules that editors write or change at the desk: refused if broken, tried out, then in force."""

import re
import time

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from claims import rechecking, rule_trial, ruling
from claims.actions import undo
from claims.checker import check
from claims.checker.own_rules import MOST_PATTERNS, MOST_STEPS, read_one, read_written
from claims.checker.rulebook import RuleError
from claims.models import Flag, Recheck, Rule
from claims.rule_desk import PATTERN
from claims.texts import report_on
from claims.writing import dismiss
from editorial.errors import NotAllowed, WrongState
from editorial.models import Event
from tests import factories

pytestmark = pytest.mark.django_db

MOON = """\
[[rule]]
id = "moon-talk"
category = "HYPE"
severity = "advise"
any = ["moon > outcome_word"]
reason = "The moon is given as the ground."
remedy = "Leave the moon out."
why = "The moon heals nobody."
flags = ["Full moon brings tranquility."]
leaves = ["The full moon is round."]

[cues.moon]
words = ["full moon", "moonlight"]

[cues.outcome_word]
words = ["tranquility"]
"""
SENTENCE = "On Monday the full moon stood behind the village tranquility."
HYPE = "Rest is a wonder drug for tired people."
RULES, ADD = "/admin/claims/rules/", "/admin/claims/rule-add/"


def write(text=MOON, key="", by=None, why="Moon pages are many.", **more):
    by = by or factories.people().reviewer
    return ruling.save_rule(by=by, key=key, text=text, why=why, **more)


def rules_in(text):
    _, report = report_on({"body": f"<p>{text}</p>"})
    return {finding.rule for finding in report.findings}


def test_a_rule_with_its_own_words_is_in_force_once_saved():
    assert rules_in(SENTENCE) == set()
    write()
    assert rules_in(SENTENCE) == {"moon-talk"}
    assert "moon-talk" not in rules_in("The full moon is a phase of the moon.")
    event = Event.objects.get(verb="rule.added")
    assert event.subject == "moon-talk" and event.data["after"]["text"] == MOON.strip()
    write(MOON, key="moon-talk", severity="block")
    _, report = report_on({"body": f"<p>{SENTENCE}</p>"})
    assert [f.severity for f in report.findings] == ["block"]
    write(MOON, key="moon-talk", severity="off")
    assert rules_in(SENTENCE) == set()
    assert Rule.objects.get().version == 3
    assert Event.objects.filter(verb="rule.changed").count() == 2


def test_a_shipped_rule_is_switched_off_and_on_again():
    (rule,) = rules_in(HYPE)
    write("", key=rule, severity="off", why="It nags.")
    assert rule not in rules_in(HYPE)
    write("", key=rule, severity="", why="It did not nag.")
    assert rules_in(HYPE) == {rule}


def test_words_that_an_editor_adds_leave_the_other_rules_as_they_are():
    bold = "Stem cell therapy is a proven, guaranteed cure for lupus."
    before = check(bold).findings
    write()
    assert check(bold, rules=ruling.site_rules()).findings == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("any = [", "any = "), "line 5"),
        (("moon > outcome_word", "mooon > outcome_word"), "Line 5: .*no cue group 'mooon'"),
        (("HYPE", "HYP"), "Line 3: .*no category HYP"),
        (('reason = "The moon is given as the ground."\n', ""), "reason is missing"),
        (("[cues.moon]", "[more.moon]"), "Line 12: there is no block more"),
        (("moon > out", "moon >99> out"), "Line 5: at most 40 words"),
        (("Full moon brings", "New moon brings"), "does not flag its own example “New moon"),
        (("The full moon is round", "Full moon gives tranquility"), "flags “Full moon gives"),
        (('"full moon", ', '"full moon", "%", '), "Line 12: “%” is no cue word"),
        (("moon-talk", "grade-overstated"), "has a rule grade-overstated already"),
        (("[[rule]]", "[[rule]]\n[[rule]]"), "exactly one"),
        (("why =", "colour = 'red'\nwhy ="), "no such key as colour"),
    ],
)
def test_a_broken_rule_is_refused_with_line_and_reason(change, said):
    with pytest.raises(WrongState, match=said):
        write(MOON.replace(*change))
    assert not Rule.objects.exists() and not Event.objects.filter(verb="rule.added").exists()


def test_size_and_number_are_bounded(monkeypatch):
    with pytest.raises(RuleError, match="characters"):
        read_written("x" * 9000)
    many = ", ".join(['"hype"'] * (MOST_PATTERNS + 1))
    with pytest.raises(RuleError, match="patterns"):
        read_written(MOON.replace('"moon > outcome_word"', many))
    chains = ", ".join(['"hype > hype > hype > hype"'] * (MOST_STEPS // 4 + 1))
    with pytest.raises(RuleError, match=f"{MOST_STEPS} steps together"):
        read_written(MOON.replace('"moon > outcome_word"', chains))
    with pytest.raises(RuleError, match="forms of cue words"):
        read_written(
            MOON.replace(
                '"tranquility"',
                ", ".join(f'"word{c}{d}"' for c in "abcdefghijklmno" for d in "abcdefghijklmno"),
            )
        )
    monkeypatch.setattr(ruling, "MOST_RULES", 0)
    with pytest.raises(WrongState, match="Change one of them"):
        write()


@bounds(max_examples=80, deadline=2000)
@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(
            st.sampled_from([*MOON.splitlines(), "[[", '"', "any = [", "]", "\\", "[cues]"]),
            max_size=20,
        ).map("\n".join),
        st.tuples(st.integers(0, len(MOON)), st.text(max_size=20)).map(
            lambda t: MOON[: t[0]] + t[1] + MOON[t[0] :]
        ),
        st.text("[]{}'\"=\n", max_size=4000),
    )
)
def test_whatever_is_typed_is_read_or_refused(text):
    try:
        written, rule = read_one(text)
    except RuleError as refusal:
        assert str(refusal)
    else:
        assert rule.id == written.id


def test_a_rule_made_to_be_slow_stays_linear():
    """The widest patterns over words that stand everywhere, on text of nothing else."""
    chain = " >40> ".join(["moon"] * 12)
    slow = MOON.replace("moon > outcome_word", chain).replace(
        '"full moon", "moonlight"', '"oo", "oo oo"'
    )
    slow = slow.replace("Full moon brings tranquility.", "oo " * 160)
    write(slow)
    rules = ruling.site_rules()
    times = []
    for size in (5_000, 20_000):
        text, begun = "oo " * (size // 3), time.process_time()
        assert check(text, rules=rules).findings
        times.append(time.process_time() - begun)
    assert times[1] < max(1, 10 * times[0])


def test_trying_out_says_what_it_would_stop_at_and_writes_nothing():
    factories.published_page(body=f"<p>{SENTENCE}</p>", title="The garden")
    _, rules = ruling.proposed(key="", text=MOON)
    trial = rule_trial.try_out(rules)
    assert (trial.newly_count, trial.no_longer_count, trial.read, trial.total) == (1, 0, 1, 1)
    assert trial.newly[0].sentence == SENTENCE and trial.newly[0].rule == "moon-talk"
    assert not Rule.objects.exists() and not Flag.objects.filter(rule="moon-talk").exists()


def test_trying_out_ends_in_time_and_says_how_far_it_came():
    for _ in range(3):
        factories.published_page(body=f"<p>{SENTENCE}</p>")
    trial = rule_trial.try_out(ruling.proposed(key="", text=MOON)[1], longest=0)
    assert trial.is_sampled and (trial.read, trial.total) == (1, 3)


def test_the_round_checks_the_site_again_after_a_change(monkeypatch):
    page = factories.published_page(body=f"<p>{SENTENCE}</p>")
    draft = factories.draft(body=f"<p>{SENTENCE}</p>")
    write()
    assert (Recheck.objects.get().done, Recheck.objects.get().total) == (0, 2)
    rechecking.go_on()
    row = rechecking.progress()
    assert row.finished_at and row.done == 2
    flagged = Flag.objects.open().filter(rule="moon-talk")
    assert set(flagged.values_list("claim__page", flat=True)) == {page.pk, draft.page_id}
    rechecking.go_on()
    assert rechecking.progress().done == 2
    write(key="moon-talk", severity="off", why="Enough.")
    assert not rechecking.progress().finished_at
    monkeypatch.setattr(rechecking, "STRETCH", -1)
    rechecking.go_on()
    assert flagged.count() == 2, "a round that has no time does nothing"
    monkeypatch.undo()
    rechecking.go_on()
    assert flagged.count() == 0


def test_who_may_change_rules():
    cast = factories.people()
    for person in (cast.author, cast.editor, cast.moderator, cast.outsider):
        with pytest.raises(NotAllowed):
            write(by=person)
    write(by=cast.admin)
    with pytest.raises(WrongState, match="Say in a sentence why"):
        write(key="moon-talk", severity="off", why=" ")
    with pytest.raises(WrongState, match="Nothing was changed"):
        write(key="moon-talk")
    with pytest.raises(WrongState, match="cannot be changed"):
        write(MOON.replace("moon-talk", "sun-talk"), key="moon-talk")


@pytest.mark.parametrize("key", ["grade-overstated", "cited-source-retracted"])
def test_what_the_site_promises_cannot_be_switched_off(key):
    with pytest.raises(WrongState, match="promises"):
        write("", key=key, severity="off")


def test_a_rule_that_no_longer_fits_is_left_out_and_named():
    write()
    Rule.objects.update(text=MOON.replace("moon >", "gone_group >"), version=7)
    assert rules_in(SENTENCE) == set()
    assert "gone_group" in ruling.broken_rules()["moon-talk"]


# The desk


def test_the_desk_lists_rules_with_their_dismissal_rate(client):
    write()
    revision = factories.draft(body=f"<p>{SENTENCE}</p>")
    factories.decide_all(revision)
    client.force_login(factories.people().author)
    page = client.get(RULES).content.decode()
    row = page[page.index(">moon-talk<") :][:400]
    assert "our own" in row and "100%" in row
    assert "Add a rule" not in page
    assert "being checked again" in page


def listed(client, rule: str) -> list[str]:
    """Decided, dismissed, share and what writers said against it, as the desk's list has them."""
    client.force_login(factories.people().moderator)
    page = client.get(RULES).content.decode()
    row = page[page.index(f">{rule}<") :]
    return re.findall(r"<td>([^<]*)</td>", row[: row.index("</tr>")])[-4:]


def test_the_rate_counts_every_rule_of_a_sentence_once_and_no_decision_taken_back(client, people):
    both = "Studies prove that stem cells cure lupus."
    revision = factories.draft(body=f"<p>{both}</p>")
    flag = Flag.objects.get(claim__sentence=both)
    second = next(f["rule"] for f in flag.findings if f["rule"] != flag.rule)
    factories.decide_all(revision)
    for rule in (flag.rule, second):
        assert listed(client, rule) == ["1", "1", "100%", "0"]
    flag.refresh_from_db()
    undo(flag.decision, by=people.moderator, reason="The wrong key.")
    assert listed(client, second) == ["0", "0", "–", "0"]


def test_what_writers_said_against_a_rule_is_told_apart_from_what_moderators_decided(client):
    revision = factories.draft(body=f"<p>{HYPE}</p>")
    (rule,) = rules_in(HYPE)
    dismiss(
        revision.page,
        by=factories.people().author,
        sentence=HYPE,
        rules=[rule],
        reason="The patient calls it that.",
    )
    assert listed(client, rule) == ["0", "0", "–", "1"]


def test_a_rule_is_tried_and_saved_at_the_desk(client):
    factories.published_page(body=f"<p>{SENTENCE}</p>")
    client.force_login(factories.people().reviewer)
    assert "miracle_water" in client.get(ADD).content.decode()
    tried = client.post(ADD, {"text": MOON, "try": "1"}).content.decode()
    assert SENTENCE in tried and "Nothing is saved yet" in tried and not Rule.objects.exists()
    refused = client.post(ADD, {"text": MOON.replace("HYPE", "HYP"), "why": "So."})
    assert "Line 3: " in refused.content.decode()
    saved = client.post(ADD, {"text": MOON, "why": "So.", "save": "1"})
    assert saved.status_code == 302
    again = client.get(f"{RULES}moon-talk/").content.decode()
    assert "Full moon brings tranquility" in again and "So." in again


def test_the_desk_refuses_those_who_may_not(client):
    client.force_login(factories.people().editor)
    assert client.get(ADD).status_code == 200
    assert client.post(ADD, {"text": MOON, "why": "So."}).status_code == 403
    client.force_login(factories.people().reviewer)
    assert client.get(f"{RULES}no-such-rule/").status_code == 404
    assert client.post(f"{RULES}cited-source-retracted/", {"why": "So."}).status_code == 403
    assert not Rule.objects.exists()


def test_the_pattern_for_a_new_rule_is_a_good_rule():
    assert write(PATTERN.strip()).key == "name-of-the-rule"


# For readers


def test_readers_find_every_rule_and_why(client):
    write()
    listed = client.get("/rules/").content.decode()
    for entry in ruling.site_catalogue():
        assert f'href="/rules/{entry.id}/"' in listed
    page = client.get("/rules/moon-talk/").content.decode()
    assert "The moon heals nobody." in page and "Full moon brings tranquility." in page
    write(key="moon-talk", severity="off", why="Enough.")
    assert client.get("/rules/moon-talk/").status_code == 404
    assert "moon-talk" not in client.get("/rules/").content.decode()


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"severity": "loud"}, "rule_severity_known"),
        ({"key": ""}, "rule_has_a_key"),
        ({"reason": ""}, "rule_changed_for_a_reason"),
    ],
)
def test_the_database_refuses_a_rule_without(changes, constraint):
    row = {"key": "a-rule", "reason": "So.", "changed_by_name": "A"} | changes
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Rule.objects.create(**row)


def test_there_is_one_check_again_at_a_time():
    rechecking.ask(by=factories.people().reviewer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recheck.objects.create(pk=2, asked_at=Recheck.objects.get().asked_at, total=1)
