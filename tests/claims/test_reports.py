"""Readers ask about a sentence: the form, the one flag, what each question does."""

import re

import pytest

from claims.models import Claim, Flag, Report
from editorial import actions as page_actions
from editorial.errors import Blocked, WrongState
from editorial.models import Event
from tests import factories

from .questions import CITED, HTML, PLAIN, address, ask, make, page_to_ask_about, said, token_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(people):
    return page_to_ask_about()


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
