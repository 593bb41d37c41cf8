"""The read API shows what readers see, and no more."""

import pytest

from editorial import actions
from tests import factories

pytestmark = pytest.mark.django_db


def get(client, address, **query):
    response = client.get(f"/api/v1/{address}", query)
    return response.status_code, response.json()


def test_pages_are_listed_and_read_only_while_they_are_published(client, people):
    shown = factories.published_page("condition", title="Morphoea", other_names=["localised"])
    factories.draft(title="Not yet")
    gone = factories.published_page(title="No longer")
    actions.withdraw(gone, by=people.moderator, reason="It was wrong.")
    status, answer = get(client, "pages")
    assert (status, answer["count"]) == (200, 1)
    assert [p["url"] for p in answer["items"]] == [shown.get_absolute_url()]
    assert get(client, "pages", kind="article")[1] == {"count": 0, "items": []}
    full = get(client, "pages/condition/morphoea")[1]
    assert full["body_html"] == shown.body and full["other_names"] == ["localised"]
    assert full["reviewed_by"] == people.reviewer.display_name
    for slug in ("not-yet", "no-longer", "never-was"):
        assert get(client, f"pages/article/{slug}")[0] == 404


def test_assessments_of_published_pairs_only(client, people):
    therapy, condition = factories.therapy(title="Rest"), factories.condition(title="Morphoea")
    source = factories.source(key="example-2020")
    factories.assessment(therapy, condition, sources=[source])
    (row,) = get(client, "assessments", therapy="rest")[1]["items"]
    assert (row["condition"], row["certainty"], row["sources"]) == (
        "morphoea",
        "low",
        ["example-2020"],
    )
    assert get(client, "assessments", condition="rest")[1]["count"] == 0
    actions.withdraw(therapy, by=people.moderator, reason="It was wrong.")
    assert get(client, "assessments")[1] == {"count": 0, "items": []}


def test_claims_of_live_text_with_the_sources_cited_there(client, people):
    factories.source(key="example-2020")
    body = '<p>Rest eased pain in a trial of 40 people.<cite data-source="example-2020"></cite></p>'
    page = factories.published_page(title="Rest", body=body)
    factories.draft(title="Later", body=body.replace("Rest", "Quokkas"))
    claim = page.claims.get()
    status, answer = get(client, f"claims/{claim.pk}")
    assert status == 200
    assert answer["sentence"] == "Rest eased pain in a trial of 40 people."
    assert (answer["page_title"], answer["sources"]) == ("Rest", ["example-2020"])
    assert "Quokkas" not in client.get("/api/v1/claims").content.decode()
    actions.withdraw(page, by=people.moderator, reason="It was wrong.")
    assert get(client, f"claims/{claim.pk}")[0] == 404


def test_sources_are_read_by_key(client, db):
    source = factories.source(key="example-2020", year=2020)
    assert get(client, "sources")[1]["count"] == 1
    answer = get(client, "sources/example-2020")[1]
    assert (answer["url"], answer["year"]) == (source.get_absolute_url(), 2020)
    assert get(client, "sources/nobody-1999")[0] == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("pages?page=0", 422),
        ("pages?page=99999999999999999999", 422),
        ("pages?page=10000", 200),
        ("claims/99999999999999999999999", 404),
        ("claims/0", 404),
        ("pages/%00/%00", 404),
        ("sources/%00", 404),
        ("assessments?therapy=%00", 422),
        ("pages?kind=%00", 422),
        ("search", 422),
        ("search?q=lupus&kind=nothing", 400),
        ("search?q=lupus&page=x", 422),
    ],
)
def test_odd_requests_are_answered_plainly(client, db, address, status):
    assert client.get(f"/api/v1/{address}").status_code == status
