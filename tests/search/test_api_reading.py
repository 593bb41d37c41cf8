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
        ("pages?limit=0", 422),
        ("pages?limit=101", 422),
        ("pages?offset=-1", 422),
        ("pages?offset=99999999999999999999", 422),
        ("pages?offset=10000", 200),
        ("claims/99999999999999999999999", 404),
        ("claims/0", 404),
        ("pages/%00/%00", 404),
        ("sources/%00", 404),
        ("assessments?therapy=%00", 422),
        ("pages?kind=%00", 422),
        ("search", 422),
        ("search?q=lupus&kind=nothing", 400),
        ("search?q=lupus&page=x", 422),
        ("search?q=lupus&condition=%00", 400),
        ("search?q=lupus&therapy=nothing-such", 400),
        ("search?q=%00", 200),
        ("nothing-such", 404),
        ("assessments/%00/x", 404),
    ],
)
def test_odd_requests_are_answered_plainly(client, db, address, status):
    assert client.get(f"/api/v1/{address}").status_code == status


def test_lists_are_read_in_pieces(client, db):
    keys = [factories.source().key for _ in range(5)]
    first, rest = get(client, "sources", limit=2)[1], get(client, "sources", limit=9, offset=2)[1]
    assert first["count"] == rest["count"] == 5
    assert [s["key"] for s in first["items"] + rest["items"]] == keys


@pytest.mark.parametrize("address", ["pages", "sources/example-2020", "search?q=lupus"])
def test_what_has_not_changed_is_not_sent_again(client, db, address):
    source = factories.source(key="example-2020")
    first = client.get(f"/api/v1/{address}")
    etag = first.headers["ETag"]
    again = client.get(f"/api/v1/{address}", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    factories.published_page("condition", title="Lupus")
    type(source).objects.update(year=1999)
    assert client.get(f"/api/v1/{address}", headers={"If-None-Match": etag}).status_code == 200


def test_any_site_may_ask_and_mistakes_are_answered_in_json(client, db):
    for response in (
        client.get("/api/v1/pages", headers={"Origin": "https://example.org"}),
        client.options("/api/v1/pages", headers={"Origin": "https://example.org"}),
        client.get("/api/v1/nothing-such"),
        client.post("/api/v1/pages"),
        client.get("/api/v1/pages?limit=x"),
    ):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        if response.status_code >= 400:
            assert response.json()["detail"]
    assert "Access-Control-Allow-Origin" not in client.get("/").headers


def test_an_assessment_carries_its_direction_footing_figures_and_version(client, people):
    therapy, condition = factories.therapy(title="Rest"), factories.condition(title="Morphoea")
    made = factories.assessment(therapy, condition, sources=[factories.source(key="example-2020")])
    made.refresh_from_db()
    row = get(client, "assessments/rest/morphoea")[1]
    for name in ("certainty", "direction", "stage", "footing", "summary", "note", "main_harm"):
        assert row[name] == getattr(made, name)
    assert row["version"] == made.version.number
    assert len(row["outcomes"]) == made.version.outcomes.count()
    assert row == get(client, "assessments")[1]["items"][0]
    assert get(client, "assessments/rest/nothing")[0] == 404
