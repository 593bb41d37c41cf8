"""Appointments: an exact revision goes out, or comes down, at a moment in the future."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from .. import audit, roles
from ..errors import WrongState
from ..models import Appointment, Revision
from . import appointments
from .locking import given, locked, locked_revision

State = Revision.State


@transaction.atomic
def schedule(revision, *, by, at) -> Revision:
    """Publish this approved revision at a future moment, if the gate is open then.

    A moment that was set before gives way to this one.
    """
    page, revision = locked_revision(revision, State.APPROVED)
    roles.require(by, "page.schedule", page)
    _require_future(at, "publish now")
    _replace(revision, by)
    appointments.make(revision, does=Appointment.Does.PUBLISH, at=at, by=by)
    audit.record(
        "revision.scheduled", by=by, page=page, subject=revision, scheduled_at=at.isoformat()
    )
    return revision


@transaction.atomic
def schedule_withdrawal(revision, *, by, at, reason: str, replaced_by=None) -> Revision:
    """Withdraw the page at a future moment, if readers still see this revision then."""
    page, revision = locked_revision(revision, State.PUBLISHED)
    roles.require(by, "page.schedule", page)
    roles.require(by, "page.withdraw", page)
    reason = given(reason, gettext("Say why the page is withdrawn; readers see this."))
    require_other(page, replaced_by)
    _require_future(at, "withdraw it now")
    _replace(revision, by)
    appointments.make(
        revision,
        does=Appointment.Does.WITHDRAW,
        at=at,
        by=by,
        reason=reason,
        replaced_by=replaced_by,
    )
    audit.record(
        "revision.withdrawal_scheduled",
        by=by,
        page=page,
        subject=revision,
        scheduled_at=at.isoformat(),
        reason=reason,
        replaced_by=replaced_by.pk if replaced_by else None,
    )
    return revision


@transaction.atomic
def move_schedule(appointment, *, by, at) -> Appointment:
    """Another moment for what waits, or for what was refused."""
    page, appointment = _locked_appointment(appointment, "moved")
    roles.require(by, "page.schedule", page)
    does = Appointment.Does
    _require_future(at, "publish now" if appointment.does == does.PUBLISH else "withdraw it now")
    revision = appointment.revision
    wanted = State.APPROVED if appointment.does == does.PUBLISH else State.PUBLISHED
    if revision.state != wanted:
        raise WrongState(
            gettext(
                "Revision %(number)s of “%(page)s” is %(state)s by now. Schedule the "
                "revision that stands."
            )
            % {"number": revision.number, "page": page, "state": revision.get_state_display()}
        )
    before = appointment.at
    appointment.at, appointment.state = at, Appointment.State.WAITING
    appointment.closed_at, appointment.outcome = None, ""
    appointment.save(update_fields=["at", "state", "closed_at", "outcome"])
    if appointment.does == does.PUBLISH:
        appointments.mirror(revision, at)
    audit.record(
        "revision.schedule_moved",
        by=by,
        page=page,
        subject=revision,
        before=before.isoformat(),
        scheduled_at=at.isoformat(),
    )
    return appointment


@transaction.atomic
def cancel_schedule(appointment, *, by) -> Appointment:
    """Take off the calendar what waits, or what was refused and is to be forgotten."""
    page, appointment = _locked_appointment(appointment, "cancelled")
    roles.require(by, "page.schedule", page)
    outcome = f"{appointment.outcome} {by.display_name} took it off the calendar.".strip()
    appointments.mirror(appointment.revision, None)
    appointments.end(appointment, Appointment.State.CANCELLED, outcome)
    audit.record("revision.schedule_cancelled", by=by, page=page, subject=appointment.revision)
    return appointment


def _locked_appointment(appointment, done: str):
    page = locked(appointment.revision.page_id)
    fresh = Appointment.objects.select_related("revision").get(pk=appointment.pk)
    fresh.revision.page = page
    if fresh.state not in (Appointment.State.WAITING, Appointment.State.REFUSED):
        raise WrongState(
            f"This was {fresh.get_state_display()} already, so it cannot be {done}. "
            f"{fresh.outcome}".strip()
        )
    return page, fresh


def _require_future(at, instead: str) -> None:
    if at <= timezone.now():
        raise WrongState(
            gettext("That moment has passed. Choose one in the future, or %(instead)s.")
            % {"instead": instead}
        )


def _replace(revision, by) -> None:
    """What was set for this revision before gives way."""
    outcome = gettext("%(display_name)s chose another moment.") % {"display_name": by.display_name}
    appointments.close(revision, Appointment.State.CANCELLED, outcome)
    appointments.settle_refused(revision, outcome)


def require_other(page, replaced_by) -> None:
    """WrongState when a page is said to be replaced by itself."""
    if replaced_by and replaced_by.pk == page.pk:
        raise WrongState(gettext("A page cannot take its own place. Choose another page, or none."))
