"""The index itself: what a search costs, who may ask, and that it can be taken down again."""

import json
import os

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from search import engine
from search.models import SearchEntry
from tests import factories

pytestmark = pytest.mark.django_db

DATABASE = os.environ.get("TESTS_EXPECT", "sqlite")


def test_these_tests_run_on_the_database_that_is_meant():
    assert connection.vendor == DATABASE


@pytest.mark.parametrize(
    "text",
    ["lupus", "SLE", "lupus family", "lupsu", "butterfly rituximab", "zzzzzz", "people", "CD", ""],
)
@pytest.mark.parametrize("address", ["/search/", "/api/v1/search"])
def test_a_search_takes_at_most_six_queries(client, library, text, address):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address, {"q": text}).status_code == 200
    asked = [q["sql"] for q in queries if q["sql"].lstrip("(").startswith("SELECT")]
    assert len(asked) <= 6, "\n".join(asked)
    # What was not found is counted, once a day; PostgreSQL takes a savepoint for that.
    assert len(queries) <= len(asked) + (1 if connection.vendor == "sqlite" else 3)


def test_a_suggestion_takes_at_most_four_queries(client, library):
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/search/suggest/", {"q": "lup"}).json()
    assert len(queries) <= 4


def test_the_page_the_api_and_the_suggestions_tell_the_same(client, library):
    page = client.get("/search/", {"q": "SLE"})
    answer = client.get("/api/v1/search", {"q": "SLE"}).json()
    shown = [r.url for r in page.context["results"]]
    assert [r["url"] for r in answer["results"]] == shown
    assert (answer["count"], answer["did_you_mean"]) == (page.context["count"], None)
    html = page.content.decode()
    places = [html.index(f'href="{url}"') for url in shown]
    assert places == sorted(places)
    offered = client.get("/search/suggest/", {"q": "SLE"}).json()
    assert offered == client.get("/api/v1/search/suggest", {"q": "SLE"}).json()
    assert offered[0] == {
        "title": "Systemic lupus erythematosus",
        "url": shown[0],
        "kind": "condition",
        "name": "SLE",
    }


@pytest.mark.parametrize("address", ["/search/", "/search/suggest/", "/api/v1/search"])
def test_anybody_may_ask_and_gets_no_cookie(client, library, address):
    for ask in (client.get, client.head):
        response = ask(address, {"q": "lupus"})
        assert response.status_code == 200 and not response.cookies
    for ask in (client.post, client.put, client.patch, client.delete):
        assert ask(address).status_code == 405


def test_a_search_uses_indexes(library):
    plan = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # the tables are tiny here
        engine.search("lupus sle")
        engine.suggest("lup")
        asked = [q["sql"] for q in queries if q["sql"].startswith("SELECT")]
        plans = [(sql, _plan(cursor, plan + sql)) for sql in asked]
    assert len(plans) >= 6
    for sql, text in plans:
        assert "Seq Scan" not in text, f"{sql}\n{text}"
        lines = [line for line in text.splitlines() if line.lstrip().startswith("SCAN")]
        # FTS5 calls every look-up in its index a scan; one of a subquery's few rows is no matter.
        full = [li for li in lines if "VIRTUAL TABLE INDEX" not in li and "CONSTANT" not in li]
        assert not [li for li in full if "search_" in li or "editorial_" in li], f"{sql}\n{text}"


def _plan(cursor, sql) -> str:
    cursor.execute(sql)
    return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_deleting_an_entry_by_whatever_way_takes_its_words_out(library):
    page = factories.published_page(title="Quokkatitle")
    SearchEntry.objects.filter(pk=page.pk).delete()
    assert engine.search("quokkatitle").count == 0


def test_every_name_is_kept_once_and_only_if_it_has_letters(db):
    page = factories.published_page(
        "condition", title="Morphoea", other_names=["MORPHOEA", "—", "localised", "localised"]
    )
    names = page.search_entry.names.order_by("role", "name")
    assert [(n.name, n.key) for n in names] == [
        ("Morphoea", "morphoea"),
        ("localised", "localised"),
    ]


def test_a_very_long_page_can_be_published_and_found(db):
    body = "<p>" + " ".join(f"word{n}" for n in range(60_000)) + "</p>"
    page = factories.published_page(title="Long", summary="x" * 9000)
    page.body = body
    engine.index(page)
    assert engine.search("word12").count == 1


def test_the_api_describes_itself(client, db):
    document = client.get("/api/v1/openapi.json").json()
    ways = [way for path in document["paths"].values() for way in path.values()]
    assert len({way["operationId"] for way in ways}) == len(ways) > 5
    assert {name for path in document["paths"].values() for name in path} == {"get"}
    assert document["info"]["version"] == "1"
    assert "/api/v1/search" in document["paths"]
    assert "cdn" not in json.dumps(document)
    assert client.get("/api/v1/docs").status_code == 404
