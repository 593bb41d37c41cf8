"""How the moderators do: what the figures count, and where they are shown."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from claims import actions, figures, writing
from claims.models import Claim, Flag
from claims.reasons import REASONS
from editorial import actions as desk
from tests import factories

pytestmark = pytest.mark.django_db

BOLD = "Stem cell therapy is a proven, guaranteed cure for lupus."


def asked(reason: str, ago_hours: float, answered_after: float | None, outcome="reword") -> Flag:
    """A question asked so long ago, and answered so many hours later if at all."""
    people = factories.people()
    revision = factories.draft(body=f"<p>{BOLD}</p>")
    claim = Claim.objects.standing_on(revision).get(sentence=BOLD)
    raised = timezone.now() - timedelta(hours=ago_hours)
    claim.flags.update(raised_at=raised, reason=reason)
    if answered_after is not None:
        actions.decide(claim, by=people.moderator, outcome=outcome, reason="Read.")
        claim.flags.update(closed_at=raised + timedelta(hours=answered_after))
    return claim.flags.get()


def target(name: str):
    return next(t for t in figures.figures().targets if t.name == name)


def figure_of(rule: str) -> figures.Rule:
    return next(row for row in figures.figures().rules if row.name == rule)


def test_each_reason_has_its_target():
    hours = {reason.value: row.hours for reason, row in REASONS.items()}
    assert (hours["unsafe"], hours["source_in_doubt"], hours["not_supported"]) == (4, 24, 120)
    assert (hours["unclear"], hours["other"]) == (336, 336)


def test_the_share_within_the_target_of_its_severity(people):
    asked("unsafe", 20, 3)
    asked("unsafe", 20, 5)
    asked("unsafe", 6, None)
    asked("not_supported", 200, 119)
    unsafe = target("Unsafe advice")
    assert (unsafe.decided, unsafe.in_time, unsafe.share, unsafe.overdue) == (2, 1, 50, 1)
    assert target("Unsupported or wrong").share == 100
    assert target("Everything else").share is None


def test_median_and_ninetieth_percentile_of_the_age(people):
    for hours in (1, 2, 3, 4, 100):
        asked("other", 150, hours)
    answered = figures.figures().answered
    assert (answered.count, answered.median, answered.ninetieth) == (5, 3, 100)
    asked("other", 10, None)
    assert figures.figures().waiting.median == pytest.approx(10, abs=0.1)


def test_arrivals_against_decisions_by_week(people):
    asked("other", 24 * 20, 24 * 15)
    asked("other", 1, None)
    weeks = figures.figures().weeks
    assert len(weeks) == 12
    assert [w.arrived for w in weeks[-3:]] == [1, 0, 1]
    assert [w.decided for w in weeks[-3:]] == [0, 0, 1]


def test_dismissals_by_rule_and_a_decision_taken_back_counts_for_nothing(people):
    asked("other", 5, 1, outcome="not_a_claim")
    flag = asked("other", 5, 1, outcome="reword")
    rule = figure_of(flag.rule)
    assert (rule.decided, rule.dismissed, rule.share) == (2, 1, 50)
    actions.undo(flag.decision, by=people.moderator, reason="The wrong key.")
    rule = figure_of(flag.rule)
    assert (rule.decided, rule.share) == (1, 100)


def test_a_rule_that_comes_second_in_a_sentence_counts_as_the_first_does(people, client):
    flag = asked("other", 5, 1, outcome="not_a_claim")
    named = {finding["rule"] for finding in flag.findings}
    assert len(named) > 1
    assert {rule.name: rule.decided for rule in figures.figures().rules} == dict.fromkeys(named, 1)
    client.force_login(people.moderator)
    shown = client.get("/admin/moderation/figures/").content.decode()
    assert all(f">{rule}<" in shown for rule in named)


def test_what_writers_say_against_a_rule_is_a_number_of_its_own(people, client):
    flag = asked("other", 5, 1)
    said = {"sentence": BOLD, "reason": "It is a quotation."}
    for _ in range(2):
        writing.dismiss(flag.claim.page, by=people.author, rules=[flag.rule], **said)
    rule = figure_of(flag.rule)
    assert (rule.decided, rule.dismissed, rule.objections) == (1, 0, 2)
    client.force_login(people.moderator)
    assert "Writers objected" in client.get("/admin/moderation/figures/").content.decode()


def test_staff_see_all_of_it_and_readers_the_part_that_is_theirs(people, client):
    flag = asked("other", 5, 1, outcome="not_a_claim")
    cache.clear()
    public = client.get("/claims/").content.decode()
    assert "<svg" in public and "Decided within our own target" in public
    assert "The same as a table" in public and flag.rule not in public
    assert client.get("/admin/moderation/figures/").status_code == 302
    client.force_login(people.moderator)
    staff = client.get("/admin/moderation/figures/").content.decode()
    assert flag.rule in staff and "What each reason asks of us" in staff


def test_claims_are_counted_anew_until_they_are_many(people, client, monkeypatch):
    def total() -> int:
        return client.get("/claims/").context["total"]

    def publish() -> None:
        draft = factories.draft(body=f"<p>{BOLD}</p>")
        desk.publish_override(draft, by=people.admin, reason="It stood elsewhere.")

    cache.clear()
    publish()
    assert total() == 1
    publish()
    assert total() == 2
    monkeypatch.setattr(figures, "COUNTED_ANEW", 1)
    assert total() == 2
    publish()
    assert total() == 2
    newest = Claim.objects.latest("pk").pk
    Claim.objects.filter(pk=newest).update(state=Claim.State.MUST_CHANGE)
    listed = [anchor.claim_id for anchor in client.get("/claims/").context["anchors"]]
    assert newest in listed, "a state that was not counted yet is listed all the same"
    cache.clear()
    assert total() == 3


def test_the_reasons_stand_in_the_documents_as_in_the_table():
    from pathlib import Path

    text = (Path(__file__).resolve().parents[2] / "docs" / "claims.md").read_text(encoding="utf-8")
    for reason, row in REASONS.items():
        line = f"| {reason.label} | {row.severity.label} | {row.from_reader.label} | {row.hours} |"
        assert line in text, line


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0.04, "less than an hour"),
        (1.2, "1 hour"),
        (47, "47 hours"),
        (49, "2 days"),
        (400, "17 days"),
    ],
)
def test_how_long_is_said_in_words(hours, words):
    assert figures.span_words(hours) == words
