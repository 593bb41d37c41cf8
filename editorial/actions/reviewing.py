"""Review: a draft submitted, asked of somebody, taken, given back, sent back, approved."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from .. import audit, letters, policy, roles
from ..errors import NotAllowed, WrongState
from ..models import Appointment, Approval, Revision
from . import appointments
from .locking import given, locked_revision
from .writing import tell_rooms

State = Revision.State


@transaction.atomic
def submit(revision, *, by, note: str = "", reviewer=None, due=None) -> Revision:
    """Ask for review of a draft, of a named reviewer or of the pool, by a day or not.

    From here on its content cannot be changed. Raises NotAllowed when the reviewer may not
    judge this text, WrongState for a day that has passed.
    """
    page, revision = locked_revision(revision, State.DRAFT)
    roles.require(by, "page.submit", page)
    _set_reviewer(page, revision, reviewer, due, by)
    revision.state, revision.submitted_at = State.IN_REVIEW, timezone.now()
    revision.note = note or revision.note
    revision.save(
        update_fields=["state", "submitted_at", "note", "reviewer", "reviewer_since", "review_by"]
    )
    audit.record(
        "revision.submitted",
        by=by,
        page=page,
        subject=revision,
        digest=revision.digest,
        note=note,
        **_asked(revision),
    )
    tell_rooms([revision])  # what the site knows may have grown since it was saved
    if reviewer:
        letters.asked_for_review(page, revision, by=by)
    return revision


@transaction.atomic
def assign(revision, *, by, reviewer=None, due=None) -> Revision:
    """Ask this reviewer, or the pool, to review what was submitted; they are told by mail."""
    page, revision = locked_revision(revision, State.IN_REVIEW)
    roles.require(by, "page.assign", page)
    _set_reviewer(page, revision, reviewer, due, by)
    revision.save(update_fields=["reviewer", "reviewer_since", "review_by"])
    audit.record("revision.assigned", by=by, page=page, subject=revision, **_asked(revision))
    if reviewer:
        letters.asked_for_review(page, revision, by=by)
    return revision


@transaction.atomic
def take_review(revision, *, by) -> Revision:
    """A reviewer takes a text out of the pool. Refused when somebody has it."""
    page, revision = locked_revision(revision, State.IN_REVIEW)
    roles.require(by, "page.approve", page)
    if revision.reviewer_id:
        who = (
            gettext("You have")
            if revision.reviewer_id == by.pk
            else gettext("%(reviewer)s has") % {"reviewer": revision.reviewer}
        )
        raise WrongState(gettext("%(who)s this review already.") % {"who": who})
    _set_reviewer(page, revision, by, revision.review_by, by)
    revision.save(update_fields=["reviewer", "reviewer_since"])
    audit.record("revision.review_taken", by=by, page=page, subject=revision)
    return revision


@transaction.atomic
def release_review(revision, *, by) -> Revision:
    """Give a review back to the pool: the reviewer's own, or anybody's by who may assign."""
    page, revision = locked_revision(revision, State.IN_REVIEW)
    if revision.reviewer_id is None:
        raise WrongState(gettext("Nobody has this review; it is in the pool already."))
    if revision.reviewer_id != by.pk:
        roles.require(by, "page.assign", page)
    else:
        roles.require(by, "page.approve", page)
    before = revision.reviewer.display_name
    revision.reviewer = revision.reviewer_since = None
    revision.save(update_fields=["reviewer", "reviewer_since"])
    audit.record("revision.review_released", by=by, page=page, subject=revision, reviewer=before)
    return revision


@transaction.atomic
def request_changes(revision, *, by, reason: str) -> Revision:
    """Send a submitted or approved revision back to its author, saying why."""
    page, revision = locked_revision(revision, State.IN_REVIEW, State.APPROVED)
    roles.require(by, "page.request_changes", page)
    reason = given(reason, gettext("Say what should change, so that the author can act on it."))
    appointments.close(
        revision,
        Appointment.State.CANCELLED,
        gettext("%(display_name)s sent the text back.") % {"display_name": by.display_name},
    )
    revision.state = State.CHANGES_REQUESTED
    revision.save(update_fields=["state"])
    audit.record("revision.changes_requested", by=by, page=page, subject=revision, reason=reason)
    letters.changes_requested(page, revision, reason, by=by)
    return revision


@transaction.atomic
def approve(revision, *, by, note: str = "") -> Revision:
    """Approve exactly this text; `note` is what was checked.

    Nobody approves a text that holds words of their own or that is about something they have
    declared an interest in. Where the kind of page demands a second reviewer, the first leaves
    it in review, back in the pool.
    """
    page, revision = locked_revision(revision, State.IN_REVIEW)
    roles.require(by, "page.approve", page)
    if refusal := policy.why_not(by, page, revision):
        raise NotAllowed(refusal)
    if revision.reviewer_id and revision.reviewer_id != by.pk:
        raise WrongState(
            gettext("%(reviewer)s has this review. An editor can give it to you or to the pool.")
            % {"reviewer": revision.reviewer}
        )
    if revision.approvals.filter(by=by).exists():
        raise WrongState(
            gettext("You have approved this text already; somebody else must be the second.")
        )
    now = timezone.now()
    Approval.objects.create(
        revision=revision,
        by=by,
        by_name=by.display_name,
        title=by.title,
        interests=by.interests,
        checked=note,
        at=now,
    )
    needed, has = policy.of(page.kind).approvals_needed, revision.approvals.count()
    said = {"digest": revision.digest, "note": note, "approvals": has, "needed": needed}
    if has < needed:
        revision.reviewer = revision.reviewer_since = None
        revision.save(update_fields=["reviewer", "reviewer_since"])
        audit.record("revision.approved_first", by=by, page=page, subject=revision, **said)
        return revision
    revision.state, revision.approved_at = State.APPROVED, now
    revision.approved_by, revision.approved_by_name = by, by.display_name
    revision.save(update_fields=["state", "approved_at", "approved_by", "approved_by_name"])
    audit.record("revision.approved", by=by, page=page, subject=revision, **said)
    letters.approved(page, revision, by=by)
    return revision


def _set_reviewer(page, revision, reviewer, due, by) -> None:
    """Put reviewer and day into the revision, unsaved. The reviewer must be one who may judge."""
    if due and due < timezone.localdate():
        raise WrongState(
            gettext("The day by which the review is wanted has passed. Choose a later one.")
        )
    if reviewer:
        if not roles.can(reviewer, "page.approve"):
            raise NotAllowed(
                gettext("%(reviewer)s is no medical reviewer. Choose one who is.")
                % {"reviewer": reviewer}
            )
        if refusal := policy.why_not(reviewer, page, revision):
            raise NotAllowed(refusal if reviewer.pk == by.pk else _of_other(reviewer))
    revision.reviewer, revision.review_by = reviewer, due
    revision.reviewer_since = timezone.now() if reviewer else None


def _of_other(reviewer) -> str:
    return gettext(
        "%(reviewer)s cannot review this text: they wrote part of it, or have "
        "declared an interest in what it is about. Choose somebody else."
    ) % {"reviewer": reviewer}


def _asked(revision) -> dict:
    return {
        "reviewer": revision.reviewer.display_name if revision.reviewer else "",
        "review_by": revision.review_by.isoformat() if revision.review_by else "",
    }
