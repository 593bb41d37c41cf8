"""What readers see: a revision published, with or without review; a page withdrawn."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext

from .. import audit, forms, gate, letters, many, policy, registry, roles
from ..errors import WrongState
from ..models import Appointment, Page, Revision, TaggedPage
from ..registry import PageChange
from . import appointments
from .locking import given, locked, locked_revision, locked_revisions
from .redirecting import leave_redirect, take_back_addresses
from .scheduling import require_other
from .writing import tell_rooms

State = Revision.State
Done = Appointment.State.DONE


@transaction.atomic
def publish(revision, *, by) -> Page:
    """Show exactly this approved revision to readers. Raises Blocked with every obstacle.

    `by` may be None only for a publication that a person scheduled.
    """
    page, revision = locked_revision(revision)
    if by is not None or revision.scheduled_at is None:
        roles.require(by, "page.publish", page)
    gate.require_open(revision)
    (page,) = make_live([revision], by=by, verb="page.published")
    letters.published(page, revision, by=by)
    return page


class Override(NamedTuple):
    """A draft that is to be published without review here, and when it first appeared elsewhere."""

    revision: Revision
    first_published_at: datetime | None = None


def publish_override(revision, *, by, reason: str, first_published_at=None) -> Page:
    """Publish without review here: an administrator's act for a library published elsewhere.

    Recorded as an Event; readers see “not yet reviewed here”; its flags stay open.
    `first_published_at` is when it first appeared, elsewhere; a moment in the future is ignored.
    """
    return publish_overrides([Override(revision, first_published_at)], by=by, reason=reason)[0]


@transaction.atomic
def publish_overrides(overrides: Sequence[Override], *, by, reason: str) -> list[Page]:
    """The same for drafts of different pages of one kind, in a few statements. All or none."""
    revisions = locked_revisions([row.revision for row in overrides], State.DRAFT)
    reason = given(reason, gettext("Say why this goes out without review here."))
    now = timezone.now()
    for revision, row in zip(revisions, overrides, strict=True):
        page = revision.page
        roles.require(by, "page.override", page)
        revision.override_reason = reason
        if row.first_published_at and row.first_published_at < now:
            page.first_published_at = page.first_published_at or row.first_published_at
    keys = [revision.pk for revision in revisions]
    Revision.objects.filter(pk__in=keys).update(override_reason=reason)
    if untold := [revision for revision in revisions if not revision.is_told]:
        tell_rooms(untold)
    return make_live(revisions, by=by, verb="page.published_by_override", reason=reason)


@transaction.atomic
def withdraw(page, *, by, reason: str, replaced_by=None) -> Page:
    """Take a page away from readers, who are told so, why, and what takes its place.

    `by` may be None only for a withdrawal that a person scheduled.
    """
    page = locked(page.pk)
    before = page.live_revision
    is_planned = before is not None and before.appointments.waiting().exists()
    if by is not None or not is_planned:
        roles.require(by, "page.withdraw", page)
    if page.status != Page.Status.PUBLISHED:
        raise WrongState(
            gettext("“%(page)s” is %(status)s, so it cannot be withdrawn.")
            % {"page": page, "status": page.get_status_display()}
        )
    reason = given(reason, gettext("Say why the page is withdrawn; readers see this."))
    require_other(page, replaced_by)
    _end_appointments(before, Done, gettext("The page was withdrawn."))
    before.state = State.SUPERSEDED
    before.save(update_fields=["state"])
    page.status, page.live_revision = Page.Status.WITHDRAWN, None
    page.withdrawn_at, page.withdrawn_reason = timezone.now(), reason
    page.replaced_by, page.review_due, page.review_rung = replaced_by, None, Page.Rung.NOBODY
    page.save(
        update_fields=[
            "status",
            "live_revision",
            "withdrawn_at",
            "withdrawn_reason",
            "replaced_by",
            "review_due",
            "review_rung",
        ]
    )
    TaggedPage.objects.hide(page.pk)
    audit.record(
        "page.withdrawn",
        by=by,
        page=page,
        reason=reason,
        replaced_by=replaced_by.pk if replaced_by else None,
    )
    letters.withdrawn(page, reason, by=by)
    registry.pages_changed([PageChange(page, before, None)])
    return page


def make_live(revisions: Sequence[Revision], *, by, verb, **data) -> list[Page]:
    """Write the revisions through their forms into the rows of their pages; the one place that
    does. They are of different pages of one kind, and locked with them."""
    kind = registry.kinds[revisions[0].page.kind]
    found = kind.model.objects.in_bulk([revision.page_id for revision in revisions])
    pages = [found[revision.page_id] for revision in revisions]
    changes = [PageChange(found[r.page_id], r.page.live_revision, r) for r in revisions]
    held = many.fields_of(pages)
    cleaned = forms.clean_many(kind, [revision.content for revision in revisions], pages)
    for _, before, revision in changes:
        if before:
            _supersede(revision.page, before, revision)
    for revision in appointments.with_any(revisions):
        said = gettext("Revision %(number)s was published.") % {"number": revision.number}
        _end_appointments(revision, Done, said)
    Revision.objects.filter(pk__in=[r.pk for r in revisions]).update(state=State.PUBLISHED)
    take_back_addresses(pages)
    prefetch_related_objects(revisions, "approvals")
    now = timezone.now()
    for page, _, revision in changes:
        revision.state = State.PUBLISHED
        _show(page, revision, now)
    forms.save_relations(cleaned)
    # What a page rests on is known only now that its relations are saved.
    days = policy.days_between_reviews(pages)
    for page in pages:
        last_reviewed = timezone.localdate(page.reviewed_at or now)
        page.review_due = last_reviewed + timedelta(days=days[page.pk])
    many.update_rows(pages, held)
    TaggedPage.objects.show([page.pk for page in pages])
    for page, _, revision in changes:
        if revision.page.first_published_at:
            leave_redirect(page, revision.page.slug, by=by)
    audit.record_all([_published(verb, change, data) for change in changes], by=by)
    registry.pages_changed(changes)
    return pages


def _show(page, revision, now) -> None:
    """What the row says of being live; `revision.page` is the page as it was."""
    page.status, page.live_revision = Page.Status.PUBLISHED, revision
    page.published_at = now
    page.first_published_at = revision.page.first_published_at or now
    page.withdrawn_at, page.withdrawn_reason = None, ""
    page.replaced_by = None
    stamp_review(page, revision)


def _published(verb, change: PageChange, data: dict) -> audit.Entry:
    before, after = change.before, change.after
    said = {"digest": after.digest, "before": before.number if before else None}
    return audit.Entry(verb, change.page, after, said | data)


def stamp_review(specific, revision) -> None:
    """Whose review the page shows: the approvals of this very text, or nobody's."""
    given_by = list(revision.approvals.all())
    specific.reviewed_at = revision.approved_at
    specific.reviewed_by_name = " and ".join(a.by_name for a in given_by)[:150]
    specific.reviewed_by_title = given_by[0].title if len(given_by) == 1 else ""
    specific.reviewed_interests = _each_said(given_by, "interests")
    specific.reviewed_checked = _each_said(given_by, "checked")
    specific.review_rung = Page.Rung.NOBODY


def _each_said(approvals, name: str) -> str:
    """What the reviewers said, with their names where there are several."""
    said = [(a.by_name, getattr(a, name).strip()) for a in approvals]
    said = [(who, text) for who, text in said if text]
    if len(approvals) == 1:
        return said[0][1] if said else ""
    return " ".join(f"{who}: {text}" for who, text in said)


def _supersede(page, before, revision) -> None:
    """The text that readers saw gives way; what was scheduled for it lapses, and is told."""
    before.state = State.SUPERSEDED
    before.save(update_fields=["state"])
    lapsed = appointments.close(
        before,
        Appointment.State.CANCELLED,
        gettext(
            "Revision %(number)s was published meanwhile. Schedule the withdrawal of "
            "that one if it is still wanted."
        )
        % {"number": revision.number},
    )
    appointments.settle_refused(
        before,
        gettext("Revision %(number)s was published meanwhile.") % {"number": revision.number},
    )
    if lapsed:
        letters.appointment_closed(lapsed, page, is_refused=False)


def _end_appointments(revision, state, outcome) -> None:
    appointments.close(revision, state, outcome)
    appointments.settle_refused(revision, outcome)
