"""Readers' pages kept as finished bytes: what is kept, who gets it, and when it goes."""

import gzip
import sqlite3
import threading
from itertools import count

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.http import HttpResponse
from django.utils import timezone

from autoimmune_site.models import StaleMark
from autoimmune_site.page_cache import marks, watch
from autoimmune_site.page_cache.application import PageCache
from claims import actions as claim_actions
from editorial import actions, freshness, previewing
from editorial.errors import Refused
from evidence import merging
from tests import factories

from .wsgi_client import ask

MB = 1024 * 1024


@pytest.fixture(autouse=True)
def _one_connection():
    """The test's own connection serves every request, as django.test.Client has it."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


class Counting:
    """Django, and how often it was asked."""

    def __init__(self):
        self.django = WSGIHandler()
        self.asked = []

    def __call__(self, environ, start_response):
        self.asked.append(environ["PATH_INFO"])
        return self.django(environ, start_response)


def cache_of(limit=8 * MB) -> PageCache:
    """A page cache whose every answer looks for new marks, however little time has passed."""
    clock = count()
    cache = PageCache(Counting(), limit)
    cache.watch._now = lambda: float(next(clock))
    return cache


@pytest.fixture
def cache(db):
    return cache_of()


@pytest.fixture
def article(db):
    return factories.published_page(title="Rest and lupus", slug="rest-and-lupus")


def test_the_second_reader_gets_the_same_bytes_without_django(cache, article):
    first = ask(cache, "/articles/rest-and-lupus/")
    second = ask(cache, "/articles/rest-and-lupus/")
    assert first == second and first.status == 200
    assert b"Rest and lupus" in first.body
    assert cache.django.asked == ["/articles/rest-and-lupus/"]


def test_a_page_names_its_stylesheet_and_script_ahead_of_itself(cache, article):
    for _ in range(2):  # made, and from memory
        answer = ask(cache, "/articles/rest-and-lupus/")
        for link in answer.headers["link"].split(", "):
            address = link[1 : link.index(">")]
            assert f'"{address}"'.encode() in answer.body and "rel=preload" in link
    assert "link" not in ask(cache, "/api/v1/openapi.json").headers


def test_an_unchanged_page_costs_a_304(cache, article):
    etag = ask(cache, "/articles/rest-and-lupus/").headers["etag"]
    assert not etag.startswith("W/")
    for wanted in (etag, f'"other", W/{etag}', "*"):
        answer = ask(cache, "/articles/rest-and-lupus/", If_None_Match=wanted)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["etag"] == etag
        assert "content-length" not in answer.headers
    assert ask(cache, "/articles/rest-and-lupus/", If_None_Match='"other"').status == 200


@pytest.mark.parametrize(
    ("header", "packed"),
    [
        ("gzip, deflate, br", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("*", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip;q=0.2, identity;q=0.9", False),
        ("gzip;q=much", False),
        ("gzip;q=-1", False),
        ("zstd", False),
        ("gzip," * 400, False),
    ],
)
def test_gzip_is_sent_to_those_who_take_it(cache, article, header, packed):
    plain = ask(cache, "/articles/rest-and-lupus/")
    answer = ask(cache, "/articles/rest-and-lupus/", Accept_Encoding=header)
    assert ("content-encoding" in answer.headers) == packed
    assert (gzip.decompress(answer.body) if packed else answer.body) == plain.body
    assert (answer.headers["etag"] != plain.headers["etag"]) == packed
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert answer.headers["vary"] == "Accept-Encoding"


def test_head_answers_with_the_headers_of_get(cache, article):
    page = ask(cache, "/articles/rest-and-lupus/")
    head = ask(cache, "/articles/rest-and-lupus/", "HEAD")
    assert head.body == b"" and head.headers == page.headers


def test_a_range_is_answered_with_the_whole_page(cache, article):
    page = ask(cache, "/articles/rest-and-lupus/")
    assert ask(cache, "/articles/rest-and-lupus/", Range="bytes=0-10") == page


@pytest.mark.parametrize(
    "headers", [{"Cookie": "theme=x; sessionid=abc"}, {"Authorization": "Bearer x"}]
)
def test_staff_neither_get_nor_fill_it(cache, article, headers):
    answer = ask(cache, "/articles/rest-and-lupus/", **headers)
    assert answer.headers["cache-control"] == "private, no-cache"
    assert not cache.store.entries
    ask(cache, "/articles/rest-and-lupus/")
    ask(cache, "/articles/rest-and-lupus/", **headers)
    assert len(cache.django.asked) == 3


def test_a_cookie_that_is_not_a_session_changes_nothing(cache, article):
    page = ask(cache, "/articles/rest-and-lupus/")
    assert ask(cache, "/articles/rest-and-lupus/", Cookie="utm=1; xsession=2") == page
    assert len(cache.django.asked) == 1


def test_query_strings_that_a_page_does_not_read_neither_change_nor_fill_it(cache, article):
    ask(cache, "/articles/rest-and-lupus/?before=1")
    assert not cache.store.entries
    page = ask(cache, "/articles/rest-and-lupus/")
    for number in range(50):
        assert ask(cache, f"/articles/rest-and-lupus/?utm={number}&page=3") == page
    assert len(cache.store.entries) == 1 and len(cache.django.asked) == 2


def test_pages_of_a_list_are_kept_by_their_true_number_only(cache, db):
    for _ in range(21):
        factories.published_page()
    first = ask(cache, "/articles/")
    second = ask(cache, "/articles/?page=2")
    assert second.body != first.body
    assert ask(cache, "/articles/?x=1&page=2") == second
    for query in ("page=0", "page=1", "page=02", "page=3", "page=two", "page=2&page=1", "page="):
        assert ask(cache, f"/articles/?{query}").status == 200
    for number in range(10, 90):
        ask(cache, f"/articles/?page={number}")
    assert set(cache.store.entries) == {
        ("127.0.0.1:8000", "", "/articles/"),
        ("127.0.0.1:8000", "", "/articles/", ("page", "2")),
    }


def test_what_is_not_a_finished_public_page_is_not_kept(cache, article):
    for path, status in [
        ("/search/", 200),
        ("/report/", 200),
        ("/accounts/login/", 200),
        ("/admin/", 302),
        ("/nothing/", 404),
        ("/articles", 301),
        ("/healthz", 200),
    ]:
        assert ask(cache, path).status == status
    assert ask(cache, "/articles/", "POST").status in (403, 405)
    assert ask(cache, "/articles/", Host="evil.example").status == 400
    assert not cache.store.entries


def test_publishing_drops_the_pages_it_appears_on_and_no_others(cache, people):
    lupus = factories.condition(title="Lupus")
    gout = factories.condition(title="Psoriasis")
    first = factories.published_page(title="First", conditions=[lupus.pk], tags=["sleep"])
    other = factories.published_page(title="Other", conditions=[gout.pk], tags=["food"])
    paths = [p.get_absolute_url() for p in (first, other)]
    paths += ["/", "/articles/", "/tags/sleep/", "/tags/food/"]
    before = {path: ask(cache, path) for path in paths}
    revision = factories.draft(page=first, title="First, changed", tags=["rest"])
    factories.decide_all(actions.submit(revision, by=people.author))
    actions.publish(actions.approve(revision, by=people.reviewer), by=people.editor)
    cache.django.asked.clear()
    after = {path: ask(cache, path) for path in paths}
    changed = [first.get_absolute_url(), "/", "/articles/", "/tags/sleep/"]
    assert cache.django.asked == [p for p in paths if p in changed]
    assert after[paths[0]].body != before[paths[0]].body
    assert after["/tags/sleep/"].status == 404
    assert {p: after[p] for p in paths if p not in changed} == {
        p: before[p] for p in paths if p not in changed
    }


def test_what_happens_to_a_claim_or_an_assessment_shows_at_once(cache, people):
    lupus, rest = factories.condition(title="Lupus"), factories.therapy(title="Rest")
    page = factories.published_page(
        title="Rest", body="<p>Rest may help with lupus.</p>", conditions=[lupus.pk]
    )
    paths = [p.get_absolute_url() for p in (page, lupus, rest)]
    before = [ask(cache, path) for path in paths]
    factories.assessment(rest, lupus)
    claim = claim_actions.claim_sentence(page, "Rest may help with lupus.").claim
    claim_actions.raise_flag(claim, by=people.moderator, reason="unclear", explanation="Why?")
    after = [ask(cache, path) for path in paths]
    assert all(new.body != old.body for new, old in zip(after, before, strict=True))


def test_the_map_and_its_pairs_show_each_change_at_once(cache, people):
    lupus, rest = factories.condition(title="Lupus"), factories.therapy(title="Rest")
    paths = ["/evidence/rest/lupus/", *(f"/evidence/{name}" for name in ("", "map.csv", "map.svg"))]
    source = factories.source()

    def change(act):
        before = [ask(cache, path).body for path in paths]
        act()
        after = [ask(cache, path).body for path in paths]
        assert all(new != old for new, old in zip(after, before, strict=True))

    change(lambda: factories.assessment(rest, lupus, "low", [source]))
    change(lambda: factories.assessment(rest, lupus, "moderate", [source]))
    cache.django.asked.clear()
    assert [ask(cache, path).status for path in paths] == [200] * 4
    assert cache.django.asked == []  # all four were kept


def test_a_preview_for_somebody_outside_is_never_kept(cache, people):
    revision = factories.draft(body="<p>Secret words.</p>")
    _, token = previewing.make_link(revision, by=people.editor, for_whom="Dr X", days=3)
    answer = ask(cache, f"/preview/{token}/")
    assert b"Secret words." in answer.body and answer.headers["cache-control"] == "no-store"
    assert not cache.store.entries


def test_a_withdrawn_page_is_never_shown_again(cache, article, people):
    assert ask(cache, "/articles/rest-and-lupus/").status == 200
    actions.withdraw(article, by=people.editor, reason="It was wrong.")
    gone = ask(cache, "/articles/rest-and-lupus/")
    assert gone.status == 410 and b"It was wrong." in gone.body
    assert b"Rest and lupus" not in ask(cache, "/articles/").body


def test_a_page_that_became_stale_while_it_was_made_is_not_kept(cache, article, people):
    def changing(environ, start_response, django=cache.django):
        answer = django(environ, start_response)
        actions.withdraw(article, by=people.editor, reason="It was wrong.")
        return answer

    cache.django, django = changing, cache.django
    assert ask(cache, "/articles/rest-and-lupus/").status == 200
    cache.django = django
    assert ask(cache, "/articles/rest-and-lupus/").status == 410


def test_memory_is_bounded_and_the_longest_unused_page_goes_first(db):
    pages = [factories.published_page(slug=f"page-{number}") for number in range(4)]
    one = ask(cache_of(), pages[0].get_absolute_url())
    room = 3 * (len(one.body) + len(gzip.compress(one.body)) + 2_500)
    cache = cache_of(limit=room)
    for page in [pages[0], pages[1], pages[2], pages[0], pages[3]]:
        ask(cache, page.get_absolute_url())
    kept = [address[2] for address in cache.store.entries]
    assert kept == [f"/articles/page-{number}/" for number in (2, 0, 3)]
    assert cache.store.size <= room
    held = set().union(*cache.store.showing.values())
    assert held == set(cache.store.entries)


def test_ten_readers_at_once_have_a_page_made_once():
    made, gate = [], threading.Event()

    def slow(environ, start_response):
        made.append(1)
        gate.wait(5)
        response = freshness.shows(HttpResponse(b"words"), "page:1")
        start_response("200 OK", list(response.items()))
        return response

    cache = PageCache(slow, MB)
    cache.watch.catch_up = lambda: True
    answers = []
    readers = [
        threading.Thread(target=lambda: answers.append(ask(cache, "/x/"))) for _ in range(10)
    ]
    for reader in readers:
        reader.start()
    gate.set()
    for reader in readers:
        reader.join()
    assert len(made) == 1 and {a.body for a in answers} == {b"words"}


def test_while_the_database_is_gone_readers_still_read_and_nothing_new_is_kept(
    cache, article, monkeypatch
):
    page = ask(cache, "/articles/rest-and-lupus/")
    monkeypatch.setattr(watch.Watch, "_may_have_changed", _no_database)
    assert ask(cache, "/articles/rest-and-lupus/") == page
    ask(cache, "/articles/")
    assert len(cache.store.entries) == 1


def _no_database(self):
    raise sqlite3.OperationalError("disk I/O error")


def test_a_database_put_back_from_a_copy_empties_the_cache(cache, article):
    freshness.stale("page:999")
    ask(cache, "/articles/rest-and-lupus/")
    StaleMark.objects.all().delete()
    freshness.stale("page:999")
    ask(cache, "/articles/rest-and-lupus/")
    assert len(cache.django.asked) == 2


def test_a_first_review_here_reaches_the_lists_that_said_there_was_none(cache, people):
    revision = factories.draft(title="Rest and lupus", slug="rest-and-lupus")
    reason = "Published elsewhere."
    page = actions.publish_override(revision, by=people.admin, reason=reason)
    lists = ["/", "/articles/", "/articles/rest-and-lupus/"]
    for address in lists:
        assert b"ot yet reviewed here" in ask(cache, address).body, address
    actions.confirm_review(page, by=people.reviewer, note="All of it.")
    for address in lists:
        assert b"ot yet reviewed here" not in ask(cache, address).body, address


def test_two_records_that_become_one_show_at_once_what_a_claim_rests_on(cache, people):
    stays, goes = factories.source(key="stays"), factories.source(key="goes")
    live = "<p>Rest may help with lupus.</p><p>People met. <cite data-source='stays'></cite></p>"
    page = factories.published_page(body=live)
    claim = claim_actions.claim_sentence(page, "Rest may help with lupus.").claim
    factories.draft(
        page=page, body=live.replace("s.</p>", "s. <cite data-source='goes'></cite></p>")
    )
    assert b"No source is cited" in ask(cache, claim.get_absolute_url()).body
    merging.merge_sources(stays, goes, by=people.editor, reason="The same.")
    assert b"No source is cited" not in ask(cache, claim.get_absolute_url()).body


def test_a_sentence_that_becomes_a_claim_shows_at_once_where_it_stands_elsewhere(cache, people):
    one, other = (
        factories.published_page(title=title, body="<p>People met weekly.</p>")
        for title in ("Rest", "Sleep")
    )
    claim = claim_actions.claim_sentence(one, "People met weekly.").claim
    assert b"Also on these pages" not in ask(cache, claim.get_absolute_url()).body
    claim_actions.claim_sentence(other, "People met weekly.")
    assert b"Also on these pages" in ask(cache, claim.get_absolute_url()).body


def test_old_marks_are_cleared_away_and_the_newest_stays(db):
    freshness.stale("page:1", "page:2", "page:3")
    StaleMark.objects.update(at=timezone.now() - 2 * marks.KEPT_FOR)
    marks.clear_away(timezone.now())
    assert [mark.key for mark in StaleMark.objects.all()] == ["page:3"]


def test_a_change_that_is_rolled_back_leaves_no_mark(people):
    page = factories.published_page()
    before = StaleMark.objects.count()
    with pytest.raises(Refused):
        actions.withdraw(page, by=people.editor, reason=" ")
    assert StaleMark.objects.count() == before
