"""What becomes of a reader's question: the desk, the outcome, the mail, the counts."""

import pytest
from django.core import mail
from django.urls import reverse

from claims.models import Correction, Decision, Flag, Report
from editorial import actions as page_actions
from editorial.models import Event
from tests import factories

from .questions import (
    HTML,
    PLAIN,
    change_after_decision,
    decide,
    make,
    page_to_ask_about,
    republish,
    said,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(people):
    return page_to_ask_about()


# The desk


def test_the_desk_shows_what_readers_wrote_and_how_many_asked(client, page, people):
    for n in range(23):
        report = make(page, n, text=f"Question number {n}.", source="10.1000/xyz", email="r@a.org")
    client.force_login(people.moderator)
    text = said(client.get(reverse("admin:moderation-claim", args=[report.claim_id])))
    assert "23 in all, 23 waiting. The newest 20 are shown." in text
    assert "Question number 22." in text and "Question number 2." not in text
    assert "Source given: 10.1000/xyz" in text and "r@a.org" not in text


# Outcomes


def outcome(client, report) -> str:
    return said(client.get(report.get_absolute_url()))


def test_the_outcome_waits_then_shows_the_decision_and_its_reason(client, page):
    report = make(page)
    assert "waits for a moderator" in outcome(client, report)
    decide(report.claim, "not_a_claim", "It tells when a group met.")
    report.refresh_from_db()
    assert report.state == "decided" and report.closed_at
    text = outcome(client, report)
    assert "It stays as it is." in text and "It tells when a group met." in text


@pytest.mark.parametrize("result", Decision.Outcome.values)
def test_every_decision_has_its_words(client, page, result):
    report, source = make(page), factories.source()
    decide(report.claim, result, sources=[source], passages={source.pk: "Page 2"})
    assert "A moderator" in outcome(client, report)


def test_the_outcome_shows_the_correction_once_it_is_published(client, page):
    report = make(page)
    change_after_decision(page, report)
    report.refresh_from_db()
    correction = Correction.objects.get()
    text = outcome(client, report)
    assert report.state == "changed" and "The sentence was changed" in text
    assert correction.before in text and correction.reason in text


def test_a_sentence_that_left_unasked_lapses_the_question(client, page):
    report = make(page)
    republish(page, f"<p>{PLAIN}</p>")
    report.refresh_from_db()
    assert report.state == "lapsed" and not Flag.objects.open().exists()
    assert "does not stand on the page any more" in outcome(client, report)


def test_a_withdrawn_page_lapses_its_questions(client, page):
    report = make(page)
    page_actions.withdraw(page, by=factories.people().editor, reason="It was wrong.")
    report.refresh_from_db()
    assert report.state == "lapsed"
    assert "not published any more" in outcome(client, report)


def test_a_question_after_the_decision_raises_a_new_flag(page):
    first = make(page, 1)
    decide(first.claim, "not_a_claim")
    second = make(page, 2)
    first.refresh_from_db()
    assert (first.state, second.state) == ("decided", "waiting") and first.flag != second.flag


def test_an_unknown_outcome_is_not_there(client, db):
    assert client.get("/report/no-such-token/").status_code == 404


# Mail


def test_the_answer_is_mailed_once_and_the_address_erased(page, django_capture_on_commit_callbacks):
    with_address = make(page, 1, email="reader@example.org", text=HTML)
    make(page, 2)
    with django_capture_on_commit_callbacks(execute=True):
        decide(with_address.claim, "not_a_claim", "It tells when a group met.")
        assert mail.outbox == []  # nothing leaves before it is committed
    (letter,) = mail.outbox
    assert letter.to == ["reader@example.org"]
    assert "It tells when a group met." in letter.body
    assert with_address.get_absolute_url() in letter.body and "spam" not in letter.body
    assert not Report.objects.exclude(email="").exists()


def test_a_mail_server_that_fails_does_not_stop_the_decision(
    page, settings, caplog, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    report = make(page, email="reader@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        decide(report.claim, "not_a_claim")
    report.refresh_from_db()
    assert report.state == "decided" and "1 answers to readers were not sent" in caplog.text
    assert "reader@example.org" not in caplog.text


def test_events_hold_nothing_personal_and_no_word_of_the_reader(page):
    report = make(page, email="reader@example.org", text="My name is Alex.", source="10.1000/xyz")
    decide(report.claim, "not_a_claim")
    kept = "".join(str(row) for row in Event.objects.values())
    verbs = set(Event.objects.values_list("verb", flat=True))
    assert {"report.made", "flag.raised", "reports.decided"} <= verbs
    for word in ("reader@example.org", "Alex", "10.1000", report.token, report.form_key):
        assert word not in kept


# Counts


def test_page_and_claim_say_how_often_they_were_challenged_and_changed(client, page):
    assert "No reader has asked yet" in said(client.get(page.get_absolute_url()))
    reports = [make(page, n) for n in range(3)]
    shown = said(client.get(page.get_absolute_url()))
    assert "Challenged 3 times, never changed" in shown
    page = change_after_decision(page, reports[0])
    claim = Correction.objects.get().decision.claim.became
    for url in (page.get_absolute_url(), claim.get_absolute_url()):
        assert "Challenged 3 times, changed once" in said(client.get(url))
