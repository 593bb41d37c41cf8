"""What goes out and comes down by itself: when, in which zone, and what happens if it may not."""

import io
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.forms import ValidationError
from django.urls import reverse
from django.utils import timezone

from claims import actions as claim_actions
from editorial import actions, moments, registry, schedule
from editorial.errors import NotAllowed, WrongState
from editorial.models import Appointment, Event, Page, Revision
from tests import factories

pytestmark = pytest.mark.django_db

RISKY = "<p>Stem cell therapy is a guaranteed cure for lupus.</p>"


def tomorrow():
    return timezone.now() + timedelta(days=1)


def scheduled(**content):
    revision = factories.approved(**content)
    return actions.schedule(revision, by=factories.people().editor, at=tomorrow())


def comes_down(**words):
    page = factories.published_page()
    return actions.schedule_withdrawal(
        page.live_revision,
        by=factories.people().editor,
        at=tomorrow(),
        **({"reason": "The guideline has changed."} | words),
    )


def later(days=2):
    return schedule.publish_due(timezone.now() + timedelta(days=days))


# What fires


def test_a_withdrawal_comes_when_its_moment_has_come_with_its_reason_and_successor(client, people):
    successor = factories.published_page(title="The newer guide")
    revision = comes_down(replaced_by=successor)
    assert schedule.publish_due().withdrawn == []
    run = later()
    assert [page.pk for page in run.withdrawn] == [revision.page_id]
    shown = client.get(Page.objects.get(pk=revision.page_id).get_absolute_url())
    text = shown.content.decode()
    assert shown.status_code == 410
    assert "The guideline has changed." in text and "The newer guide" in text
    assert later().withdrawn == []  # once is enough
    assert revision.appointments.get().state == "done"


def test_a_missed_run_catches_up_in_order(people):
    first, second = scheduled(title="One"), scheduled(title="Two")
    actions.move_schedule(
        second.appointments.get(), by=people.editor, at=timezone.now() + timedelta(hours=1)
    )
    run = later(days=30)
    assert [page.pk for page in run.published] == [second.page_id, first.page_id]


def test_publishing_by_hand_or_a_newer_text_ends_what_was_scheduled(
    people, django_capture_on_commit_callbacks
):
    by_hand, changed = scheduled(), scheduled(title="Rest")
    actions.publish(by_hand, by=people.editor)
    with django_capture_on_commit_callbacks(execute=True):
        factories.draft(page=changed.page, title="Rest, mended")
    assert by_hand.appointments.get().state == "done"
    lapsed = changed.appointments.get()
    assert lapsed.state == "cancelled" and "newer text" in lapsed.outcome
    letters = [m for m in mail.outbox if "will not take place" in m.subject]
    assert [m.to for m in letters] == [["editor@example.org"]]
    assert later().published == []


def test_another_text_published_meanwhile_keeps_the_page_up(people):
    revision = comes_down()
    page = revision.page
    newer = factories.draft(page=page, title="Newer")
    actions.submit(newer, by=people.author)
    actions.publish(actions.approve(newer, by=people.reviewer), by=people.editor)
    assert later().withdrawn == []
    assert Page.objects.get(pk=page.pk).is_published
    assert "Schedule the withdrawal of that one" in revision.appointments.get().outcome


def test_sending_back_takes_it_off_the_calendar(people):
    revision = scheduled()
    actions.request_changes(revision, by=people.reviewer, reason="Look again.")
    revision.refresh_from_db()
    assert revision.scheduled_at is None and revision.appointments.get().state == "cancelled"


# What is refused


@pytest.fixture
def refused(people, django_capture_on_commit_callbacks):
    """A revision whose publication the gate refused, as a flag was opened meanwhile."""
    revision = factories.submitted(title="Hope", body=RISKY)
    factories.decide_all(revision)
    revision = actions.approve(revision, by=people.reviewer)
    actions.schedule(revision, by=people.admin, at=tomorrow())
    claim = revision.anchors.first().claim
    claim_actions.raise_flag(
        claim, by=people.moderator, reason="unsafe", explanation="It may harm.", severity="block"
    )
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        run = later()
    assert run.published == [] and len(run.refused) == 1
    revision.refresh_from_db()
    return revision


