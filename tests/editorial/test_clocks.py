"""When a page was last read by a reviewer, when it is due again, and who is told if it was not."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from claims import actions as claim_actions
from editorial import actions, freshness, registry
from editorial.errors import Blocked, NotAllowed, WrongState
from editorial.models import Event, Page
from search import engine
from tests import factories

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def due_in(page, days):
    """The page with its review due so many days from now (before now, if negative)."""
    Page.objects.filter(pk=page.pk).update(review_due=today() + timedelta(days=days))
    return Page.objects.get(pk=page.pk)


def climb():
    return actions.climb_ladder(timezone.now())


# What moves the clock


def test_publishing_an_approved_text_starts_the_clock_at_its_approval(people):
    revision = factories.approved()
    approved = timezone.now() - timedelta(days=100)
    type(revision).objects.filter(pk=revision.pk).update(approved_at=approved)
    page = actions.publish(revision, by=people.editor)
    assert page.review_due == timezone.localdate(approved) + timedelta(days=365)


def test_an_edit_moves_nothing(people):
    page = due_in(factories.published_page(), -40)
    climb()
    before = Page.objects.filter(pk=page.pk).values("reviewed_at", "review_due", "review_rung")[0]
    revision = factories.draft(page=page, title="Edited")
    actions.submit(revision, by=people.author)
    now = Page.objects.filter(pk=page.pk).values("reviewed_at", "review_due", "review_rung")[0]
    assert now == before and before["review_rung"] == 3


def test_an_override_is_no_review(people):
    page = actions.publish_override(factories.draft(), by=people.admin, reason="From elsewhere.")
    assert page.reviewed_at is None and page.review_due == today() + timedelta(days=365)


@pytest.mark.parametrize(
    ("certainty", "days"), [("high", 365), ("moderate", 365), ("low", 270), ("very low", 180)]
)
def test_the_less_certain_what_it_rests_on_the_sooner(people, certainty, days):
    therapy, condition = factories.therapy(), factories.condition()
    factories.assessment(therapy, condition, certainty)
    article = factories.published_page(therapies=[therapy.pk], conditions=[condition.pk])
    draft = factories.draft("therapy", page=therapy, title="Mended")
    again = actions.approve(actions.submit(draft, by=people.author), by=people.reviewer)
    for page in (article, actions.publish(again, by=people.editor)):
        assert page.review_due == today() + timedelta(days=days)


def test_the_rules_for_the_kind_bound_it(people):
    actions.set_policy("article", by=people.admin, approvals_needed=1, review_days=90)
    assert factories.published_page().review_due == today() + timedelta(days=90)


def test_a_reviewer_confirms_the_live_text(people):
    page = due_in(factories.published_page(), -40)
    climb()
    stale = []
    freshness._listeners.append(stale.append)
    try:
        page = actions.confirm_review(page, by=people.reviewer, note="Checked against the trial.")
    finally:
        freshness._listeners.remove(stale.append)
    assert page.review_due == today() + timedelta(days=365) and page.review_rung == 0
    assert timezone.localdate(page.reviewed_at) == today()
    assert Event.objects.filter(verb="page.reviewed", data__note__startswith="Checked").exists()
    assert frozenset({f"page:{page.pk}"}) in stale


def test_a_confirmation_needs_words_a_clear_gate_and_somebody_else(people):
    both = factories.person("both", "author", "reviewer")
    revision = factories.draft(
        by=both, body="<p>Stem cell therapy is a guaranteed cure for lupus.</p>"
    )
    actions.submit(revision, by=both)
    factories.decide_all(revision)
    page = actions.publish(actions.approve(revision, by=people.reviewer), by=people.editor)
    with pytest.raises(WrongState, match="Say what you checked"):
        actions.confirm_review(page, by=people.reviewer, note=" ")
    with pytest.raises(NotAllowed, match="wrote part"):
        actions.confirm_review(page, by=both, note="Mine.")
    claim = revision.anchors.first().claim
    claim_actions.raise_flag(
        claim, by=people.moderator, reason="unsafe", explanation="Harm.", severity="block"
    )
    with pytest.raises(Blocked):
        actions.confirm_review(page, by=people.reviewer, note="Read it.")


def test_the_button_confirms_only_the_text_that_readers_see(client, people):
    page = factories.published_page()
    old = page.live_revision
    newer = factories.draft(page=page, title="Newer")
    client.force_login(people.reviewer)
    review = reverse("admin:articles_article_review", args=[page.pk])
    assert "Confirm that this text" not in client.get(review).content.decode()
    assert "Confirm that this text" in client.get(review + "?live").content.decode()
    actions.submit(newer, by=people.author)
    actions.publish(actions.approve(newer, by=people.reviewer), by=people.editor)
    step = reverse("admin:articles_article_step", args=[page.pk, "confirm-review"])
    shown = client.post(step, {"revision": old.pk, "text": "Read it."}, follow=True)
    assert "another text by now" in shown.content.decode()
    shown = client.post(step, {"revision": newer.pk, "text": "Read it."}, follow=True)
    assert "read it again today" in shown.content.decode()


# Setting the day


def test_a_day_may_come_sooner_but_later_only_with_a_reason(people):
    page = factories.published_page()
    soon, late = today() + timedelta(days=30), today() + timedelta(days=400)
    assert actions.set_review_due(page, by=people.editor, on=soon).review_due == soon
    with pytest.raises(WrongState, match="at the latest"):
        actions.set_review_due(page, by=people.reviewer, on=late)
    with pytest.raises(WrongState, match="has passed"):
        actions.set_review_due(page, by=people.editor, on=today() - timedelta(days=1))
    page = actions.set_review_due(page, by=people.editor, on=late, reason="A trial reports then.")
    assert page.review_due == late
    assert Event.objects.first().data["reason"] == "A trial reports then."


# The ladder


def test_owner_editors_and_readers_are_told_each_once(
    client, people, django_capture_on_commit_callbacks
):
    page = due_in(factories.published_page(title="Old words"), 1)
    told, overdue = [], []
    registry.on_review_overdue(overdue.append)
    try:
        for days, rung in ((1, 0), (0, 1), (-13, 1), (-14, 2), (-29, 2), (-30, 3), (-90, 3)):
            due_in(page, days)
            mail.outbox.clear()
            with django_capture_on_commit_callbacks(execute=True):
                climb()
            page.refresh_from_db()
            assert page.review_rung == rung, days
            told += [(days, m.to[0]) for m in mail.outbox]
    finally:
        registry._overdue_listeners.remove(overdue.append)
    assert told == [(0, "author@example.org"), (-14, "editor@example.org")]
    assert [p.pk for p in overdue] == [page.pk]
    shown = client.get(page.get_absolute_url()).content.decode()
    assert "should have been read again" in shown
    assert Event.objects.filter(verb="page.review_overdue").count() == 3


def test_a_run_that_was_missed_climbs_all_rungs_and_again_changes_nothing(people):
    page = due_in(factories.published_page(), -31)
    assert climb() == 3 and climb() == 0
    page.refresh_from_db()
    assert page.is_review_overdue


def test_one_letter_tells_of_all_pages_of_an_owner(people, django_capture_on_commit_callbacks):
    for title in ("One", "Two"):
        due_in(factories.published_page(title=title), 0)
    with django_capture_on_commit_callbacks(execute=True):
        climb()
    (letter,) = [m for m in mail.outbox if "review" in m.subject]
    assert (
        "“One”" in letter.body and "“Two”" in letter.body and "/admin/review-clocks/" in letter.body
    )


def test_the_command_climbs_the_ladder(people):
    page = due_in(factories.published_page(), 0)
    call_command("publish_scheduled")
    page.refresh_from_db()
    assert page.review_rung == 1


def test_an_overdue_page_sinks_below_its_equal(people):
    body = "<p>Some people keep a quagga.</p>"
    twins = {factories.published_page(title=f"Pets {n}", body=body).pk for n in ("a", "b")}
    factories.published_page()
    found = [r.page_id for r in engine.search("quagga").results]
    assert set(found) == twins
    due_in(Page.objects.get(pk=found[0]), -31)
    climb()
    assert [r.page_id for r in engine.search("quagga").results] == found[::-1]
    assert engine.search("quagga").count == 2


# The worklist


def test_spreading_counts_first_then_moves_and_keeps_what_readers_are_told(client, people):
    pages = [due_in(factories.published_page(), -40) for _ in range(4)]
    far = due_in(factories.published_page(), 300)
    climb()
    client.force_login(people.editor)
    address = reverse("admin:clocks-spread")
    shown = client.post(address, {"weeks": "2", "_count": "1"}).content.decode()
    assert "4 pages would move; nothing was moved yet" in shown
    assert Page.objects.filter(review_due__lt=today()).count() == 4
    refused = client.post(address, {"weeks": "2", "_move": "1"}).content.decode()
    assert "Say why the reviews are moved" in refused
    client.post(address, {"weeks": "2", "reason": "Holidays.", "_move": "1"})
    days = [Page.objects.get(pk=page.pk).review_due for page in pages]
    assert len(set(days)) == 4 and days == sorted(days)
    assert all(today() < day <= today() + timedelta(days=14) for day in days)
    assert all(day.weekday() < 5 for day in days)
    assert Page.objects.get(pk=far.pk).review_due == far.review_due
    assert Page.objects.filter(review_rung=3).count() == 4
    with pytest.raises(NotAllowed):
        actions.spread_reviews(by=people.author, weeks=2, reason="No.")


def test_the_worklist_shows_what_is_due_by_month(client, people):
    due_in(factories.published_page(title="Late one"), -3)
    coming = due_in(factories.published_page(title="Coming one"), 40)
    client.force_login(people.reviewer)
    shown = client.get(reverse("admin:clocks")).content.decode()
    assert "Overdue (1)" in shown and "Late one" in shown and "Coming one" not in shown
    month = f"{coming.review_due:%Y-%m}"
    shown = client.get(reverse("admin:clocks"), {"month": month}).content.decode()
    assert "Coming one" in shown and "Late one" not in shown
    for odd in ("2026-13", "nonsense", "0000-00"):
        assert client.get(reverse("admin:clocks"), {"month": odd}).status_code == 200


@pytest.mark.parametrize("count", [1, 12])
def test_the_worklist_costs_the_same_however_long(
    client, people, count, django_assert_max_num_queries
):
    for _ in range(count):
        due_in(factories.published_page(), -1)
    client.force_login(people.editor)
    with django_assert_max_num_queries(10):
        client.get(reverse("admin:clocks"))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("page_review_due_only_when_published", {"review_due": "2030-01-01"}),
        ("page_review_due_only_when_published", {"review_rung": 1}),
        ("page_review_rung_known", {"review_rung": 9}),
    ],
)
def test_an_impossible_clock_is_refused_by_the_database(people, name, changes):
    page = factories.published_page() if "known" in name else factories.draft().page
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Page.objects.filter(pk=page.pk).update(**changes)
