"""Writing down what became stale, in the transaction that changed it."""

from datetime import datetime, timedelta

from django.db import connection

from editorial.rows import insert

from ..models import StaleMark

KEPT_FOR = timedelta(days=2)
# Any fixed number: PostgreSQL advisory lock, so that marks get their numbers in commit order.
_ORDER_LOCK = 0x53_54_41


def write(keys: frozenset[str]) -> None:
    """Mark these keys stale; listens to `editorial.freshness.stale`.

    A mark's number must not become visible before a smaller one, or a process that saw it would
    never ask for the smaller one. SQLite has one writer; PostgreSQL takes a lock until commit.
    """
    if not keys:
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ORDER_LOCK])
    insert(StaleMark, ["key"], [(key,) for key in sorted(keys)])


def clear_away(now: datetime) -> None:
    """Drop marks that no process can need any more; a round of `publish_scheduled`.

    The newest mark stays, so that a new process knows where to begin.
    """
    newest = StaleMark.objects.order_by("-pk").values_list("pk", flat=True).first()
    if newest:
        StaleMark.objects.filter(at__lt=now - KEPT_FOR, pk__lt=newest).delete()
