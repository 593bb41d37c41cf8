"""What the form for readers' questions refuses, hides and never keeps."""

import time

import pytest
from django.core import signing
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims import report_guards
from claims.models import Flag, Report
from editorial.errors import WrongState
from editorial.models import Event
from tests import factories

from .questions import HTML, address, ask, make, page_to_ask_about, said, token_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(people):
    return page_to_ask_about()


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
