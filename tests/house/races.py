"""People who act at the same moment, on a real PostgreSQL; run by test_races_on_postgresql.py.

(SQLite has one writer at a time, so nothing can race there.)
"""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from editorial import actions, audit, schedule
from editorial.errors import Refused
from editorial.models import Event, Page, Redirect, Revision
from tests import factories


@pytest.fixture
def people(django_db_blocker):
    """The cast, in a migrated database that is thrown away; afterwards the log of events is whole.

    Not pytest-django's: that one is emptied or rolled back after each test, and here threads must
    see what others committed, and events are never deleted."""
    with django_db_blocker.unblock():
        yield factories.people()
        assert audit.first_broken_event() is None


def at_once(*acts):
    """Run these in threads that begin together; answers what each gave or raised."""
    gate, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        gate.wait()
        try:
            results[number] = act()
        except (Refused, IntegrityError) as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def refused(results):
    return [r for r in results if isinstance(r, Exception)]


def test_this_is_postgresql(people):
    assert connection.vendor == "postgresql"


def test_two_approvals_at_once_are_one(people):
    second = factories.person("second", "reviewer")
    for _ in range(5):
        revision = factories.submitted()
        results = at_once(
            lambda r=revision: actions.approve(r, by=people.reviewer),
            lambda r=revision: actions.approve(r, by=second),
        )
        assert len(refused(results)) == 1
        assert "is approved, not in review" in str(refused(results)[0])
        assert revision.approvals.count() == 1
        assert Event.objects.filter(verb="revision.approved", page_id=revision.page_id).count() == 1


def test_where_two_are_needed_two_at_once_are_two_and_one_twice_is_one(people):
    second = factories.person("second", "reviewer")
    actions.set_policy("article", by=people.admin, approvals_needed=2, review_days=365)
    try:
        both, twice = factories.submitted(), factories.submitted()
        results = at_once(
            lambda: actions.approve(both, by=people.reviewer),
            lambda: actions.approve(both, by=second),
        )
        assert refused(results) == [] and both.approvals.count() == 2
        results = at_once(*[lambda: actions.approve(twice, by=people.reviewer)] * 2)
        assert len(refused(results)) == 1 and twice.approvals.count() == 1
        assert Revision.objects.get(pk=twice.pk).state == "in_review"
    finally:
        actions.set_policy("article", by=people.admin, approvals_needed=1, review_days=365)


def test_approval_and_a_newer_text_at_once_never_leave_the_newer_one_approved(people):
    for _ in range(5):
        revision = factories.submitted()
        at_once(
            lambda r=revision: actions.approve(r, by=people.reviewer),
            lambda r=revision: factories.draft(page=r.page, by=people.editor, title="Newer"),
        )
        current = Page.objects.get(pk=revision.page_id).current_revision()
        assert (current.content["title"] == "Newer") == (current.state == "draft")


def test_two_schedulers_publish_once(people):
    revision = factories.approved()
    actions.schedule(revision, by=people.editor, at=timezone.now() + timedelta(hours=1))
    later = timezone.now() + timedelta(hours=2)
    runs = at_once(*[lambda: schedule.publish_due(later)] * 3)
    assert sum(len(run.published) for run in runs) == 1
    assert sum(len(run.refused) + len(run.broken) for run in runs) == 0
    assert Event.objects.filter(verb="page.published", page_id=revision.page_id).count() == 1


def test_two_rounds_tell_the_owner_once(people):
    page = factories.published_page()
    Page.objects.filter(pk=page.pk).update(review_due=timezone.localdate())
    climbed = at_once(*[lambda: actions.climb_ladder(timezone.now())] * 3)
    assert sum(climbed) == 1


def test_two_take_a_review_at_once_and_one_has_it(people):
    second = factories.person("second", "reviewer")
    revision = factories.submitted()
    results = at_once(
        lambda: actions.take_review(revision, by=people.reviewer),
        lambda: actions.take_review(revision, by=second),
    )
    assert len(refused(results)) == 1


def test_one_old_address_is_given_once(people):
    one, two = factories.published_page(), factories.published_page()
    results = at_once(
        lambda: actions.add_redirect(by=people.editor, kind="article", slug="raced", page=one),
        lambda: actions.add_redirect(by=people.editor, kind="article", slug="raced", page=two),
    )
    assert len(refused(results)) == 1 and Redirect.objects.filter(slug="raced").count() == 1
