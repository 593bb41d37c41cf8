"""Appointments made and closed: the one place that writes them and a revision's `scheduled_at`.

No step of its own; the steps in the modules beside this one use it, with the page locked.
"""

from django.utils import timezone

from ..models import Appointment


def make(revision, *, does, at, by, reason="", replaced_by=None) -> Appointment:
    """A waiting appointment for the revision, which has none."""
    appointment = Appointment.objects.create(
        revision=revision,
        does=does,
        at=at,
        reason=reason,
        replaced_by=replaced_by,
        by=by,
        by_name=by.display_name,
    )
    mirror(revision, at if does == Appointment.Does.PUBLISH else None)
    return appointment


def close(revision, state, outcome: str) -> Appointment | None:
    """End what waits for this revision, saying what became of it; None where nothing waited."""
    mirror(revision, None)
    appointment = revision.appointments.waiting().select_related("by").first()
    if appointment:
        end(appointment, state, outcome)
        appointment.revision = revision
    return appointment


def with_any(revisions) -> list:
    """Those of these revisions for which something waits or was refused; one query."""
    ends = [Appointment.State.WAITING, Appointment.State.REFUSED]
    found = Appointment.objects.filter(revision__in=[r.pk for r in revisions], state__in=ends)
    concerned = set(found.values_list("revision", flat=True))
    return [r for r in revisions if r.pk in concerned or r.scheduled_at]


def end(appointment, state, outcome: str) -> None:
    """Stamp this appointment."""
    appointment.state, appointment.outcome = state, outcome
    appointment.closed_at = timezone.now()
    appointment.save(update_fields=["state", "outcome", "closed_at"])


def settle_refused(revision, outcome: str) -> None:
    """What was refused for this revision has been dealt with."""
    for appointment in revision.appointments.refused():
        end(appointment, Appointment.State.CANCELLED, f"{appointment.outcome} {outcome}")


def mirror(revision, at) -> None:
    """Keep the moment of a waiting publication in the revision itself."""
    if revision.scheduled_at != at:
        revision.scheduled_at = at
        revision.save(update_fields=["scheduled_at"])
