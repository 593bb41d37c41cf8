"""Review: a draft submitted, sent back, approved."""

from django.db import transaction
from django.utils import timezone

from .. import audit, roles
from ..errors import NotAllowed
from ..models import Event, Revision
from .locking import given, locked_revision
from .writing import tell_rooms

State = Revision.State


@transaction.atomic
def submit(revision, *, by, note: str = "") -> Revision:
    """Ask for review of a draft. From here on its content cannot be changed."""
    page, revision = locked_revision(revision, State.DRAFT)
    roles.require(by, "page.submit", page)
    revision.state, revision.submitted_at = State.IN_REVIEW, timezone.now()
    revision.note = note or revision.note
    revision.save(update_fields=["state", "submitted_at", "note"])
    audit.record(
        "revision.submitted", by=by, page=page, subject=revision, digest=revision.digest, note=note
    )
    tell_rooms(revision)  # what the site knows may have grown since it was saved
    return revision


@transaction.atomic
def request_changes(revision, *, by, reason: str) -> Revision:
    """Send a submitted or approved revision back to its author, saying why."""
    page, revision = locked_revision(revision, State.IN_REVIEW, State.APPROVED)
    roles.require(by, "page.request_changes", page)
    reason = given(reason, "Say what should change, so that the author can act on it.")
    revision.state, revision.scheduled_at = State.CHANGES_REQUESTED, None
    revision.save(update_fields=["state", "scheduled_at"])
    audit.record("revision.changes_requested", by=by, page=page, subject=revision, reason=reason)
    return revision


@transaction.atomic
def approve(revision, *, by, note: str = "") -> Revision:
    """Approve exactly this text. Nobody approves a text that holds words of their own."""
    page, revision = locked_revision(revision, State.IN_REVIEW)
    roles.require(by, "page.approve", page)
    if by.pk in _contributors(page, revision):
        raise NotAllowed("You wrote part of this text. Somebody else must approve it.")
    revision.state, revision.approved_at = State.APPROVED, timezone.now()
    revision.approved_by, revision.approved_by_name = by, by.display_name
    revision.save(update_fields=["state", "approved_at", "approved_by", "approved_by_name"])
    audit.record(
        "revision.approved", by=by, page=page, subject=revision, digest=revision.digest, note=note
    )
    return revision


def _contributors(page, revision) -> set[int]:
    """Who wrote any revision since the one that readers see, up to this one, and what was
    restored on the way."""
    since = page.live_revision.number if page.live_revision_id else 0
    authors = _authors(page, since, revision.number)
    restored = Event.objects.filter(page_id=page.pk, verb="revision.restored")
    for data in restored.values_list("data", flat=True):
        if since < data["number"] <= revision.number:
            approved = page.revisions.filter(number__lt=data["source"], approved_at__isnull=False)
            before = approved.values_list("number", flat=True).first() or 0
            authors |= _authors(page, before, data["source"])
    return authors


def _authors(page, after: int, upto: int) -> set[int]:
    rows = page.revisions.filter(number__gt=after, number__lte=upto)
    return set(rows.values_list("author_id", flat=True)) - {None}
