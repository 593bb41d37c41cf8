"""What people scheduled, done when its moment has come; and what is done in every round."""

import logging
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from . import actions, audit, letters, registry
from .actions import appointments
from .actions.locking import locked
from .errors import Refused
from .models import Appointment, Revision

logger = logging.getLogger(__name__)


@dataclass
class Run:
    """What one run did: pages published and withdrawn, revisions refused with the reason, and
    the names of what broke."""

    published: list = field(default_factory=list)
    withdrawn: list = field(default_factory=list)
    refused: list[tuple] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def publish_due(now=None) -> Run:
    """Publish and withdraw all that is due; what the gate refuses is taken off the calendar, and
    told to who scheduled it, the author and the editors.

    Safe to run any number of times and on any number of machines: each appointment is kept in a
    transaction that locks its page and finds it closed if another was first. What was missed is
    done in the order of its moments. What breaks is logged, waits for the next run and does not
    stop the rest.
    """
    run, now = Run(), now or timezone.now()
    for pk in list(Appointment.objects.due(now).values_list("pk", flat=True)):
        try:
            _keep(pk, now, run)
        except Refused as refusal:
            if revision := _refuse(pk, str(refusal)):
                run.refused.append((revision, str(refusal)))
        except Exception:  # one page must not stop all the others
            logger.exception("The scheduled act %d could not be done.", pk)
            run.broken.append(f"scheduled act {pk}")
    return run


def work_round(now=None) -> Run:
    """One round: all that is due, then whatever the rooms do in each round."""
    now = now or timezone.now()
    run = publish_due(now)
    for function in registry.rounds():
        try:
            function(now)
        except Exception:  # one room must not stop the others
            name = f"{function.__module__}.{function.__name__}"
            logger.exception("The round's work %s could not be done.", name)
            run.broken.append(name)
    return run


@transaction.atomic
def _keep(pk, now, run) -> None:
    appointment = _locked_waiting(pk)
    if appointment is None or appointment.at > now:
        return
    if appointment.does == Appointment.Does.PUBLISH:
        run.published.append(actions.publish(appointment.revision, by=None))
        return
    run.withdrawn.append(
        actions.withdraw(
            appointment.revision.page,
            by=None,
            reason=appointment.reason,
            replaced_by=appointment.replaced_by,
        )
    )


@transaction.atomic
def _refuse(pk, reason) -> Revision | None:
    """Close what was refused, with the reason; None when somebody has closed it meanwhile."""
    appointment = _locked_waiting(pk)
    if appointment is None:
        return None
    revision = appointment.revision
    appointments.close(revision, Appointment.State.REFUSED, reason)
    appointment.refresh_from_db(fields=["state", "outcome", "closed_at"])
    audit.record(
        "revision.schedule_refused",
        by=None,
        page=revision.page,
        subject=revision,
        reason=reason,
    )
    letters.appointment_closed(appointment, revision.page, is_refused=True)
    return revision


def _locked_waiting(pk) -> Appointment | None:
    """The appointment with its page locked, if it still waits."""
    page = locked(Appointment.objects.values_list("revision__page", flat=True).get(pk=pk))
    waiting = Appointment.objects.waiting().filter(pk=pk)
    related = waiting.select_related("revision__author", "by", "replaced_by")
    appointment = related.first()
    if appointment:
        appointment.revision.page = page
    return appointment
