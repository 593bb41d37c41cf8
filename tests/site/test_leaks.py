"""Nothing of a draft reaches readers, by any address."""

import pytest

from claims.models import Claim
from editorial import actions
from tests import factories

from .conftest import body_citing

FEEDS = ["/feeds/articles.atom", "/feeds/corrections.atom"]
SECRET = "Zebrafish"


@pytest.fixture
def drafts(site):
    """Unpublished pages of each kind, and an unpublished change of a published page."""
    source = factories.source()
    body = f"<p>{SECRET} met weekly <cite data-source='{source.key}'></cite>.</p>"
    new = [
        factories.draft(kind, title=f"{SECRET} {kind}", slug=f"secret-{kind}", tags=["hidden"])
        for kind in ("article", "condition", "therapy")
    ]
    changed = factories.draft(
        page=site.article, by=factories.people().editor, title=f"{SECRET} new", body=body
    )
    return [*new, changed]


def test_drafts_are_not_there(client, drafts):
    for kind in ("articles", "conditions", "therapies"):
        assert client.get(f"/{kind}/secret-{kind.rstrip('s')}/").status_code == 404
    assert client.get("/therapies/secret-therapy/").status_code == 404
    assert client.get("/tags/hidden/").status_code == 404


def test_no_page_and_no_feed_shows_words_of_a_draft(client, site, drafts):
    for address in [*site.addresses.values(), *FEEDS, f"/search/?q={SECRET}"]:
        response = client.get(address)
        assert response.status_code == 200, address
        shown = response.content.decode().replace(f"“{SECRET}”", "").replace(f'"{SECRET}"', "")
        assert SECRET not in shown.replace(f"Search: {SECRET}", ""), address


def test_a_claim_of_a_draft_is_not_there(client, drafts):
    claim = Claim.objects.get(sentence__startswith=SECRET)
    assert client.get(claim.get_absolute_url()).status_code == 404


def test_a_claim_is_not_there_any_more_when_its_page_is_withdrawn(client, site):
    actions.withdraw(site.article, by=factories.people().editor, reason="It was wrong.")
    assert client.get(site.claim.get_absolute_url()).status_code == 404
    assert site.claim.get_absolute_url() not in client.get("/claims/").content.decode()


def test_a_claim_shows_the_words_readers_see_not_those_of_a_later_draft(client, site):
    Claim.objects.filter(pk=site.claim.pk).update(sentence=f"{SECRET} met weekly.")
    for address in (site.claim.get_absolute_url(), "/claims/", site.article.get_absolute_url()):
        assert SECRET not in client.get(address).content.decode()


def test_a_source_that_only_a_draft_cites_is_not_shown_as_cited(client, site):
    hidden = factories.source(title=f"{SECRET} trial")
    body = body_citing(site.source).replace(
        "</cite>", f"</cite><cite data-source='{hidden.key}'></cite>"
    )
    factories.draft(page=site.article, by=factories.people().editor, body=body)
    assert hidden in site.claim.sources.all()
    assert SECRET not in client.get(site.claim.get_absolute_url()).content.decode()
    assert "Does rest help?" not in client.get(hidden.get_absolute_url()).content.decode()


def test_an_assessment_is_public_only_with_both_of_its_pages(client, site):
    actions.withdraw(site.therapy, by=factories.people().editor, reason="Out of date.")
    assert client.get("/evidence/rest/lupus/").status_code == 404
    assert "Rest" not in client.get("/evidence/").content.decode().split("<main")[1]
    assert "/therapies/rest/" not in client.get(site.condition.get_absolute_url()).content.decode()
