"""A reader asks about a sentence: the question is kept, and joins or raises one flag."""

import secrets

from django.db import transaction
from django.utils.translation import gettext

from editorial import audit, freshness
from editorial.models import Page

from . import actions, queueing
from .models import Claim, Flag, Report
from .reasons import REASONS

Reason = Flag.Reason


@transaction.atomic
def report(page, *, sentence: str, reason: str, text: str, form_key: str, source="", email=""):
    """Keep a reader's question about a sentence of the live text; returns the Report.

    The first about a claim raises its one reader's flag, later ones join it: unsafe advice stops
    publication, anything else advises. The claim keeps its decision until a moderator answers.
    The same `form_key` again returns the same Report. Raises WrongState when no such sentence
    stands on the page.
    """
    page = Page.objects.select_for_update().get(pk=page.pk)
    sent_before = Report.objects.filter(form_key=form_key).first()
    if sent_before:
        return sent_before
    anchor = actions.claim_sentence(page, sentence)
    claim = Claim.objects.select_for_update().get(pk=anchor.claim_id)
    flag = _flag(claim, page, Reason(reason))
    kept = Report.objects.create(
        claim=claim,
        flag=flag,
        sentence=anchor.exact,
        reason=reason,
        text=text,
        source_given=source,
        email=email,
        token=secrets.token_urlsafe(24),
        form_key=form_key,
    )
    queueing.refresh([claim.pk])
    # No word of the reader's, and no address: events are kept for ever.
    audit.record(
        "report.made",
        by=None,
        page=page,
        subject=claim,
        report=kept.pk,
        flag=flag.pk,
        reason=reason,
    )
    # Page and claim say how often they were questioned.
    freshness.stale(f"page:{page.pk}", f"claim:{claim.pk}", "list:claim")
    return kept


def _flag(claim, page, reason) -> Flag:
    """The claim's open reader's flag: a new one, or the one that is there, made graver if need be.

    Its explanation is public, so it holds none of the reader's words.
    """
    row = REASONS[reason]
    blocks = row.from_reader == Flag.Severity.BLOCK
    values = {
        "severity": row.from_reader,
        "reason": reason,
        "explanation": gettext("A reader asks about it: “%(asked)s.”") % {"asked": row.asked},
        "remedy": row.remedy,
    }
    flag = claim.flags.open().filter(origin=Flag.Origin.READER).first()
    if flag is None:
        flag = Flag.objects.create(
            claim=claim, origin=Flag.Origin.READER, raised_by_name="a reader", **values
        )
    elif blocks and flag.severity != Flag.Severity.BLOCK:
        for name, value in values.items():
            setattr(flag, name, value)
        flag.save(update_fields=list(values))
    else:
        return flag
    audit.record(
        "flag.raised",
        by=None,
        page=page,
        subject=claim,
        flag=flag.pk,
        reason=reason.value,
        severity=flag.severity,
    )
    return flag
