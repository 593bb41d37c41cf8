"""The moderators' queue: its order and why, who is at what, several at once, cost."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims import actions, overdue, queue_acts, queueing, reporting
from claims.models import Anchor, Claim, ClaimNote, Decision, Flag, QueueItem, QueuePreference
from editorial import actions as page_actions
from editorial.errors import NotAllowed, WrongState
from editorial.models import Event, Page
from evidence.actions import record_notice
from tests import factories

pytestmark = pytest.mark.django_db

BOLD = "Stem cell therapy is a proven, guaranteed cure for lupus."
QUEUE = "/admin/moderation/"


def body(*sentences):
    return "".join(f"<p>{s}</p>" for s in sentences)


def bold_claim(**changes) -> Claim:
    revision = factories.draft(body=body(BOLD), **changes)
    return Claim.objects.standing_on(revision).get(sentence=BOLD)


def flagged(page, reason="unclear", sentence=None) -> Claim:
    """A sentence of a published page that staff asked about."""
    anchor = actions.claim_sentence(page, sentence or "Many people plan their days around it.")
    people = factories.people()
    actions.raise_flag(anchor.claim, by=people.editor, reason=reason, explanation="Look at it.")
    return anchor.claim


def page_saying(*sentences, kind="article"):
    return factories.published_page(kind, body=body(*sentences))


def listed(client, query="") -> list[int]:
    html = client.get(QUEUE + query).content.decode()
    return [int(pk) for pk in re.findall(r'data-item="(\d+)"', html)]


def decide(claim, outcome="not_a_claim", by=None, **answer):
    answer.setdefault("reason", "It tells what was seen.")
    return actions.decide(claim, by=by or factories.people().moderator, outcome=outcome, **answer)


@pytest.fixture
def moderator(people, client):
    client.force_login(people.moderator)
    return people.moderator


# Order


def test_safety_comes_first_however_little_it_reaches(people, client, moderator):
    retracted = factories.source()
    live = factories.published_page(
        "condition",
        body=f'<p>A trial saw less pain<cite data-source="{retracted.key}"></cite>.</p>',
    )
    record_notice(retracted, by=people.editor, kind="retraction", date_text="2024")
    grave = live.claims.get(flags__origin="notice")
    draft = bold_claim()
    actions.raise_flag(draft, by=people.author, reason="unsafe", explanation="It may harm.")
    assert listed(client)[0] == draft.pk
    assert grave.queue_item.rank < bold_claim().queue_item.rank
    assert "Safety comes first" in draft.queue_item.why


def test_what_readers_see_comes_before_a_draft_and_the_older_before_the_newer(people, client):
    client.force_login(people.moderator)
    page = page_saying("One sits here.", "Two sit here.", "Three sit here.")
    first, second = (
        flagged(page, sentence="One sits here."),
        flagged(page, sentence="Two sit here."),
    )
    revision = factories.draft(body=body(BOLD, "Four sit here."))
    drafted = Claim.objects.standing_on(revision).get(sentence=BOLD)
    Flag.objects.filter(claim=drafted).update(reason="unclear", severity="advise", category="")
    Flag.objects.filter(claim=second).update(raised_at=timezone.now() - timedelta(days=3))
    queueing.rebuild()
    assert listed(client)[:2] == [second.pk, first.pk]
    assert "live" in first.queue_item.why and "in a draft only" in drafted.queue_item.why


def test_each_row_says_in_words_and_figures_why_it_stands_there(client, moderator):
    claim = flagged(page_saying("It helps me.", kind="therapy"), "wrong_number", "It helps me.")
    html = client.get(QUEUE).content.decode()
    why = claim.queue_item.why
    assert why in html and "live on a topic’s page" in why and "asked by staff" in why
    assert re.search(r"harm \d × reach \d × likelihood \d = \d+", why)


def test_the_same_sentence_on_more_pages_reaches_further(people):
    one = flagged(page_saying("Salt lowers pain."), sentence="Salt lowers pain.")
    before = one.queue_item.rank
    two = page_saying("Salt lowers pain.")
    actions.claim_sentence(two, "Salt lowers pain.")
    queueing.refresh([one.pk])
    one.queue_item.refresh_from_db()
    assert one.queue_item.rank < before and "in 2 places" in one.queue_item.why


def test_an_answered_a_withdrawn_and_a_deleted_sentence_leave_the_queue(people):
    answered = bold_claim()
    decide(answered)
    page = page_saying("One sits here.")
    withdrawn = flagged(page, sentence="One sits here.")
    page_actions.withdraw(page, by=people.editor, reason="Wrong.")
    edited = bold_claim()
    factories.draft(page=edited.page, body=body("Nothing is left."))
    assert not QueueItem.objects.filter(claim__in=[answered, withdrawn, edited]).exists()


def test_what_fell_out_of_line_is_put_right_by_the_round(people):
    claim = bold_claim()
    QueueItem.objects.all().delete()
    stale = bold_claim()
    Flag.objects.filter(claim=stale).update(state="lapsed", closed_at=timezone.now())
    queueing.tidy(timezone.now())
    assert [item.claim for item in QueueItem.objects.all()] == [claim]


# Lists


def test_lists_by_severity_reason_origin_and_age(client, moderator):
    blocking = bold_claim()
    page = page_saying("One sits here.")
    advised = flagged(page, "unclear", "One sits here.")
    assert listed(client, "?severity=block") == [blocking.pk]
    assert listed(client, "?severity=advise") == [advised.pk]
    assert listed(client, "?reason=unclear") == [advised.pk]
    assert listed(client, "?origin=checker") == [blocking.pk]
    assert listed(client, "?only=live") == [advised.pk]
    assert listed(client, "?age=old") == [] and len(listed(client, "?age=new")) == 2
    assert len(listed(client, "?reason=nonsense&only=x")) == 2


def test_a_list_can_be_named_shared_and_taken_away(people, client, moderator):
    bold_claim()
    settings = reverse("admin:moderation-settings")
    saved = {"save": "1", "name": "My unclear ones", "query": "reason=unclear", "shared": "on"}
    client.post(settings, saved)
    client.force_login(people.editor)
    html = client.get(QUEUE).content.decode()
    assert "My unclear ones" in html and "?reason=unclear" in html
    client.force_login(people.moderator)
    (number,) = re.findall(r'name="drop" value="(\d+)"', client.get(QUEUE).content.decode())
    client.post(settings, {"drop": number})
    assert "My unclear ones" not in client.get(QUEUE).content.decode()


# Who is at it


def test_one_takes_it_the_other_is_told_who_and_until_when(people, client):
    claim, second = bold_claim(), factories.person("second", "moderator")
    item = queue_acts.take(claim, by=people.moderator)
    with pytest.raises(WrongState, match="moderator is at this claim until"):
        queue_acts.take(claim, by=second)
    with pytest.raises(WrongState, match="moderator is at this claim"):
        decide(claim, by=second)
    client.force_login(second)
    said = client.get(reverse("admin:moderation-claim", args=[claim.pk])).content.decode()
    assert f"{timezone.localtime(item.claimed_until):%H:%M}" in said and "is at it until" in said
    decide(claim)
    assert claim.decisions.count() == 1


def test_a_claimed_item_is_free_again_by_itself_and_can_be_put_back(people):
    claim, second = bold_claim(), factories.person("second", "moderator")
    queue_acts.take(claim, by=people.moderator)
    QueueItem.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    queue_acts.take(claim, by=second)
    queue_acts.put_back(claim, by=second)
    decide(claim)


def test_a_decision_on_what_changed_meanwhile_is_refused(people):
    claim = bold_claim()
    seen = claim.queue_item.version
    actions.raise_flag(claim, by=people.editor, reason="unsafe", explanation="It may harm.")
    with pytest.raises(WrongState, match="changed since you opened it"):
        decide(claim, version=seen)
    claim.queue_item.refresh_from_db()
    decide(claim, version=claim.queue_item.version)
    with pytest.raises(WrongState, match="already"):
        decide(claim, version=seen)


def test_taking_is_for_moderators_and_for_what_waits(people):
    claim = bold_claim()
    with pytest.raises(NotAllowed):
        queue_acts.take(claim, by=people.author)
    decide(claim)
    with pytest.raises(WrongState, match="does not wait any more"):
        queue_acts.take(claim, by=people.moderator)


# Notes, escalation, keys


def test_escalating_writes_to_editors_and_administrators_and_keeps_it_waiting(
    people, client, moderator, django_capture_on_commit_callbacks
):
    claim = bold_claim()
    act = reverse("admin:moderation-act", args=[claim.pk])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(act, {"act": "escalate", "e-text": "Is this ours to say?"})
    assert {m.to[0] for m in mail.outbox} == {"editor@example.org", "admin@example.org"}
    assert BOLD in mail.outbox[0].body and f"/admin/moderation/{claim.pk}/" in mail.outbox[0].body
    assert listed(client, "?only=escalated") == [claim.pk]
    assert "Is this ours to say?" in client.get(f"{QUEUE}{claim.pk}/").content.decode()
    assert Event.objects.filter(verb="claim.escalated").exists()


def test_a_note_is_for_staff_only(people, client, moderator):
    claim = flagged(page_saying("One sits here."), sentence="One sits here.")
    act = reverse("admin:moderation-act", args=[claim.pk])
    client.post(act, {"act": "note", "n-text": "Ask the author."})
    assert "Ask the author." in client.get(f"{QUEUE}{claim.pk}/").content.decode()
    assert "Ask the author." not in client.get(claim.get_absolute_url()).content.decode()
    client.post(act, {"act": "note", "n-text": " "})
    assert ClaimNote.objects.count() == 1


def test_keys_can_be_turned_off_for_oneself(people, client, moderator):
    bold_claim()
    assert 'data-keys="on"' in client.get(QUEUE).content.decode()
    client.post(reverse("admin:moderation-settings"), {"keys": "off"})
    assert 'data-keys="off"' in client.get(QUEUE).content.decode()
    client.force_login(people.editor)
    assert 'data-keys="on"' in client.get(QUEUE).content.decode()


# Several at once


def bulk(client, *claims, sure=False, outcome="nothing_wrong"):
    data = {"item": [c.pk for c in claims], "b-outcome": outcome, "b-reason": "Read them all."}
    return client.post(reverse("admin:moderation-bulk"), data | ({"sure": "1"} if sure else {}))


def test_several_are_counted_first_then_decided_with_a_result_each(people, client, moderator):
    page = page_saying("One sits here.", "Two sit here.", "Three sit here.")
    one, two = flagged(page, sentence="One sits here."), flagged(page, sentence="Two sit here.")
    taken, blocking = flagged(page, sentence="Three sit here."), bold_claim()
    queue_acts.take(taken, by=factories.person("second", "moderator"))
    counted = bulk(client, one, two, taken, blocking).content.decode()
    assert "2 would be decided" in counted and "2 left out" in counted
    assert "It stops publication" in counted and "second is at it" in counted
    assert not Decision.objects.filter(claim__in=[one, two]).exists()
    done = bulk(client, one, two, taken, blocking, sure=True).content.decode()
    assert "2 of 2 decided" in done
    assert {c.state for c in Claim.objects.filter(pk__in=[one.pk, two.pk])} == {"nothing_wrong"}
    assert not blocking.decisions.exists() and not taken.decisions.exists()


def test_nobody_confirms_a_source_for_several_at_once(client, moderator):
    page = page_saying("One sits here.")
    claim = flagged(page, sentence="One sits here.")
    assert bulk(client, claim, sure=True, outcome="supported").status_code == 302
    assert not claim.decisions.exists()


def test_bulk_is_for_moderators(people, client):
    client.force_login(people.editor)
    assert bulk(client, bold_claim()).status_code == 403


# Cost


def many(count: int) -> None:
    """So many claims on one draft, one in ten of them asked about."""
    revision = factories.draft(body=body("It begins."))
    Claim.objects.bulk_create(
        Claim(page=revision.page, sentence=f"Sentence {n} says something.") for n in range(count)
    )
    claims = list(revision.page.claims.all())
    Anchor.objects.bulk_create(
        Anchor(claim=c, revision=revision, start=10_000 + 9 * n, end=10_005 + 9 * n, exact="x")
        for n, c in enumerate(claims)
    )
    Flag.objects.bulk_create(
        Flag(
            claim=c,
            origin="checker",
            severity="advise",
            reason="unclear",
            explanation="Why?",
            raised_by_name="the checker",
        )
        for c in claims[::10]
    )
    queueing.rebuild()


@pytest.mark.parametrize("count", [30, 2000])
def test_the_first_page_takes_at_most_twelve_queries_however_many_wait(
    client, moderator, count, django_assert_max_num_queries
):
    many(count)
    client.get(QUEUE)
    with django_assert_max_num_queries(12):
        assert len(listed(client)) == min(50, count // 10)


def test_the_order_is_read_from_an_index_and_not_sorted(client, moderator):
    many(2000)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(QUEUE)
    (items,) = [q["sql"] for q in queries if 'ORDER BY "claims_queueitem"."rank"' in q["sql"]]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Two thousand rows are sorted quickly; this shows that they need not be.
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("EXPLAIN " + items)
        else:
            cursor.execute("EXPLAIN QUERY PLAN " + items)
        plan = [row[-1] for row in cursor.fetchall()]
    assert any("queue_order" in step for step in plan), plan
    if connection.vendor == "postgresql":
        return
    assert not [s for s in plan if "TEMP B-TREE FOR ORDER BY" in s], plan
    assert not [s for s in plan if s.startswith("SCAN") and "queueitem" not in s], plan


# What the database holds


def test_the_tables_hold_the_rules_by_themselves(people):
    claim = bold_claim()
    wrong = (
        (QueueItem.objects.all(), {"claimed_until": timezone.now()}),
        (QueueItem.objects.all(), {"escalated_at": timezone.now()}),
        (QueueItem.objects.all(), {"is_safety": True, "rank": 1000}),
    )
    for rows, values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)
    note = queue_acts.note(claim, by=people.author, text="Hm.")
    for values in ({"text": ""}, {"kind": "shout"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ClaimNote.objects.filter(pk=note.pk).update(**values)
    queue_acts.switch_keys(by=people.author, on=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        QueuePreference.objects.create(person=people.author)


def test_a_hundred_readers_about_one_sentence_are_one_row(people, client, moderator):
    page = page_saying("One sits here.")
    for number in range(100):
        reporting.report(
            page, sentence="One sits here.", reason="unclear", text="Why?", form_key=f"k{number}"
        )
    (pk,) = listed(client)
    assert "100 readers asked" in QueueItem.objects.get(claim=pk).why
    assert Flag.objects.filter(origin="reader").count() == 1


# A review that is overdue


def overdue_page(people):
    """A live page with a sentence once found right, whose review was due yesterday."""
    page = page_saying("Salt is white.", "One sits here.")
    claim = actions.claim_sentence(page, "Salt is white.").claim
    decide(claim, "nothing_wrong")
    Page.objects.filter(pk=page.pk).update(review_due=timezone.localdate() - timedelta(days=1))
    return page, claim


def test_an_overdue_review_asks_once_about_what_was_confirmed(people):
    page, claim = overdue_page(people)
    for _ in range(2):
        overdue.ask_what_is_overdue(timezone.now())
    flag = claim.flags.open().get()
    assert (flag.origin, flag.severity, flag.reason) == ("review", "advise", "outdated")
    assert QueueItem.objects.get().claim == claim and "a review that is due" in claim.queue_item.why
    assert Claim.objects.get(pk=claim.pk).state == "nothing_wrong"
    decide(claim, "nothing_wrong")
    overdue.ask_what_is_overdue(timezone.now())
    assert not claim.flags.open().exists()


def test_the_question_lapses_when_the_page_was_reviewed(people):
    page, claim = overdue_page(people)
    overdue.ask_what_is_overdue(timezone.now())
    Page.objects.filter(pk=page.pk).update(review_due=timezone.localdate() + timedelta(days=90))
    overdue.ask_what_is_overdue(timezone.now())
    assert claim.flags.get(origin="review").state == "lapsed" and not QueueItem.objects.exists()
