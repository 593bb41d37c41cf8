"""Queries compiled once answer as the same queries built each time, whatever the values."""

import pytest

from editorial.models import Page
from editorial.prepared import Prepared
from tests import factories

BY_KEY = Prepared(lambda keys: Page.objects.filter(pk__in=keys).order_by("pk"))
NAMED = Prepared(
    lambda title, pk: Page.objects.filter(title=title).exclude(pk=pk).select_related("created_by")
)


@pytest.fixture
def pages(db):
    return [factories.draft(title=f"Page {n}").page for n in range(5)]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_a_list_of_any_length_finds_what_the_usual_query_finds(pages, count):
    keys = [page.pk for page in pages[:count]]
    assert BY_KEY(keys=keys) == list(Page.objects.filter(pk__in=keys).order_by("pk"))


def test_each_call_has_its_own_values_and_costs_one_query(pages, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert [page.pk for page in NAMED(title="Page 1", pk=0)] == [pages[1].pk]
        assert NAMED(title="Page 1", pk=pages[1].pk) == []
        assert NAMED(title="Page 2", pk=0)[0].created_by.username == "author"


def test_a_text_that_would_be_sql_is_only_a_text(pages):
    assert NAMED(title="' OR 1=1 --", pk=0) == []


def test_a_value_that_does_not_reach_the_database_is_refused(db):
    decided = Prepared(lambda pk: Page.objects.filter(title="A" if pk else "B"))
    with pytest.raises(TypeError):
        decided(pk=1)


def test_an_empty_list_of_texts_matches_nothing(pages):
    titled = Prepared(lambda titles, pk: Page.objects.filter(title__in=titles).exclude(pk=pk))
    assert titled(titles=[], pk=0) == []
    assert titled(titles=["Page 1"], pk=0) == [pages[1]]
