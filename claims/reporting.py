"""A reader asks about a sentence: the question is kept, and joins or raises one flag."""

import secrets

from django.db import transaction

from editorial import audit
from editorial.models import Page

from . import actions
from .models import Claim, Flag, Report

Reason = Flag.Reason

# reason -> (in readers' words, what would settle it)
REASONS = {
    Reason.NO_SOURCE: ("It gives no source", "Cite a source that says what it says."),
    Reason.NOT_SUPPORTED: (
        "Its source does not say this",
        "Compare it with the passage of the source; reword it or cite another.",
    ),
    Reason.OVERSTATED: (
        "It claims more than is known",
        "Say it as surely as the evidence allows, and no surer.",
    ),
    Reason.OUTDATED: ("It is out of date", "Look for newer evidence, and say of when this is."),
    Reason.SOURCE_IN_DOUBT: (
        "Its source was retracted or is in doubt",
        "Look the source up; record a notice if there is one, or cite another.",
    ),
    Reason.MISSING_HARM: (
        "It leaves out a harm, or what it was compared with",
        "Name the harm or the comparison in the sentence or beside it.",
    ),
    Reason.WRONG_NUMBER: ("A number is wrong", "Compare the number with the source."),
    Reason.UNSAFE: (
        "Doing what it says could harm somebody",
        "Read it as a patient would; take it out or reword it if it can do harm.",
    ),
    Reason.UNCLEAR: ("I cannot tell what it means", "Say it in plainer words."),
    Reason.COMMERCIAL: (
        "It reads like an advertisement",
        "Take out what only sells, or say who says so and what they earn by it.",
    ),
    Reason.OTHER: ("Something else", "Read what the readers wrote."),
}


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
    return kept


def _flag(claim, page, reason) -> Flag:
    """The claim's open reader's flag: a new one, or the one that is there, made graver if need be.

    Its explanation is public, so it holds none of the reader's words.
    """
    blocks = reason == Reason.UNSAFE
    words, remedy = REASONS[reason]
    values = {
        "severity": Flag.Severity.BLOCK if blocks else Flag.Severity.ADVISE,
        "reason": reason,
        "explanation": f"A reader asks about it: “{words}.”",
        "remedy": remedy,
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
