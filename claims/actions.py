"""Everything that people do to claims: flag, decide, check again."""

import logging

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from editorial import audit, freshness, roles
from editorial.errors import WrongState
from editorial.models import Page

from . import queueing, rechecking
from .deciding import decide, decide_each, decide_everywhere, describe, repeat, undo
from .models import Anchor, Claim, Flag
from .reasons import row
from .site_report import Found, Summary
from .standing import make_claim, same_words

logger = logging.getLogger(__name__)

__all__ = [
    "claim_sentence",
    "decide",
    "decide_each",
    "decide_everywhere",
    "describe",
    "raise_flag",
    "recheck_site",
    "repeat",
    "undo",
]


@transaction.atomic
def raise_flag(claim, *, by, reason: str, explanation: str, severity="") -> Flag:
    """Open a staff question about a claim; it is to be decided again.

    `severity` is the reason's own (claims/reasons.py) unless another one is given. Raises
    WrongState when staff have an open flag on it already.
    """
    roles.require(by, "flag.raise")
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    if not explanation.strip():
        raise WrongState(gettext("Say in one sentence what is wrong with the claim."))
    try:
        with transaction.atomic():
            flag = Flag.objects.create(
                claim=claim,
                origin=Flag.Origin.MODERATOR,
                severity=severity or row(reason).severity,
                reason=reason,
                explanation=explanation.strip(),
                raised_by=by,
                raised_by_name=by.display_name,
            )
    except IntegrityError as error:
        raise WrongState(
            gettext("A colleague has flagged this claim already; it waits.")
        ) from error
    _reopen(claim)
    queueing.refresh([claim.pk])
    audit.record("flag.raised", by=by, page=claim.page, subject=claim, flag=flag.pk, reason=reason)
    freshness.stale(f"claim:{claim.pk}", f"page:{claim.page_id}", "list:claim")
    return flag


def _reopen(claim) -> None:
    if claim.state != Claim.State.OPEN:
        claim.state = Claim.State.OPEN
        claim.save(update_fields=["state"])


@transaction.atomic
def claim_sentence(page, sentence: str) -> Anchor:
    """Where a sentence of the text that readers see stands as a claim; made one if it was none.

    Blanks at its ends and runs of blanks do not count. Raises WrongState when the page is not
    published, or no such sentence stands in its text.
    """
    page = Page.objects.select_for_update().get(pk=page.pk)
    if not page.is_published:
        raise WrongState(
            gettext("“%(page)s” is not published any more, so its sentences are not either.")
            % {"page": page}
        )
    revision = page.live_revision
    for anchor in revision.anchors.select_related("claim"):
        if same_words(anchor.exact, sentence):
            return anchor
    anchor = make_claim(revision, sentence)
    if anchor is None:
        raise WrongState(
            gettext(
                "These words are no sentence of “%(page)s”. It may have been changed "
                "while you were reading: choose the sentence from the list again."
            )
            % {"page": page}
        )
    audit.record("claim.made", by=None, page=page, subject=anchor.claim, claim=anchor.claim_id)
    return anchor


def recheck_site(progress=lambda done, total: None) -> Summary:
    """Check every live and every open revision again with today's rules; says what was found.

    Each in a transaction of its own, so that editors are not kept waiting. A text that cannot be
    checked is named in the answer, and the rest go on.
    """
    summary = Summary()
    keys = list(rechecking.texts().values_list("pk", flat=True))
    for done, pk in enumerate(keys, 1):
        try:
            answer = rechecking.check_again(pk)
        except Exception as error:  # whatever it is, the other texts are checked
            logger.exception("Revision %s could not be checked again.", pk)
            summary.failed[f"Text {pk}"] = f"{type(error).__name__}: {error}"
        else:
            if answer:
                revision, report = answer
                summary.texts.append(Found(_name_of(revision), _about(revision), report))
        progress(done, len(keys))
    return summary


def _name_of(revision) -> str:
    where = f"revision {revision.number}, {revision.get_state_display()}"
    return f"{revision.content['title']} ({revision.page.kind}, {where})"


def _about(revision) -> dict:
    return {
        "page": revision.page_id,
        "kind": revision.page.kind,
        "revision": revision.number,
        "state": revision.state,
    }
