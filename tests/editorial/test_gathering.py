"""Rows gathered with the row that they belong to."""

from datetime import UTC, datetime

from django.db.models import OuterRef

from editorial.gathering import Gathered, moment
from editorial.models import Page, Revision
from tests import factories


def test_rows_come_with_the_row_that_they_belong_to(db, django_assert_num_queries):
    one, two = factories.published_page(title="One"), factories.draft(title="Two").page
    revisions = Revision.objects.filter(page=OuterRef("pk")).values_list("number", "page__title")
    pages = Page.objects.annotate(found=Gathered(revisions)).order_by("pk")
    with django_assert_num_queries(1):
        assert [page.found for page in pages] == [[[1, one.title]], [[1, two.title]]]


def test_a_row_to_which_nothing_belongs_has_an_empty_list(db):
    factories.draft()
    none = Revision.objects.filter(page=OuterRef("pk"), number=99).values_list("number")
    assert Page.objects.annotate(found=Gathered(none)).get().found == []


def test_a_moment_is_the_same_gathered_or_read(db):
    page = factories.published_page()
    rows = Page.objects.filter(pk=OuterRef("pk")).values_list("first_published_at", "withdrawn_at")
    found = Page.objects.annotate(found=Gathered(rows)).get().found
    assert [moment(text) for text in found[0]] == [page.first_published_at, None]
    assert moment("2026-01-02 03:04:05") == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
