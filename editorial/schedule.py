"""Publishing what people scheduled, when its moment has come."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from . import actions, audit
from .errors import Refused
from .models import Revision


@dataclass
class Run:
    """What one run did: pages published, and revisions refused with the reason."""

    published: list = field(default_factory=list)
    refused: list[tuple] = field(default_factory=list)


def publish_due(now=None) -> Run:
    """Publish every revision that is due; one that the gate refuses is taken off the schedule.

    Safe to run any number of times and on any number of machines: each revision is published
    in a transaction that locks its page and finds it no longer due if another was first.
    """
    run = Run()
    due = Revision.objects.due(now or timezone.now()).order_by("scheduled_at")
    for pk in list(due.values_list("pk", flat=True)):
        try:
            page = _publish_if_still_due(pk)
            if page:
                run.published.append(page)
        except Refused as refusal:
            run.refused.append((_unschedule(pk, str(refusal)), str(refusal)))
    return run


@transaction.atomic
def _publish_if_still_due(pk):
    revision = Revision.objects.select_for_update().filter(pk=pk).first()
    if revision is None or revision.scheduled_at is None:
        return None
    return actions.publish(revision, by=None)


@transaction.atomic
def _unschedule(pk, reason) -> Revision:
    revision = Revision.objects.select_for_update().select_related("page").get(pk=pk)
    revision.scheduled_at = None
    revision.save(update_fields=["scheduled_at"])
    audit.record(
        "revision.schedule_refused",
        by=None,
        page=revision.page,
        subject=revision,
        reason=reason,
    )
    return revision