def test_a_refusal_is_told_to_scheduler_author_and_editors(refused):
    told = sorted(m.to[0] for m in mail.outbox if "was refused" in m.subject)
    assert told == ["admin@example.org", "author@example.org", "editor@example.org"]
    assert "It may harm." in mail.outbox[0].body
    assert refused.state == "approved" and refused.scheduled_at is None
    assert Event.objects.filter(verb="revision.schedule_refused").count() == 1
    assert later().refused == []  # told once


def test_a_refusal_stands_on_the_first_page_and_in_the_calendar(client, people, refused):
    client.force_login(people.editor)
    first = client.get(reverse("admin:index")).content.decode()
    assert "Refused by the gate when their time came" in first
    shown = client.get(reverse("admin:schedule")).content.decode()
    assert "It may harm." in shown
    appointment = refused.appointments.get()
    client.post(reverse("admin:schedule-cancel", args=[appointment.pk]))
    assert not Appointment.objects.refused().exists()


def test_what_was_refused_can_be_given_another_moment(people, refused):
    factories.decide_all(refused)
    actions.move_schedule(refused.appointments.get(), by=people.editor, at=tomorrow())
    assert [page.pk for page in later().published] == [refused.page_id]


def test_a_broken_round_stops_nobody_else_and_is_reported(people, monkeypatch, caplog):
    done = []

    def broken(now):
        raise RuntimeError("a bug")

    monkeypatch.setattr(registry, "_rounds", [broken, done.append])
    revision = scheduled()
    Appointment.objects.update(at=timezone.now() - timedelta(minutes=1))
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("publish_scheduled", stdout=out, stderr=err)
    assert ended.value.code == 1 and len(done) == 1
    assert "broken" in err.getvalue() and "a bug" in caplog.text
    assert "1 published and 0 withdrawn" in out.getvalue()
    assert Page.objects.get(pk=revision.page_id).is_published


def test_one_page_that_breaks_does_not_stop_the_others(people, monkeypatch, caplog):
    bad, good = scheduled(title="Bad"), scheduled(title="Good")

    def check(revision):
        if revision.pk == bad.pk:
            raise RuntimeError("a bug")
        return []

    monkeypatch.setattr(registry, "_gate_checks", [check])
    run = later()
    assert [page.pk for page in run.published] == [good.page_id]
    assert run.broken and Appointment.objects.waiting().get().revision_id == bad.pk


# Who and when


@pytest.mark.parametrize("who", ["author", "reviewer", "moderator", "outsider"])
def test_only_editors_and_administrators_move_and_cancel(people, who):
    appointment = scheduled().appointments.get()
    by = getattr(people, who)
    with pytest.raises(NotAllowed):
        actions.move_schedule(appointment, by=by, at=tomorrow())
    with pytest.raises(NotAllowed):
        actions.cancel_schedule(appointment, by=by)


def test_the_past_is_refused_for_each_kind_of_appointment(people):
    past = timezone.now() - timedelta(seconds=1)
    with pytest.raises(WrongState, match="has passed"):
        actions.schedule_withdrawal(
            factories.published_page().live_revision, by=people.editor, at=past, reason="Old."
        )
    with pytest.raises(WrongState, match="has passed"):
        actions.move_schedule(scheduled().appointments.get(), by=people.editor, at=past)


def test_what_was_done_can_be_neither_moved_nor_cancelled(people):
    appointment = scheduled().appointments.get()
    later()
    with pytest.raises(WrongState, match="done already"):
        actions.move_schedule(appointment, by=people.editor, at=tomorrow())
    with pytest.raises(WrongState, match="done already"):
        actions.cancel_schedule(appointment, by=people.editor)


