"""The audit log: writing one event, and proving that nobody altered any."""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from .models import Event
from .rows import create

GENESIS = "0" * 64
_CHAIN_LOCK = 0x41_45_76  # any fixed number: PostgreSQL advisory lock of the chain


class Entry(NamedTuple):
    """An event to be written: what was done, to what, and what else is to be known of it."""

    verb: str
    page: object = None
    subject: object = ""
    data: dict = {}


def record(verb: str, *, by, subject="", page=None, **data) -> Event:
    """Append one event. Must run inside the transaction of the act that it records.

    `by` is a User or None for the system; `subject` a short text such as “revision 3”; `data`
    anything JSON can hold. Raises TransactionManagementError outside a transaction.
    """
    return record_all([Entry(verb, page, subject, data)], by=by)[0]


def record_all(entries: Iterable[Entry], *, by) -> list[Event]:
    """Append events in this order, as `record` does one, in a few statements."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(gettext("An event belongs to a transaction."))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
    previous, events = Event.objects.values_list("hash", flat=True).first() or GENESIS, []
    actor_id, actor_name = (by.pk, by.display_name) if by else (None, "the system")
    for entry in entries:
        event = Event(
            at=timezone.now(),
            verb=entry.verb,
            actor_id=actor_id,
            actor_name=actor_name,
            page_id=entry.page.pk if entry.page else None,
            subject=str(entry.subject or entry.page or "")[:300],
            data=entry.data,
            previous_hash=previous,
        )
        previous = event.hash = chain_hash(event)
        events.append(event)
    return create(events)


def record_alone(verb: str, *, by, subject="", page=None, **data) -> Event:
    """Append one event of an act that writes nothing else, in a transaction of its own."""
    with transaction.atomic():
        return record(verb, by=by, subject=subject, page=page, **data)


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


@dataclass(frozen=True)
class Verdict:
    """What a walk along the chain found: how many events are sound, the last one's hash, the
    first that is not as it was written and why, and whether a noted head was passed."""

    sound: int
    head: str
    broken: Event | None = None
    why: str = ""
    passed_noted: bool = True


def verify(
    noted: str = "",
    on_row: Callable[[int], None] | None = None,
    events: Iterable[Event] | None = None,
) -> Verdict:
    """Walk the whole chain, oldest first, and stop at the first event that was altered.

    A row altered or deleted in the middle breaks the chain by itself. Rows deleted at the end
    leave a whole, shorter chain: only `noted`, the hash of an event kept elsewhere, shows that.
    `on_row` is told after each event how many were read. `events` are rows from elsewhere, such as
    a backup's, oldest first; without them the database's are walked.
    """
    previous, sound, passed = GENESIS, 0, noted in ("", GENESIS)
    if events is None:
        events = Event.objects.order_by("pk").iterator(chunk_size=1000)
    for event in events:
        if why := _what_is_wrong(event, previous):
            return Verdict(sound, previous, event, why, passed)
        previous, sound = event.hash, sound + 1
        passed = passed or event.hash == noted
        if on_row:
            on_row(sound)
    return Verdict(sound, previous, passed_noted=passed)


def _what_is_wrong(event: Event, previous: str) -> str:
    if event.hash != chain_hash(event):
        return "its row is not as it was written"
    if event.previous_hash != previous:
        return "the event before it is missing or was put in its place later"
    return ""


def first_broken_event() -> Event | None:
    """The first event whose row or place in the chain was altered; None when all is well."""
    return verify().broken
