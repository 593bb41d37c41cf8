"""What readers see: a revision published, scheduled, overridden; a page withdrawn."""

from django.db import transaction
from django.utils import timezone

from .. import audit, forms, gate, registry, roles
from ..errors import InvalidContent, WrongState
from ..models import Page, Revision
from .locking import given, locked, locked_revision
from .writing import tell_rooms

State = Revision.State


@transaction.atomic
def publish(revision, *, by) -> Page:
    """Show exactly this approved revision to readers. Raises Blocked with every obstacle.

    `by` may be None only for a publication that a person scheduled.
    """
    page, revision = locked_revision(revision)
    if by is not None or revision.scheduled_at is None:
        roles.require(by, "page.publish", page)
    gate.require_open(revision)
    return make_live(page, revision, by=by, verb="page.published")


@transaction.atomic
def publish_override(revision, *, by, reason: str, first_published_at=None) -> Page:
    """Publish without review here: an administrator's act for a library published elsewhere.

    Recorded as an Event; readers see “not yet reviewed here”; its flags stay open.
    `first_published_at` is when it first appeared, elsewhere; a moment in the future is ignored.
    """
    page, revision = locked_revision(revision, State.DRAFT)
    roles.require(by, "page.override", page)
    revision.override_reason = given(reason, "Say why this goes out without review here.")
    revision.save(update_fields=["override_reason"])
    if not revision.is_told:
        tell_rooms(revision)
    if first_published_at and first_published_at < timezone.now():
        page.first_published_at = page.first_published_at or first_published_at
    return make_live(page, revision, by=by, verb="page.published_by_override", reason=reason)


@transaction.atomic
def schedule(revision, *, by, at) -> Revision:
    """Publish this approved revision at a future moment, if the gate is open then."""
    page, revision = locked_revision(revision, State.APPROVED)
    roles.require(by, "page.schedule", page)
    if at <= timezone.now():
        raise WrongState("That moment has passed. Choose one in the future, or publish now.")
    revision.scheduled_at = at
    revision.save(update_fields=["scheduled_at"])
    audit.record(
        "revision.scheduled", by=by, page=page, subject=revision, scheduled_at=at.isoformat()
    )
    return revision


@transaction.atomic
def withdraw(page, *, by, reason: str) -> Page:
    """Take a page away from readers, who are told so and why."""
    page = locked(page.pk)
    roles.require(by, "page.withdraw", page)
    if page.status != Page.Status.PUBLISHED:
        raise WrongState(f"“{page}” is {page.get_status_display()}, so it cannot be withdrawn.")
    reason = given(reason, "Say why the page is withdrawn; readers see this.")
    before = page.live_revision
    before.state = State.SUPERSEDED
    before.save(update_fields=["state"])
    page.status, page.live_revision = Page.Status.WITHDRAWN, None
    page.withdrawn_at, page.withdrawn_reason = timezone.now(), reason
    page.save(update_fields=["status", "live_revision", "withdrawn_at", "withdrawn_reason"])
    audit.record("page.withdrawn", by=by, page=page, reason=reason)
    registry.page_changed(page, before, None)
    return page


def make_live(page, revision, *, by, verb, **data) -> Page:
    """Write the revision through its form into the page's row; the one place that does."""
    kind = registry.kinds[page.kind]
    before = page.live_revision
    specific = page.specific
    form = forms.bound_form(kind, revision.content, specific)
    if not form.is_valid():
        raise InvalidContent({name: list(map(str, e)) for name, e in form.errors.items()})
    now = timezone.now()
    if before:
        before.state = State.SUPERSEDED
        before.save(update_fields=["state"])
    revision.state, revision.scheduled_at = State.PUBLISHED, None
    revision.save(update_fields=["state", "scheduled_at"])
    specific.status, specific.live_revision = Page.Status.PUBLISHED, revision
    specific.published_at = now
    specific.first_published_at = page.first_published_at or now
    specific.withdrawn_at, specific.withdrawn_reason = None, ""
    specific.reviewed_at = revision.approved_at
    specific.reviewed_by_name = revision.approved_by_name
    specific.reviewed_by_title = revision.approved_by.title if revision.approved_by else ""
    form.save()
    audit.record(
        verb,
        by=by,
        page=specific,
        subject=revision,
        digest=revision.digest,
        before=before.number if before else None,
        **data,
    )
    registry.page_changed(specific, before, revision)
    return specific
