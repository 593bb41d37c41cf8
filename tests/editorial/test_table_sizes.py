"""SQLite learns how large its tables are when the library has grown, and not each minute."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import Anchor
from editorial import registry, table_sizes
from tests import factories

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL looks by itself.")


def looked() -> bool:
    """Whether a round of the site looks at the tables."""
    assert table_sizes.learn_if_grown in registry.rounds()
    with CaptureQueriesContext(connection) as made:
        table_sizes.learn_if_grown(timezone.now())
    return any(query["sql"] == "ANALYZE" for query in made)


def many_anchors(count: int) -> None:
    page = factories.published_page(body="<p>Rest is a proven cure for lupus.</p>")
    anchor = Anchor.objects.filter(revision=page.live_revision).first()
    for number in range(count):
        claim = anchor.claim
        claim.pk = None
        claim.save()
        anchor.pk, anchor.claim, anchor.start = None, claim, number
        anchor.save()


def test_a_library_that_has_grown_is_looked_at_once(people, monkeypatch):
    monkeypatch.setattr(table_sizes, "FEW", 20)
    assert not looked()
    many_anchors(30)
    assert looked()
    assert not looked()
    many_anchors(40)
    assert looked()
