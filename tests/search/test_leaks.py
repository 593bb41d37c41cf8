"""Readers never find, and are never offered, a word that is not published."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from editorial import actions
from search import engine
from search.models import SearchEntry, SearchName
from tests import factories

pytestmark = pytest.mark.django_db

MARKS = {"title": "Quokkatitle", "summary": "Quokkasummary", "body": "<p>Quokkabody</p>"}
WORDS = ["quokkatitle", "quokkasummary", "quokkabody", "quokkaname", "quokkatag"]


def marked(kind="condition"):
    return MARKS | {"other_names": ["Quokkaname"], "tags": ["Quokkatag"]}


def seen(client, word):
    """Everything the site tells an anonymous reader about a word."""
    pages = [
        client.get("/api/v1/search", {"q": word}),
        client.get("/search/suggest/", {"q": word[:8]}),
        client.get("/search/suggest/", {"q": word}),
        client.get("/api/v1/search", {"q": word[:-1] + "x"}),
    ]
    assert [p.status_code for p in pages] == [200] * 4
    found = pages[0].json()
    offered = [s for p in pages[1:3] for s in p.json()]
    return found["count"], offered, pages[3].json()["did_you_mean"]


def test_the_marks_can_be_found_when_they_are_published(client, db):
    page = factories.published_page("condition", **marked())
    for word in WORDS:
        assert seen(client, word)[0] == 1
    count, offered, better = seen(client, "quokkatitle")
    assert {s["url"] for s in offered} == {page.get_absolute_url()}
    assert better == "quokkatitle"


def test_a_draft_is_never_seen(client, db):
    factories.draft("condition", **marked())
    factories.submitted("article", **MARKS)
    factories.approved("article", **MARKS | {"title": "Quokkatitle two"})
    assert [seen(client, word) for word in WORDS] == [(0, [], None)] * len(WORDS)


def test_a_scheduled_page_is_not_seen(client, people):
    revision = factories.approved("condition", **marked())
    actions.schedule(revision, by=people.editor, at=timezone.now() + timedelta(hours=1))
    assert [seen(client, word) for word in WORDS] == [(0, [], None)] * len(WORDS)


def test_a_withdrawn_page_is_not_seen_again(client, people):
    page = factories.published_page("condition", **marked())
    assert seen(client, "quokkatitle")[2] == "quokkatitle"  # its words are in memory now
    actions.withdraw(page, by=people.moderator, reason="It was wrong.")
    assert [seen(client, word) for word in WORDS] == [(0, [], None)] * len(WORDS)
    assert not SearchEntry.objects.exists() and not SearchName.objects.exists()


def test_words_of_a_new_revision_take_the_place_of_the_old_ones(client, people):
    page = factories.published_page("condition", **marked())
    revision = factories.draft("condition", page=page, **marked() | {"title": "Wombattitle"})
    assert seen(client, "wombattitle") == (0, [], None)
    revision = actions.submit(revision, by=people.author)
    actions.publish(actions.approve(revision, by=people.reviewer), by=people.editor)
    assert seen(client, "wombattitle")[0] == 1
    assert seen(client, "quokkatitle") == (0, [], None)


def test_a_publication_that_fails_leaves_no_words_behind(client, people, monkeypatch):
    from editorial import registry

    def refuse(changes):
        raise RuntimeError("a later listener fails")

    monkeypatch.setattr(registry, "_changed_listeners", [*registry._changed_listeners, refuse])
    with pytest.raises(RuntimeError):
        factories.published_page("condition", **marked())
    assert [seen(client, word) for word in WORDS] == [(0, [], None)] * len(WORDS)


def test_a_rebuild_indexes_what_is_published_and_nothing_else(client, people, capsys):
    page = factories.published_page("condition", **marked())
    gone = factories.published_page(title="Wombattitle")
    factories.draft(title="Numbattitle")
    engine.remove([page.pk])
    # As if a crash of the past had left a withdrawn page in the index.
    actions.withdraw(gone, by=people.moderator, reason="It was wrong.")
    engine.index(gone.specific)
    call_command("rebuild_search", batch=1)
    assert "Indexed 1 published page. Removed 1 that are not published." in capsys.readouterr().out
    assert seen(client, "quokkabody")[0] == 1
    assert seen(client, "wombattitle") == (0, [], None)
    assert seen(client, "numbattitle") == (0, [], None)


def test_a_stray_entry_is_still_not_shown(client, people):
    gone = factories.published_page("condition", **marked())
    actions.withdraw(gone, by=people.moderator, reason="It was wrong.")
    engine.index(gone.specific)
    assert engine.search("quokkatitle").results == []
    assert engine.suggest("quokkatitle") == []
