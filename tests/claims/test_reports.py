"""Readers ask about a sentence: the form, its guards, the one flag, the outcome, the counts."""

import re
import time

import pytest
from django.core import mail, signing
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims import actions, report_guards, reporting
from claims.models import Claim, Correction, Decision, Flag, Report
from editorial import actions as page_actions
from editorial.errors import Blocked, WrongState
from editorial.models import Event
from tests import factories

pytestmark = pytest.mark.django_db

CITED = "Group one met weekly."
PLAIN = "Some people bring a cushion."
BETTER = "Group one met monthly."
HTML = '<script>alert(1)</script> see <a href="https://spam.example">this</a> & that'


@pytest.fixture
def page(people):
    """A published page with a cited sentence, which is a claim, and a plain one, which is not."""
    source = factories.source()
    cited = f'<p>{CITED} <cite data-source="{source.key}"></cite></p>'
    return factories.published_page(body=f"{cited}<p>{PLAIN}</p>")


def address(page) -> str:
    return f"/report/?page={page.pk}"


def token_in(response) -> str:
    return re.search(r'name="token" value="([^"]+)"', response.content.decode()).group(1)


def ask(client, page, *, token=None, headers=None, **changes):
    """Fill in the form and send it, as a browser does."""
    token = token or token_in(client.get(address(page)))
    data = {"sentence": CITED, "reason": "overstated", "text": "It was once a month.", **changes}
    return client.post(address(page), {"token": token, **data}, headers=headers)


def said(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def make(page, number=1, **changes) -> Report:
    values = {"sentence": CITED, "reason": "overstated", "text": "Why so sure?"} | changes
    return reporting.report(page, form_key=f"key-{number}", **values)


def decide(claim, outcome, reason="It met monthly.", **answer):
    return actions.decide(
        claim, by=factories.people().moderator, outcome=outcome, reason=reason, **answer
    )


def republish(page, body):
    """Publish another text of the page, by the usual way."""
    people = factories.people()
    revision = factories.draft(page=page, title=page.title, body=body)
    page_actions.submit(revision, by=people.author)
    factories.decide_all(revision)
    page_actions.approve(revision, by=people.reviewer)
    return page_actions.publish(revision, by=people.editor)


def change_after_decision(page, report):
    """Decide that the sentence must be reworded, and publish it so."""
    decide(report.claim, "reword")
    return republish(page, page.live_revision.content["body"].replace(CITED, BETTER))


# The form


def test_every_public_page_and_claim_page_leads_to_the_form(client, page):
    claim = Claim.objects.get(sentence=CITED)
    others = [factories.condition(), factories.therapy()]
    for public in (page, *others):
        html = client.get(public.get_absolute_url()).content.decode()
        assert f'href="/report/?page={public.pk}"' in html
    html = client.get(claim.get_absolute_url()).content.decode()
    assert f'href="/report/?claim={claim.pk}"' in html


def test_the_form_lists_the_claims_first_then_the_other_sentences(client, page):
    text = said(client.get(address(page)))
    assert text.index(CITED) < text.index("Other sentences") < text.index(PLAIN)
    assert text.count(CITED) == 1


def test_a_link_from_a_claim_chooses_its_sentence(client, page):
    claim = Claim.objects.get(sentence=CITED)
    html = client.get(f"/report/?claim={claim.pk}").content.decode()
    (chosen,) = re.findall(r'value="([^"]+)" checked', html)
    assert chosen == CITED


def test_the_form_sets_no_cookie_and_is_kept_out_of_caches_and_indexes(client, page):
    shown, sent = client.get(address(page)), ask(client, page)
    for response in (shown, sent, client.get(sent.url)):
        assert not response.cookies
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]
    assert not client.cookies


@pytest.mark.parametrize("query", ["page=0", "page=x", f"page={'9' * 30}", "claim=0", "claim=-1"])
def test_what_is_not_there_cannot_be_asked_about(client, page, query):
    assert client.get(f"/report/?{query}").status_code == 404


def test_without_a_page_the_form_says_where_to_ask(client, page):
    assert "Open the page it stands on" in said(client.get("/report/"))


def test_a_draft_and_its_words_cannot_be_asked_about(client, page):
    draft = factories.draft(page=page, body="<p>Zebras met weekly.</p>")
    assert "Zebras" not in said(client.get(address(page)))
    assert client.get(address(factories.draft().page)).status_code == 404
    assert "do not stand on the page" in said(ask(client, page, sentence="Zebras met weekly."))
    assert draft.page.claims.filter(reports__isnull=False).count() == 0


def test_a_withdrawn_page_says_so_instead(client, page):
    token = token_in(client.get(address(page)))
    page_actions.withdraw(page, by=factories.people().editor, reason="It was wrong.")
    assert client.get(address(page)).status_code == 410
    answer = ask(client, page, token=token)
    assert answer.status_code == 410 and "It was wrong." in said(answer)
    with pytest.raises(WrongState, match="not published any more"):
        make(page)
    assert not Report.objects.exists()


# A question


