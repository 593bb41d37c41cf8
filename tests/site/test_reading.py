"""What a reader finds around a text: the card at a sentence, versions, the order of need."""

from datetime import timedelta

import html5lib
import pytest
from django.urls import reverse
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from claims import actions as claim_actions
from claims.models import Claim
from editorial import actions
from editorial.models import Page
from editorial.text import Document
from tests import factories

from .conftest import body_citing
from .test_pages import text_of, tree_of

LONG = "".join(
    f"<h2>Part {n}</h2><p>{'Many people plan their days around it. ' * 20}</p>" for n in "ABC"
)


def strict(response):
    """The page's tree; html5lib refuses HTML that is not valid."""
    html5lib.HTMLParser(strict=True).parse(response.content.decode())
    return LexborHTMLParser(response.content)


def test_the_card_of_a_sentence_says_what_it_rests_on_and_how_to_challenge_it(client, site):
    response = client.get(site.claim.get_absolute_url() + "?part=card")
    card = strict(response).css_first("[data-claim-card]")
    words = " ".join(card.text().split())
    assert "Not decided" in words and site.source.label in words and "cited, not confirmed" in words
    assert card.css_first(f'a[href="/report/?claim={site.claim.pk}"]') is not None
    assert f"claim:{site.claim.pk}" in response.page_keys
    assert response.page_params_answered == {"part": "card"}


def test_a_card_names_the_certainty_of_the_pair_that_its_sentence_is_about(client, site):
    Claim.objects.filter(pk=site.claim.pk).update(therapy=site.therapy, condition=site.condition)
    card = tree_of(client.get(site.claim.get_absolute_url() + "?part=card"))
    assert "Low certainty" in " ".join(card.text().split())


def test_a_long_text_has_a_table_of_contents_that_leads_to_its_headings(client, db):
    page = factories.published_page(body=LONG)
    tree = strict(client.get(page.get_absolute_url()))
    links = [a.attributes["href"] for a in tree.css(".contents a")]
    assert links == ["#part-part-a", "#part-part-b", "#part-part-c"]
    assert all(tree.css_first(f"[id='{link[1:]}']").tag == "h2" for link in links)
    assert "2 min to read" in " ".join(tree.css_first(".byline").text().split())


def test_two_headings_of_the_same_words_have_ids_of_their_own(client, db):
    page = factories.published_page(body=LONG + "<h2>Part A</h2><p>Again.</p>")
    tree = strict(client.get(page.get_absolute_url()))
    assert tree.css_first(".contents li:last-child a").attributes["href"] == "#part-part-a-2"


def test_what_to_read_next_shares_a_topic(client, site):
    other = factories.published_page(title="More on rest", therapies=[site.therapy.pk])
    factories.published_page(title="Something else")
    words = text_of(client, site.article.get_absolute_url())
    assert other.title in words and "Something else" not in words


@pytest.fixture
def changed(db):
    """An article that was published twice, with a draft beside."""
    people = factories.people()
    page = factories.published_page(
        title="Told", slug="told", body="<p>We meet on Mondays in the hall.</p>"
    )
    later = "<p>We meet on Fridays in the hall.</p>"
    revision = factories.draft(page=page, title="Told", slug="told", body=later)
    revision = actions.submit(revision, by=people.author)
    factories.decide_all(revision)
    actions.publish(actions.approve(revision, by=people.reviewer), by=people.editor)
    factories.draft(page=page, slug="told", body="<p>We meet in secret.</p>")
    return Page.objects.get(pk=page.pk)


def test_every_version_that_readers_saw_keeps_its_address(client, changed):
    old = client.get("/articles/told/versions/1/")
    tree = strict(old)
    words = " ".join(tree.text().split())
    assert "We meet on Mondays" in words and "This is version 1." in words
    assert tree.css_first('meta[name="robots"]').attributes["content"] == "noindex"
    assert tree.css_first('link[rel="canonical"]').attributes["href"].endswith("/articles/told/")
    assert f"page:{changed.pk}" in old.page_keys
    new = strict(client.get("/articles/told/versions/2/"))
    assert new.css_first(".changed ins") is not None
    assert "Mondays" in new.css_first(".changed del").text()


def test_readers_never_reach_a_version_that_was_not_published(client, changed):
    assert client.get("/articles/told/versions/3/").status_code == 404
    words = " ".join(strict(client.get("/articles/told/versions/")).text().split())
    assert "Version 2 what the page says now" in words and "Version 3" not in words
    actions.withdraw(changed, by=factories.people().editor, reason="It was wrong.")
    assert client.get("/articles/told/versions/1/").status_code == 404