def test_the_form_names_the_zone_and_reads_the_clock_there(client, people):
    revision = factories.approved()
    client.force_login(people.editor)
    review = reverse("admin:articles_article_review", args=[revision.page_id])
    assert "Europe/London time" in client.get(review).content.decode()
    address = reverse("admin:articles_article_step", args=[revision.page_id, "schedule"])
    posted = {"revision": revision.pk, "at": "2036-07-01T09:00"}
    shown = client.post(address, posted, follow=True).content.decode()
    assert "1 July 2036, 09:00 BST" in shown
    revision.refresh_from_db()
    assert revision.scheduled_at.isoformat() == "2036-07-01T08:00:00+00:00"
    calendar = client.get(reverse("admin:schedule")).content.decode()
    assert "Europe/London time" in calendar and "Tuesday, 1 July 2036" in calendar
    assert "09:00 BST" in calendar


def test_a_clock_time_that_does_not_exist_is_refused_and_one_that_comes_twice_is_told():
    with pytest.raises(ValidationError, match="does not exist in Europe/London time"):
        moments.parse(datetime(2026, 3, 29, 1, 30))  # noqa: DTZ001
    twice = moments.parse(datetime(2026, 10, 25, 1, 30))  # noqa: DTZ001
    assert twice.at.isoformat() == "2026-10-25T01:30:00+01:00"
    assert "comes twice that night" in twice.remark and "BST" in twice.remark
    assert moments.parse(datetime(2026, 10, 25, 3, 30)).remark == ""  # noqa: DTZ001


def test_a_moment_that_is_none_is_refused_by_the_form_and_changes_nothing(client, people):
    revision = factories.approved()
    client.force_login(people.editor)
    address = reverse("admin:articles_article_step", args=[revision.page_id, "schedule"])
    for wrong in ("", "tomorrow", "2036-03-30T01:30", "9999-99-99T00:00"):
        shown = client.post(address, {"revision": revision.pk, "at": wrong}, follow=True)
        assert 'class="error"' in shown.content.decode(), wrong
    assert not Appointment.objects.exists()


def test_an_entry_is_moved_and_cancelled_in_the_calendar(client, people):
    appointment = scheduled().appointments.get()
    client.force_login(people.editor)
    move = reverse("admin:schedule-move", args=[appointment.pk])
    assert "Moved." in client.post(move, {"at": "2036-07-01T09:00"}, follow=True).content.decode()
    client.post(move, {"at": "2020-07-01T09:00"})
    client.post(move, {"at": "nonsense"})
    appointment.refresh_from_db()
    assert appointment.at.year == 2036
    assert client.get(move).status_code == 405
    client.post(reverse("admin:schedule-cancel", args=[appointment.pk]))
    appointment.refresh_from_db()
    assert appointment.state == "cancelled"
    assert Revision.objects.get(pk=appointment.revision_id).scheduled_at is None
    client.force_login(people.author)
    assert "Move<" not in client.get(reverse("admin:schedule")).content.decode()


@pytest.mark.parametrize("count", [1, 12])
def test_the_calendar_costs_the_same_however_long(
    client, people, count, django_assert_max_num_queries
):
    for _ in range(count):
        scheduled()
    client.force_login(people.editor)
    with django_assert_max_num_queries(10):
        client.get(reverse("admin:schedule"))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("appointment_closed_means_stamped", {"state": "done"}),
        ("appointment_closed_means_stamped", {"closed_at": timezone.now()}),
        ("appointment_withdrawal_means_reason", {"does": "withdraw"}),
        ("appointment_state_known", {"state": "perhaps", "closed_at": timezone.now()}),
    ],
)
def test_an_impossible_appointment_is_refused_by_the_database(people, name, changes):
    scheduled()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Appointment.objects.update(**changes)


def test_a_revision_has_one_waiting_appointment(people):
    revision = scheduled()
    actions.schedule(revision, by=people.editor, at=tomorrow())  # gives way to the later word
    assert revision.appointments.waiting().count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(
            revision=revision, does="publish", at=tomorrow(), by_name="editor"
        )
