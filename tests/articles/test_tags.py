"""What stands under a tag: published pages by title, and only as long as readers see them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from editorial import actions
from editorial.models import TaggedPage
from tests import factories

SLEEP = "/tags/sleep/"


@pytest.fixture
def sleepers(people):
    """Two published articles under one tag, the later title first."""
    return [factories.published_page(title=t, tags=["sleep"]) for t in ("Waking", "Dozing")]


def titles(client) -> list[str]:
    return [page.title for page in client.get(SLEEP).context["pages"]]


def retitled(page, title: str, people) -> None:
    revision = factories.draft(page=page, title=title, tags=["sleep"])
    actions.submit(revision, by=people.author)
    factories.decide_all(revision)
    actions.publish(actions.approve(revision, by=people.reviewer), by=people.editor)


def test_pages_stand_under_their_tag_by_the_titles_that_readers_see(client, people, sleepers):
    assert titles(client) == ["Dozing", "Waking"]
    factories.draft(page=sleepers[1], title="Zzz", tags=["sleep"])
    assert titles(client) == ["Dozing", "Waking"]  # a draft is not what readers see
    retitled(sleepers[0], "A nap", people)
    assert titles(client) == ["A nap", "Dozing"]


def test_a_withdrawn_page_leaves_its_tag_and_the_last_one_takes_the_tag_along(
    client, people, sleepers
):
    actions.withdraw(sleepers[0], by=people.editor, reason="It was wrong.")
    assert titles(client) == ["Dozing"]
    actions.withdraw(sleepers[1], by=people.editor, reason="So was this.")
    assert client.get(SLEEP).status_code == 404
    assert not TaggedPage.objects.shown().exists()


def test_the_list_is_read_from_an_index_and_not_sorted(client, sleepers):
    with CaptureQueriesContext(connection) as made:
        client.get(SLEEP)
    (listing,) = [q["sql"] for q in made if "LIMIT 2" in q["sql"] and "shown_title" in q["sql"]]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute("SET LOCAL enable_seqscan = off")
        ask = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
        cursor.execute(ask + listing)
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())
    assert "tagged_by_title" in plan
    assert "TEMP B-TREE" not in plan and "Sort" not in plan, plan