def test_a_citation_names_the_version_that_was_read(client, changed):
    tree = tree_of(client.get("/articles/told/"))
    assert "/articles/told/versions/2/" in tree.css_first("#citation-text").text()


def test_a_review_that_is_past_due_is_said_in_the_trust_block(client, site):
    day = timezone.localdate() - timedelta(days=1)
    Page.objects.filter(pk=site.article.pk).update(review_due=day)
    tree = tree_of(client.get(site.article.get_absolute_url()))
    assert "which is past" in tree.css_first("#trust .bad").text()


def test_the_trust_block_says_what_the_reviewer_declared_and_checked(client, db):
    people = factories.people()
    people.reviewer.interests = "Speaks for a maker of pills."
    people.reviewer.save()
    revision = factories.submitted(slug="mine")
    factories.decide_all(revision)
    revision = actions.approve(revision, by=people.reviewer, note="Every dose.")
    actions.publish(revision, by=people.editor)
    words = text_of(client, "/articles/mine/")
    assert "Interests: Speaks for a maker of pills." in words and "Checked: Every dose." in words


def test_a_condition_answers_in_the_order_of_need(client, db):
    parts = {
        "questions": "<p>Who can I call?</p>",
        "help_now": "<ul><li>you cannot breathe</li></ul>",
        "key_messages": "<ul><li>Rest is fine.</li></ul>",
        "diagnosis": "<p>A nurse looks.</p>",
    }
    page = factories.published_page(kind="condition", title="Lupus", **parts)
    tree = strict(client.get(page.get_absolute_url()))
    titles = [node.text(strip=True) for node in tree.css("main h2, main h3")]
    wanted = [
        "What matters most",
        "When to get help",
        "Call 999 or go to A&E now if",
        "How it is found",
        "Treatments, and how sure anyone can be",
        "Questions to ask",
        "Can you trust this page?",
    ]
    assert [title for title in titles if title in wanted] == wanted
    assert "Pregnancy" not in titles  # an empty part is not shown


def test_a_therapy_says_when_its_cost_is_not_known(client, db):
    page = factories.published_page(kind="therapy", title="Rest")
    assert "Cost and availability Not known here." in text_of(client, page.get_absolute_url())


def test_what_stands_in_a_part_is_checked_cited_and_corrected_like_the_body(client, db):
    source = factories.source()
    part = "<p>Rest cures lupus completely.</p>"
    revision = factories.submitted(kind="condition", title="Lupus", living=part)
    assert revision.anchors.filter(exact__startswith="Rest cures").exists()
    page = factories.published_page(kind="condition", title="Gout", causes=body_citing(source))
    tree = strict(client.get(page.get_absolute_url()))
    assert tree.css_first("#at-causes") is not None and tree.css_first("#ref-1") is not None


def test_parts_stand_in_readers_order_and_leave_a_plain_body_as_it_is():
    body = "<p>In the middle.</p>"
    assert Document.of({"title": "T", "body": body}).text == Document("T", "", body).text
    content = {"title": "T", "questions": "<p>Last?</p>", "body": body, "about": "<p>First.</p>"}
    assert Document.of(content).text == "T\nFirst.\nIn the middle.\nLast?"


def test_words_of_a_part_are_found_by_search(client, db):
    page = factories.published_page(kind="condition", title="Gout", looks="<p>Crimson toes.</p>")
    assert page.get_absolute_url() in client.get("/search/?q=crimson").content.decode()


def test_reviewers_see_which_part_of_a_page_they_read(client, db):
    people = factories.people()
    page = factories.draft(kind="condition", help_now="<ul><li>you cannot breathe</li></ul>").page
    client.force_login(people.reviewer)
    address = reverse("admin:therapies_condition_review", args=[page.pk])
    shown = " ".join(client.get(address).content.decode().split())
    assert '<p class="desk-part">Help now</p><ul><li>you cannot breathe</li></ul>' in shown


def test_the_trust_block_counts_sources_that_a_person_confirmed(client, site, people):
    claim_actions.raise_flag(
        site.claim, by=people.moderator, reason="not_supported", explanation="Is it so?"
    )
    claim_actions.decide(
        site.claim,
        by=people.moderator,
        outcome="supported",
        reason="The paper says so.",
        sources=[site.source],
        passages={site.source.pk: "Table 2"},
    )
    trust = tree_of(client.get(site.article.get_absolute_url())).css_first("#trust")
    said = " ".join(trust.text(separator=" ").split())
    assert "1 cited, 1 confirmed by a person to support a sentence here" in said