def test_a_question_becomes_a_report_and_one_flag_of_a_reader(client, page):
    answer = ask(client, page, source="https://doi.org/10.1000/XYZ", email="reader@example.org")
    report = Report.objects.get()
    assert answer.status_code == 303 and answer.url == report.get_absolute_url()
    assert (report.sentence, report.reason, report.state) == (CITED, "overstated", "waiting")
    assert (report.source_given, report.email) == ("10.1000/xyz", "reader@example.org")
    flag = Flag.objects.open().get()
    assert (flag.origin, flag.severity, flag.claim) == ("reader", "advise", report.claim)
    assert report.flag == flag
    assert flag in Flag.objects.waiting()


def test_unsafe_advice_stops_publication_and_anything_else_advises(page):
    assert make(page, 1).flag.severity == "advise"
    graver = make(page, 2, reason="unsafe")
    graver.flag.refresh_from_db()
    assert (graver.flag.severity, graver.flag.reason) == ("block", "unsafe")
    assert make(page, 3).flag.severity == "block"


def test_the_same_question_joins_the_open_flag_and_is_counted(client, page):
    reports = [make(page, n) for n in range(3)]
    assert len({r.pk for r in reports}) == 3 and len({r.flag_id for r in reports}) == 1
    assert "2 others asked about the same sentence" in said(
        client.get(reports[0].get_absolute_url())
    )


def test_one_form_sent_twice_is_one_report(client, page):
    token = token_in(client.get(address(page)))
    first, second = ask(client, page, token=token), ask(client, page, token=token)
    assert first.url == second.url and Report.objects.count() == 1


def test_a_sentence_that_is_no_claim_yet_becomes_one(client, page):
    ask(client, page, sentence=PLAIN)
    claim = Report.objects.get().claim
    anchor = claim.anchors.get(revision=page.live_revision)
    assert claim.sentence == anchor.exact == PLAIN
    assert client.get(claim.get_absolute_url()).status_code == 200
    assert Event.objects.filter(verb="claim.made").exists()


def test_a_claim_made_by_a_question_also_stands_in_the_text_under_review(page):
    body = page.live_revision.content["body"]
    revision = factories.draft(page=page, title="Another title", body=body)
    page_actions.submit(revision, by=factories.people().author)
    report = make(page, sentence=PLAIN, reason="unsafe")
    assert report.claim.anchors.filter(revision=revision).exists()
    page_actions.approve(revision, by=factories.people().reviewer)
    with pytest.raises(Blocked, match="could harm somebody"):
        page_actions.publish(revision, by=factories.people().editor)


def test_a_claim_made_by_a_question_survives_the_next_save(page):
    report = make(page, sentence=PLAIN)
    factories.draft(page=page, body=page.live_revision.content["body"], title="Another title")
    report.refresh_from_db()
    assert report.state == "waiting" and report.claim.anchors.count() == 2


def test_a_question_leaves_what_was_decided_until_a_moderator_answers(page):
    claim = Claim.objects.get(sentence=CITED)
    before = claim.state
    make(page)
    claim.refresh_from_db()
    assert claim.state == before


# What is refused


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"sentence": "Nobody ever wrote this."}, "These words do not stand on the page now."),
        ({"sentence": ""}, "Choose the sentence you ask about."),
        ({"reason": ""}, "Choose what is wrong with the sentence."),
        ({"text": " \n "}, "Say in a few words why you ask"),
        ({"text": "x" * 1001}, "Use at most 1000 characters; you wrote 1001."),
        ({"source": "a man in the pub"}, "neither a DOI nor a web address"),
        ({"source": "javascript:alert(1)"}, "neither a DOI nor a web address"),
        ({"email": "nobody"}, "This is not an e-mail address."),
        ({"website": "https://spam.example"}, "A field that people cannot see was filled in"),
    ],
)
def test_a_form_that_is_not_right_is_refused_in_plain_words(client, page, changes, says):
    answer = ask(client, page, **changes)
    assert answer.status_code == 200 and says in said(answer)
    assert not Report.objects.exists() and not Flag.objects.open().exists()


def test_words_that_left_the_page_are_refused_by_the_action_too(page):
    with pytest.raises(WrongState, match="no sentence of"):
        make(page, sentence="Nobody ever wrote this.")
    assert not Report.objects.exists()


def test_a_thousand_characters_with_line_ends_fit(client, page):
    text = "x" * 498 + "\r\n\r\n" + "y" * 500
    assert ask(client, page, text=text).status_code == 303
    assert Report.objects.get().text == "x" * 498 + "\n\n" + "y" * 500


def test_signs_that_steer_text_are_left_out(client, page):
    ask(client, page, text="fine\u202egnorw\x07\x00 words")
    assert Report.objects.get().text == "finegnorw words"


def test_a_body_far_too_large_is_refused_before_it_is_read(client, page):
    answer = ask(client, page, text="x" * 70_000)
    assert answer.status_code == 413 and "far larger than this form" in said(answer)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "http://testserver"}, 303),
        ({}, 303),
    ],
)
def test_a_form_from_another_site_is_refused(client, page, headers, status):
    assert ask(client, page, headers=headers).status_code == status


