"""Feeds are Atom that a strict reader accepts, with what readers may see."""

from lxml import etree

from claims import actions as claim_actions
from claims.models import Claim
from editorial import actions
from tests import factories

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client, address):
    response = client.get(address)
    assert response["Content-Type"].startswith("application/atom+xml")
    assert not response.cookies
    root = etree.fromstring(response.content)
    return root.findall(f"{ATOM}entry")


def test_articles_are_in_their_feed_the_newest_first(client, db):
    for title in ("First", "Second"):
        factories.published_page(title=title, summary="Fish & chips.")
    found = entries(client, "/feeds/articles.atom")
    assert [e.findtext(f"{ATOM}title") for e in found] == ["Second", "First"]
    assert found[0].findtext(f"{ATOM}summary") == "Fish & chips."
    assert found[0].find(f"{ATOM}link").get("href").endswith("/articles/second/")


def test_a_corrected_sentence_is_on_its_page_in_the_list_and_in_the_feed(client, db):
    people, source = factories.people(), factories.source()
    cite = f'<cite data-source="{source.key}"></cite>'
    page = factories.published_page(
        slug="meetings", body=f"<p>The group met every week {cite}.</p>"
    )
    claim = Claim.objects.get(page=page)
    claim_actions.raise_flag(claim, by=people.editor, reason="other", explanation="Monthly.")
    claim_actions.decide(claim, by=people.moderator, outcome="reword", reason="It was monthly.")
    revision = factories.draft(
        page=page,
        by=people.editor,
        slug="meetings",
        body=f"<p>Ten people gathered once in each month {cite}.</p>",
    )
    actions.submit(revision, by=people.editor)
    actions.approve(revision, by=people.reviewer)
    actions.publish(revision, by=people.editor)
    (entry,) = entries(client, "/feeds/corrections.atom")
    said = entry.findtext(f"{ATOM}summary")
    assert "It said: “The group met every week.”" in said and "It was monthly." in said
    for address in ("/corrections/", "/articles/meetings/"):
        words = client.get(address).content.decode()
        assert "The group met every week." in words and "It was monthly." in words
