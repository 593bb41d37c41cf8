"""What readers see: a revision published, with or without review; a page withdrawn."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from .. import audit, forms, gate, letters, policy, registry, roles
from ..errors import InvalidContent, WrongState
from ..models import Appointment, Page, Revision
from . import appointments
from .locking import given, locked, locked_revision
from .redirecting import leave_redirect, take_back_address
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
    page = make_live(page, revision, by=by, verb="page.published")
    letters.published(page, revision, by=by)
    return page


@transaction.atomic
def publish_override(revision, *, by, reason: str, first_published_at=None) -> Page:
    """Publish without review here: an administrator's act for a library published elsewhere.

    Recorded as an Event; readers see “not yet reviewed here”; its flags stay open.
    `first_published_at` is when it first appeared, elsewhere; a moment in the future is ignored.
    """
    page, revision = locked_revision(revision, State.DRAFT)
    roles.require(by, "page.override", page)
    revision.override_reason = given(reason, gettext("Say why this goes out without review here."))
    revision.save(update_fields=["override_reason"])
    if not revision.is_told:
        tell_rooms(revision)
    if first_published_at and first_published_at < timezone.now():
        page.first_published_at = page.first_published_at or first_published_at
    return make_live(page, revision, by=by, verb="page.published_by_override", reason=reason)


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
    audit.record(
        "page.withdrawn",
        by=by,
        page=page,
        reason=reason,
        replaced_by=replaced_by.pk if replaced_by else None,
    )
    letters.withdrawn(page, reason, by=by)
    registry.page_changed(page, before, None)
    return page


def make_live(page, revision, *, by, verb, **data) -> Page:
    """Write the revision through its form into the page's row; the one place that does."""
    before, was_public, old_slug = page.live_revision, page.first_published_at, page.slug
    specific = page.specific
    form = forms.bound_form(registry.kinds[page.kind], revision.content, specific)
    if not form.is_valid():
        raise InvalidContent({name: list(map(str, e)) for name, e in form.errors.items()})
    now = timezone.now()
    if before:
        _supersede(page, before, revision)
    _end_appointments(
        revision, Done, gettext("Revision %(number)s was published.") % {"number": revision.number}
    )
    revision.state = State.PUBLISHED
    revision.save(update_fields=["state"])
    take_back_address(page, form.cleaned_data["slug"])
    specific.status, specific.live_revision = Page.Status.PUBLISHED, revision
    specific.published_at = now
    specific.first_published_at = page.first_published_at or now
    specific.withdrawn_at, specific.withdrawn_reason = None, ""
    specific.replaced_by = None
    stamp_review(specific, revision)
    form.save()
    if was_public:
        leave_redirect(specific, old_slug, by=by)
    # What the page rests on is known only now that its relations are saved.
    last_reviewed = timezone.localdate(specific.reviewed_at or now)
    specific.review_due = policy.latest_due(specific, last_reviewed)
    specific.save(update_fields=["review_due"])
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
