"""Everything that people do to claims: flag, decide, check again."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from editorial import audit, roles
from editorial.errors import WrongState
from editorial.models import Page, Revision

from . import outcomes
from .models import Anchor, Claim, ClaimSource, Decision, Flag
from .standing import check_revision, make_claim, same_words

Outcome = Decision.Outcome

STATE_AFTER = {
    Outcome.SUPPORTED: Claim.State.SUPPORTED,
    Outcome.NOT_A_CLAIM: Claim.State.NOT_A_CLAIM,
    Outcome.REWORD: Claim.State.MUST_CHANGE,
    Outcome.ATTRIBUTE: Claim.State.MUST_CHANGE,
    Outcome.WITHDRAW: Claim.State.MUST_CHANGE,
}


@transaction.atomic
def raise_flag(claim, *, by, reason: str, explanation: str, severity="block") -> Flag:
    """Open a staff question about a claim; it is to be decided again.

    Raises WrongState when staff have an open flag on it already.
    """
    roles.require(by, "flag.raise")
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    if not explanation.strip():
        raise WrongState("Say in one sentence what is wrong with the claim.")
    try:
        with transaction.atomic():
            flag = Flag.objects.create(
                claim=claim,
                origin=Flag.Origin.MODERATOR,
                severity=severity,
                reason=reason,
                explanation=explanation.strip(),
                raised_by=by,
                raised_by_name=by.display_name,
            )
    except IntegrityError as error:
        raise WrongState("A colleague has flagged this claim already; it waits.") from error
    _reopen(claim)
    audit.record("flag.raised", by=by, page=claim.page, subject=claim, flag=flag.pk, reason=reason)
    return flag


def _reopen(claim) -> None:
    if claim.state != Claim.State.OPEN:
        claim.state = Claim.State.OPEN
        claim.save(update_fields=["state"])


@transaction.atomic
def decide(claim, *, by, outcome: str, reason: str, sources=()) -> Decision:
    """Answer every open flag of a claim. “Supported” names sources, none of them retracted.

    Raises WrongState when nothing is open (somebody else was first) or the answer is incomplete.
    """
    roles.require(by, "flag.decide")
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    outcome, reason, sources = Outcome(outcome), reason.strip(), list(sources)
    flags = list(claim.flags.open())
    if not flags:
        raise WrongState("No flag is open on this claim; a colleague may have decided it already.")
    if not reason:
        raise WrongState("Give the reason for your decision; readers and authors see it.")
    _check_sources(outcome, sources)
    decision = Decision.objects.create(
        claim=claim,
        sentence=claim.sentence,
        outcome=outcome,
        reason=reason,
        decided_by=by,
        decided_by_name=by.display_name,
    )
    decision.sources.set(sources)
    now = timezone.now()
    claim.flags.open().update(state=Flag.State.DECIDED, closed_at=now, decision=decision)
    outcomes.decided(decision)
    claim.state = STATE_AFTER[outcome]
    claim.save(update_fields=["state"])
    for source in sources:
        ClaimSource.objects.update_or_create(
            claim=claim,
            source=source,
            defaults={"confirmed_at": now, "confirmed_by_name": by.display_name},
        )
    audit.record(
        "claim.decided",
        by=by,
        page=claim.page,
        subject=claim,
        claim=claim.pk,
        outcome=outcome.value,
        reason=reason,
        flags=[f.pk for f in flags],
        sources=[s.key for s in sources],
    )
    return decision


def _check_sources(outcome, sources) -> None:
    if outcome == Outcome.SUPPORTED and not sources:
        raise WrongState("Name at least one source that supports the sentence.")
    for source in sources:
        if source.is_retracted:
            raise WrongState(f"{source.label} was retracted, so it can support nothing.")


@transaction.atomic
def claim_sentence(page, sentence: str) -> Anchor:
    """Where a sentence of the text that readers see stands as a claim; made one if it was none.

    Blanks at its ends and runs of blanks do not count. Raises WrongState when the page is not
    published, or no such sentence stands in its text.
    """
    page = Page.objects.select_for_update().get(pk=page.pk)
    if not page.is_published:
        raise WrongState(f"“{page}” is not published any more, so its sentences are not either.")
    revision = page.live_revision
    for anchor in revision.anchors.select_related("claim"):
        if same_words(anchor.exact, sentence):
            return anchor
    anchor = make_claim(revision, sentence)
    if anchor is None:
        raise WrongState(
            f"These words are no sentence of “{page}”. It may have been changed while you were "
            "reading: choose the sentence from the list again."
        )
    audit.record("claim.made", by=None, page=page, subject=anchor.claim, claim=anchor.claim_id)
    return anchor


def recheck_site(progress=lambda done, total: None) -> int:
    """Check every live and every open revision again with today's rules; returns how many.

    Each in a transaction of its own, so that editors are not kept waiting.
    """
    wanted = [*Revision.OPEN_STATES, Revision.State.PUBLISHED]
    keys = list(Revision.objects.filter(state__in=wanted).values_list("pk", flat=True))
    for done, pk in enumerate(keys, 1):
        with transaction.atomic():
            revision = Revision.objects.select_for_update().filter(pk=pk).first()
            if revision and revision.state in wanted:
                check_revision(revision)
        progress(done, len(keys))
    return len(keys)
