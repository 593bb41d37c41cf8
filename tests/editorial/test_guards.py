"""What the database itself refuses: every constraint and trigger of the editorial room, tripped."""

import os
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from editorial import actions, audit, guards
from editorial.models import Event, Page, Revision, TaggedPage
from tests import factories

pytestmark = pytest.mark.django_db


def refused(name=None):
    """The database refuses what happens inside, naming the rule."""
    return pytest.raises(IntegrityError, match=name)


# Events


def test_an_event_cannot_be_changed(people):
    factories.draft()
    with refused("append-only"), transaction.atomic():
        Event.objects.update(actor_name="nobody")


def test_an_event_cannot_be_deleted(people):
    factories.draft()
    with refused("append-only"), transaction.atomic():
        Event.objects.all().delete()


def test_an_event_cannot_be_changed_by_plain_sql(people):
    factories.draft()
    with refused("append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE editorial_event SET verb = 'nothing'")


def test_two_events_cannot_follow_the_same_one(people):
    factories.draft()
    last = Event.objects.first()
    with refused("previous_hash"), transaction.atomic():
        Event.objects.create(
            verb="forged", subject="x", previous_hash=last.previous_hash, hash="f" * 64
        )


def test_an_altered_event_is_found(people):
    factories.draft()
    assert audit.first_broken_event() is None
    guards.remove(connection)
    try:
        event = Event.objects.order_by("pk")[1]
        Event.objects.filter(pk=event.pk).update(actor_name="somebody else")
        assert audit.first_broken_event() == event
    finally:
        guards.install(connection)


def test_an_event_belongs_to_a_transaction(people, monkeypatch):
    monkeypatch.setattr(audit, "connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(transaction.TransactionManagementError):
        audit.record("forged", by=people.editor)


def test_history_outlives_people(people):
    page = factories.published_page()
    get_user_model().objects.all().delete()
    revision = Revision.objects.get(page=page)
    assert revision.author is None and revision.author_name == "author"
    assert revision.approved_by is None and revision.approved_by_name == "reviewer"
    assert Event.objects.filter(page_id=page.pk, actor_name="reviewer").exists()


# Revisions


@pytest.mark.parametrize("state", ["in_review", "approved", "published", "superseded"])
def test_a_submitted_revision_cannot_be_changed(people, state):
    revision = factories.approved()
    if state == "in_review":
        revision = factories.submitted()
    elif state != "approved":
        page = actions.publish(revision, by=people.editor)
        if state == "superseded":
            actions.withdraw(page, by=people.editor, reason="Out of date.")
    revision.refresh_from_db()
    assert revision.state == state
    changed = {**revision.content, "body": "<p>Sneaked in.</p>"}
    with refused("submitted revision"), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(content=changed)
    with refused("submitted revision"), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(number=99)


def _another_revision(revision, **changes):
    fields = {
        "page": revision.page,
        "number": revision.number + 1,
        "content": revision.content,
        "digest": "0",
        "author_name": "x",
    }
    return Revision.objects.create(**(fields | changes))


def test_a_page_has_one_current_revision(people):
    revision = factories.draft()
    with refused(), transaction.atomic():
        _another_revision(revision)


def test_a_revision_number_stands_once(people):
    revision = factories.draft()
    with refused(), transaction.atomic():
        _another_revision(revision, number=revision.number, state="superseded")


def test_a_page_has_one_published_revision(people):
    page = factories.published_page()
    with refused(), transaction.atomic():
        _another_revision(page.live_revision, state="published", approved_at=timezone.now())


def test_a_page_has_one_scheduled_revision(people):
    # Only an approved revision is scheduled, and one is current: drop that rule to trip this.
    revision = factories.approved()
    Revision.objects.filter(pk=revision.pk).update(scheduled_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX revision_one_current_per_page")
    with refused("page_id|scheduled"), transaction.atomic():
        _another_revision(
            revision,
            state="approved",
            approved_at=timezone.now(),
            approved_by_name="x",
            scheduled_at=timezone.now(),
        )


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("revision_scheduled_means_approved", {"scheduled_at": timezone.now()}),
        ("revision_approved_means_stamped", {"state": "approved"}),
        ("revision_published_means_approved_or_overridden", {"state": "published"}),
        ("revision_state_known", {"state": "blessed"}),
    ],
)
def test_a_revision_in_an_impossible_state_is_refused(people, name, changes):
    revision = factories.draft()
    with refused(name), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(**changes)


def test_an_author_cannot_be_the_approver(people):
    revision = factories.submitted()
    with refused("revision_not_approved_by_its_author"), transaction.atomic():
        Revision.objects.filter(pk=revision.pk).update(approved_by=revision.author)


# Pages


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("page_withdrawn_means_reason", {"status": "withdrawn"}),
        ("page_status_known", {"status": "secret"}),
        ("page_named", {"title": ""}),
    ],
)
def test_a_page_in_an_impossible_state_is_refused(people, name, changes):
    page = factories.draft().page
    with refused(name), transaction.atomic():
        Page.objects.filter(pk=page.pk).update(**changes)


def test_a_published_page_is_stamped(people):
    page = factories.published_page()
    with refused("page_published_means_stamped"), transaction.atomic():
        Page.objects.filter(pk=page.pk).update(published_at=None)


def test_only_a_published_page_has_a_live_revision(people):
    revision = factories.draft()
    with refused("page_live_revision_only_when_published"), transaction.atomic():
        Page.objects.filter(pk=revision.page_id).update(live_revision=revision)


def test_a_slug_stands_once_within_its_kind(people):
    factories.draft(slug="same")
    other = factories.draft(slug="other").page
    with refused(), transaction.atomic():
        Page.objects.filter(pk=other.pk).update(slug="same")


def test_the_same_slug_may_stand_in_another_kind(people):
    factories.draft(slug="lupus")
    factories.draft("condition", slug="lupus")


def test_a_tag_stands_once_on_a_page(people):
    page = factories.published_page(tags=["diet"])
    tagged = TaggedPage.objects.get(content_object=page)
    with refused(), transaction.atomic():
        TaggedPage.objects.create(content_object=tagged.content_object, tag=tagged.tag)


def test_a_published_page_cannot_be_deleted_with_its_history(people):
    page = factories.published_page()
    with pytest.raises(IntegrityError), transaction.atomic():
        page.delete()


def test_a_page_cannot_be_inserted_as_published(people):
    revision = factories.draft()
    now = timezone.now()
    with refused("approved revision"), transaction.atomic():
        Page.objects.create(
            kind="article",
            title="Straight in",
            slug="straight-in",
            status="published",
            live_revision=revision,
            published_at=now,
            first_published_at=now,
        )


def test_these_tests_ran_on_the_database_that_was_meant():
    assert connection.vendor == os.environ.get("TESTS_EXPECT", "sqlite")


def test_the_whole_log_cannot_be_emptied(people):
    factories.draft()
    emptying = {"sqlite": "DELETE FROM editorial_event", "postgresql": "TRUNCATE editorial_event"}
    with refused("append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(emptying[connection.vendor])
