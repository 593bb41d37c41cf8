"""The index is made anew while the site serves, and by itself when it was lost."""

import pytest
from django.core.management import call_command
from django.db import connection

from search import engine, rebuild
from search.models import IndexState, SearchEntry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(db):
    pages = [factories.published_page(title=f"Quokka {n}") for n in range(3)]
    call_command("rebuild_search")
    return pages


def test_readers_find_everything_at_every_step_of_a_rebuild(three):
    for _ in rebuild.rebuild(1):
        assert engine.search("quokka").count == 3


def test_nothing_is_done_while_the_index_is_right(three, django_assert_max_num_queries):
    assert not rebuild.is_wanted()
    with django_assert_max_num_queries(3):
        rebuild.put_right()


def test_entries_that_were_lost_come_back_by_themselves(three):
    SearchEntry.objects.filter(page=three[0].pk).delete()
    assert engine.search("quokka").count == 2
    rebuild.put_right()
    assert engine.search("quokka").count == 3


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the text is a column on PostgreSQL")
def test_text_that_was_lost_comes_back_by_itself(three):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_index")
    assert engine.search("quokka 1").is_partial is False
    rebuild.put_right()
    assert engine.search("quokka").count == 3
    assert not rebuild.is_wanted()


def test_other_words_of_readers_are_taken_in_by_themselves(three):
    IndexState.objects.update(digest="those of last week")
    assert rebuild.is_wanted()
    rebuild.put_right()
    assert not rebuild.is_wanted()