def test_the_form_needs_no_csrf_cookie(page):
    assert ask(Client(enforce_csrf_checks=True), page).status_code == 303


def test_a_token_of_another_page_or_of_nobody_is_refused(client, page):
    other = token_in(client.get(address(factories.published_page())))
    for token in (other, "made-up", signing.dumps("x", salt="claims.report")):
        answer = ask(client, page, token=token)
        assert "not made for this page" in said(answer) and "once a month" in said(answer)
    assert not Report.objects.exists()


def test_an_old_form_is_refused_and_keeps_the_words(client, page, monkeypatch):
    token = token_in(client.get(address(page)))
    later = time.time() + report_guards.TOKEN_SECONDS + 60
    monkeypatch.setattr(signing.time, "time", lambda: later)
    answer = ask(client, page, token=token)
    assert "open for more than 12 hours" in said(answer) and "once a month" in said(answer)
    assert not Report.objects.exists()
    assert ask(client, page, token=token_in(answer)).status_code == 303


def test_a_flood_from_one_neighbourhood_is_stopped_and_others_are_not(client, page):
    most = report_guards.LIMITS[0][1]
    for number in range(most):
        client.defaults["REMOTE_ADDR"] = f"203.0.113.{number}"
        assert ask(client, page).status_code == 303
    answer = ask(client, page)
    assert answer.status_code == 429 and answer["Retry-After"]
    assert "in an hour" in said(answer) and "once a month" in said(answer)
    client.defaults["REMOTE_ADDR"] = "203.0.114.1"
    assert ask(client, page).status_code == 303
    assert Report.objects.count() == most + 1 and Flag.objects.open().count() == 1


def test_neighbours_of_ipv6_are_counted_together(rf):
    def may(last):
        return report_guards.may_ask(rf.post("/", REMOTE_ADDR=f"2001:db8:1:{last:x}::{last:x}"))

    answers = [may(n) for n in range(1, report_guards.LIMITS[0][1] + 2)]
    assert answers == [True] * report_guards.LIMITS[0][1] + [False]
    assert report_guards.may_ask(rf.post("/", REMOTE_ADDR="2001:db8:2::1"))


def test_no_address_is_kept_anywhere(client, page):
    client.defaults["REMOTE_ADDR"] = "203.0.113.77"
    ask(client, page)
    kept = f"{cache._cache}" + "".join(str(row) for row in Report.objects.values())
    kept += "".join(str(row) for row in Event.objects.values())
    assert "report-3600-" in kept and "203.0.113" not in kept


# HTML and links


def test_html_and_links_are_shown_as_text_to_moderators_and_to_nobody_else(client, page, people):
    ask(client, page, text=HTML, source="https://spam.example/?a=<b>")
    report = Report.objects.get()
    public = (report.claim.get_absolute_url(), page.get_absolute_url(), report.get_absolute_url())
    for url in public:
        assert "spam.example" not in client.get(url).content.decode()
    client.force_login(people.moderator)
    desk = client.get(reverse("admin:moderation-claim", args=[report.claim_id])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in desk
    assert "<script>alert(1)" not in desk and 'href="https://spam.example' not in desk


def test_a_refused_form_shows_html_as_text(client, page):
    html = ask(client, page, text=HTML, email='"><script>alert(2)</script>').content.decode()
    assert "<script>alert(" not in html


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


# What the database holds


def test_the_tables_hold_the_rules_by_themselves(page):
    report = make(page, email="reader@example.org")
    now = timezone.now()
    wrong = [
        {"text": ""},
        {"sentence": ""},
        {"token": ""},
        {"state": "odd"},
        {"closed_at": now},
        {"state": "decided", "email": ""},
        {"state": "decided", "closed_at": now},  # the address is still there
    ]
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(**values)


@pytest.mark.parametrize("field", ["token", "form_key"])
def test_no_two_reports_share_an_address_or_a_form(page, field):
    first, second = make(page, 1), make(page, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=second.pk).update(**{field: getattr(first, field)})


# Selected words


@pytest.mark.parametrize(
    "quote",
    ["one met week", CITED, f"{CITED[:-1]} [1]. {PLAIN[:12]}", "Group  one\nmet"],
    ids=["part", "whole", "over its end", "blanks"],
)
def test_what_a_reader_selected_chooses_its_sentence(client, page, quote):
    html = client.get("/report/", {"page": page.pk, "quote": quote}).content.decode()
    (chosen,) = re.findall(r'value="([^"]+)" checked', html)
    assert chosen == CITED


@pytest.mark.parametrize("quote", ["words that stand nowhere", "x" * 5000, HTML, " "])
def test_words_that_stand_nowhere_choose_nothing_and_harm_nothing(client, page, quote):
    html = client.get("/report/", {"page": page.pk, "quote": quote}).content.decode()
    assert "checked" not in html and "<script>alert" not in html


def test_every_page_offers_to_question_what_is_selected(client, page):
    html = client.get(page.get_absolute_url()).content.decode()
    assert f'data-ask="/report/?page={page.pk}"' in html and "ask/ask" in html
