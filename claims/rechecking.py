"""Checking the site again, a stretch in each round: all of it after the rules changed, and what was
imported in one go, which is not read closely until then."""

import logging
from time import monotonic

from django.db import transaction
from django.utils import timezone

from editorial.models import Revision

from .models import Recheck

logger = logging.getLogger(__name__)

STRETCH = 20  # seconds of one round
CHECKED = (*Revision.OPEN_STATES, Revision.State.PUBLISHED)


def texts():
    """Every text that is live or being worked on."""
    return Revision.objects.filter(state__in=CHECKED)


def ask(*, by) -> Recheck:
    """Have the site checked again from the beginning; part of the transaction of what asks."""
    return Recheck.objects.update_or_create(
        pk=1,
        defaults={
            "asked_at": timezone.now(),
            "asked_by_name": by.display_name,
            "last_pk": 0,
            "done": 0,
            "total": texts().count(),
            "finished_at": None,
        },
    )[0]


def go_back_to(pk: int) -> None:
    """Have this revision and all later ones checked again; part of the transaction of what asks."""
    going_on = Recheck.objects.select_for_update().filter(finished_at=None).first()
    if going_on and going_on.last_pk < pk:
        return
    # Nobody's name: it is not for a rule that somebody changed.
    Recheck.objects.update_or_create(
        pk=1,
        defaults={
            "asked_at": timezone.now(),
            "asked_by_name": "",
            "last_pk": pk - 1,
            "done": 0,
            "total": texts().filter(pk__gte=pk).count(),
            "finished_at": None,
        },
    )


def check_again(pk: int):
    """Check one revision with today's rules, in a transaction of its own.

    Answers the revision and the checker's report; None where it is no such text any more.
    """
    from .standing import check_revision  # it asks for the rules, and those ask for this module

    with transaction.atomic():
        revision = texts().select_for_update().filter(pk=pk).first()
        return (revision, check_revision(revision)) if revision else None


def go_on(now=None) -> None:
    """Part of every round: a further stretch of what is to be checked again, the oldest first.

    Two machines may both do it; the work is then done twice, never left out.
    """
    begun = monotonic()
    while monotonic() - begun < STRETCH:
        row = Recheck.objects.filter(finished_at=None).first()
        if row is None:
            return
        pk = texts().filter(pk__gt=row.last_pk).order_by("pk").values_list("pk", flat=True).first()
        if pk is not None:
            _check_or_log(pk)
        # A rule saved meanwhile asked anew: then this leaves its row alone.
        mine = Recheck.objects.filter(pk=1, asked_at=row.asked_at, last_pk=row.last_pk)
        if pk is None:
            mine.update(finished_at=timezone.now())
        else:
            mine.update(last_pk=pk, done=row.done + 1)


def _check_or_log(pk: int) -> None:
    try:
        check_again(pk)
    except Exception:  # one text must not keep the others from being checked
        logger.exception("Revision %s could not be checked again.", pk)


def progress() -> Recheck | None:
    """How far the last one is; None where the rules were never changed."""
    return Recheck.objects.first()
