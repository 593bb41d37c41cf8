"""Claims in the index: sentences that readers see, found as results of their own."""

from collections.abc import Iterable

from django.db import connections, router

from claims.models import Anchor, Claim
from editorial.models import Page
from editorial.rows import insert

from . import backends
from .models import SearchClaim
from .words import index_text

_ROW = ("claim_id", "revision__live_on", "exact")
LONGEST_SENTENCE = 2000  # characters


def refresh(page_pks: Iterable[int]) -> None:
    """Index the claims that stand on these pages now, in place of what was there."""
    pks = list(page_pks)
    using = router.db_for_write(SearchClaim)
    anchors = Anchor.objects.using(using).filter(revision__live_on__in=pks).order_by()
    # What is shown is told here: SQLite would go through all published pages to find these.
    found = anchors.values_list("revision__live_on__status", "claim__state", *_ROW)
    rows = [
        row
        for status, state, *row in found
        if status == Page.Status.PUBLISHED and state != Claim.State.NOT_A_CLAIM
    ]
    SearchClaim.objects.using(using).filter(page__in=pks).delete()
    if not rows:
        return
    insert(SearchClaim, ["claim_id", "page_id"], [row[:2] for row in rows])
    connection = connections[using]
    texts = [(claim, index_text(exact, LONGEST_SENTENCE)) for claim, _, exact in rows]
    backends.of(connection).write_claims(connection, texts)
