"""The audit log: writing one event, and proving that nobody altered any."""

import hashlib
import json
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from .models import Event

GENESIS = "0" * 64
_CHAIN_LOCK = 0x41_45_76  # any fixed number: PostgreSQL advisory lock of the chain


def record(verb: str, *, by, subject="", page=None, **data) -> Event:
    """Append one event. Must run inside the transaction of the act that it records.

    `by` is a User or None for the system; `subject` a short text such as “revision 3”; `data`
    anything JSON can hold. Raises TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An event belongs to a transaction.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
    event = Event(
        at=timezone.now(),
        verb=verb,
        actor_id=by.pk if by else None,
        actor_name=by.display_name if by else "the system",
        page_id=page.pk if page else None,
        subject=str(subject or page or "")[:300],
        data=data,
        previous_hash=Event.objects.values_list("hash", flat=True).first() or GENESIS,
    )
    event.hash = chain_hash(event)
    event.save(force_insert=True)
    return event


def was_active(by, page, *, within: timedelta) -> bool:
    """Whether this person began, saved or autosaved a revision of the page in the last `within`."""
    verbs = ["revision.started", "revision.saved", "revision.autosaved"]
    since = timezone.now() - within
    return Event.objects.filter(
        page_id=page.pk, actor_id=by.pk, verb__in=verbs, at__gt=since
    ).exists()


def chain_hash(event: Event) -> str:
    """SHA-256 over the previous hash and every field of the row, in hexadecimal."""
    fields = [
        event.previous_hash,
        event.at.isoformat(),
        event.verb,
        event.actor_id,
        event.actor_name,
        event.page_id,
        event.subject,
        event.data,
    ]
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken_event() -> Event | None:
    """The first event whose row or place in the chain was altered; None when all is well."""
    previous = GENESIS
    for event in Event.objects.order_by("pk").iterator(chunk_size=1000):
        if event.previous_hash != previous or event.hash != chain_hash(event):
            return event
        previous = event.hash
    return None
