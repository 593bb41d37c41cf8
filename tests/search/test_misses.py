"""What was not found is kept as words and days, and nothing that may tell of a person."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from search import misses
from search.models import Miss
from tests import factories

pytestmark = pytest.mark.django_db


def search(client, text):
    assert client.get("/search/", {"q": text}).status_code == 200


def test_a_miss_is_counted_once_a_day(client, django_assert_num_queries):
    for text in ("Quokka fever", "quokka  FEVER!", "quokka fever"):
        search(client, text)
    miss = Miss.objects.get()
    assert (miss.words, miss.days, miss.last_day) == ("quokka fever", 1, timezone.localdate())
    Miss.objects.update(last_day=timezone.localdate() - timedelta(days=1))
    cache.clear()
    search(client, "quokka fever")
    miss.refresh_from_db()
    assert (miss.days, miss.last_day) == (2, timezone.localdate())


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.org",
        "07700 900123",
        "born 1984",
        "https://example.org/quokka",
        "my neighbour told me that her quokka is ill",
        "x" * 61,
        "",
    ],
)
def test_what_may_tell_of_a_person_is_not_kept(client, text):
    search(client, text)
    assert not Miss.objects.exists()


def test_what_is_found_or_only_misspelt_is_no_miss(client):
    factories.condition(title="Lupus")
    for text in ("lupus", "lupsu"):
        search(client, text)
    assert not Miss.objects.exists()


def test_the_list_stays_small(client, monkeypatch):
    monkeypatch.setattr(misses, "MOST_NEW_A_DAY", 3)
    for letter in "abcdefgh":
        search(client, f"quokka{letter * 3}")
    assert Miss.objects.count() == 3
    monkeypatch.setattr(misses, "MOST_KEPT", 2)
    Miss.objects.filter(words="quokkaaaa").update(days=5)
    misses.tidy(timezone.now())
    assert Miss.objects.count() == 2 and Miss.objects.filter(days=5).exists()
    misses.tidy(timezone.now() + timedelta(days=200))
    assert [m.days for m in Miss.objects.all()] == [5]


def test_the_list_stands_in_the_admin_to_be_read(client, people):
    search(client, "quokka fever")
    client.force_login(people.editor)
    html = client.get("/admin/search/miss/").content.decode()
    assert "quokka fever" in html
    assert client.get("/admin/search/miss/add/").status_code == 403


def test_a_row_has_words_and_days():
    for broken in ({"words": ""}, {"words": "x", "days": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Miss.objects.create(last_day=timezone.localdate(), **broken)
