"""What narrows the results, and that each number is what following it gives."""

from urllib.parse import urlencode

import pytest
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser as Parser

from claims.models import Claim
from editorial import actions
from editorial.models import Page
from search import claim_index, engine, facets
from search.facets import Limits
from search.models import SearchClaim
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(people):
    """Two conditions and two therapies with two assessments, and articles about them."""
    lupus = factories.condition(title="Lupus", body="<p>Tiredness is usual.</p>")
    morphoea = factories.condition(title="Morphoea", body="<p>Tiredness is rare.</p>")
    rest = factories.therapy(title="Rest", body="<p>For tiredness.</p>")
    walks = factories.therapy(title="Walks", body="<p>Against tiredness.</p>")
    factories.assessment(rest, lupus, certainty="low")
    factories.assessment(walks, morphoea, certainty="very low")
    about = {"conditions": [lupus.pk], "therapies": [rest.pk]}
    factories.published_page(title="Tiredness and rest", **about)
    factories.published_page(title="Tiredness at work", conditions=[lupus.pk, morphoea.pk])
    old = factories.published_page(title="Tiredness in old books")
    Page.objects.filter(pk=old.pk).update(reviewed_at=timezone.now() - timezone.timedelta(days=500))
    facets.refresh([old.pk])
    return {"lupus": lupus, "rest": rest, "old": old}


def numbers(found) -> dict:
    return {f.name: {c.value: c.count for c in f.choices} for f in found.facets}


def test_the_choices_and_their_numbers(shelf):
    assert numbers(engine.search("tiredness")) == {
        "kind": {"article": 3, "condition": 2, "therapy": 2},
        "condition": {"lupus": 4, "morphoea": 3},
        "therapy": {"rest": 3, "walks": 2},
        "certainty": {"low": 3, "very-low": 2},
        "reviewed": {"6": 6, "12": 6, "24": 7},
    }


@pytest.mark.parametrize(
    "chosen", ["", "kind=article", "condition=lupus", "certainty=low", "reviewed=12&kind=therapy"]
)
def test_every_number_is_what_following_it_gives(client, shelf, chosen):
    page = Parser(client.get(f"/search/?q=tiredness&{chosen}").content.decode())
    links = page.css(".found-facets a, .filter a")
    followed = 0
    for link in links:
        count = link.css_first("span:not(.unseen)")
        if count is None or link.attributes.get("aria-current"):
            continue
        address = link.attributes["href"]
        address = address if address.startswith("/") else f"/search/{address}"
        assert client.get(address).context["count"] == int(count.text()), address
        followed += 1
    assert followed > 3


def test_a_choice_can_be_taken_back_and_is_told_to_everybody(client, shelf):
    page = Parser(client.get("/search/?q=tiredness&condition=lupus").content.decode())
    (chosen,) = page.css(".found-facets a[aria-current]")
    assert chosen.text(strip=True).startswith("Remove:")
    assert "condition" not in chosen.attributes["href"]


def test_what_was_changed_since_counts_at_once(shelf, people):
    factories.assessment(shelf["rest"], shelf["lupus"], certainty="high")
    assert numbers(engine.search("tiredness"))["certainty"] == {"high": 3, "very-low": 2}
    actions.withdraw(shelf["rest"], by=people.moderator, reason="It was wrong.")
    found = numbers(engine.search("tiredness"))
    assert "rest" not in found["therapy"] and found["kind"]["therapy"] == 1


def test_odd_limits_are_passed_over_on_the_page(client, shelf):
    everything = client.get("/search/?q=tiredness").context["count"]
    odd = {"kind": "x", "condition": "no-such", "therapy": "\0", "certainty": "%", "reviewed": "7"}
    answer = client.get("/search/?q=tiredness&" + urlencode(odd))
    assert (answer.status_code, answer.context["count"]) == (200, everything)


def test_nothing_within_the_limits_leads_back_to_everything(client, shelf):
    html = client.get("/search/?q=walks&condition=lupus&kind=article").content.decode()
    assert 'href="/search/?q=walks">Search everything for it' in html


def test_matches_beyond_counting_are_found_without_numbers(shelf, monkeypatch):
    monkeypatch.setattr(engine, "MOST_COUNTED", 3)
    found = engine.search("tiredness")
    assert (found.count, found.facets) == (7, [])
    assert engine.search("tiredness", limits=Limits(kind="article")).count == 3


@pytest.fixture
def claim(db):
    """A claim that nobody has decided yet, on a published page."""
    body = "<p>Rest eased pain and is a proven cure for fatigue.</p>"
    claim = factories.published_page(title="Rest", body=body).claims.get()
    Claim.objects.update(state=Claim.State.OPEN)
    claim_index.refresh([claim.page_id])
    return claim


def test_a_claim_is_a_result_of_its_own(client, claim, people):
    found = engine.search("eased pain")
    assert [c.url for c in found.claims] == [claim.get_absolute_url()]
    assert "<mark>eased</mark>" in found.claims[0].snippet
    answer = client.get("/search/?q=eased+pain&kind=claim")
    assert answer.context["count"] == found.claim_count == 1
    assert f'href="{claim.get_absolute_url()}"' in answer.content.decode()
    assert client.get("/api/v1/search?q=eased+pain").json()["claims"][0]["kind"] == "claim"


def test_a_claim_goes_with_its_page(claim, people):
    actions.withdraw(claim.page, by=people.moderator, reason="It was wrong.")
    assert engine.search("eased pain", kind="claim").count == 0
    assert not SearchClaim.objects.exists()


def test_a_sentence_that_claims_nothing_is_no_result(claim):
    Claim.objects.update(state=Claim.State.NOT_A_CLAIM)
    assert engine.search("eased pain").claim_count == 0
    assert engine.search("eased pain", kind="claim").results == []
