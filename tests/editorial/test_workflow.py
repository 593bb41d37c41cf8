"""The way of a page: who may do what, from which state, and what the gate says."""

import pytest

from editorial import actions
from editorial.models import Event, Page
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_page_goes_from_draft_to_readers(people):
    revision = factories.draft(title="Living with lupus", tags=["daily life"])
    page = revision.page
    assert page.status == Page.Status.DRAFT and page.body == ""
    revision = actions.submit(revision, by=people.author)
    revision = actions.approve(revision, by=people.reviewer)
    page = actions.publish(revision, by=people.editor)
    page = Page.objects.get(pk=page.pk)
    assert page.is_published and page.live_revision.number == 1
    assert page.body == revision.content["body"]
    assert page.reviewed_by_name == people.reviewer.display_name
    assert [t.name for t in page.tags.all()] == ["daily life"]
    assert list(
        Event.objects.filter(page_id=page.pk).order_by("pk").values_list("verb", flat=True)
    ) == [
        "page.created",
        "revision.started",
        "revision.submitted",
        "revision.approved",
        "page.published",
    ]
