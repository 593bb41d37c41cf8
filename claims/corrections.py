"""The public note left when a decision changed a published sentence."""

from . import outcomes
from .models import Claim, Correction


def note_corrections(page, before, after) -> None:
    """For each sentence of the old text that a moderator said must change and that is gone from
    the new one, leave a correction; part of the transaction that publishes."""
    if before is None or after is None:
        return
    still = after.anchors.values("claim")
    changed = Claim.objects.standing_on(before).filter(state=Claim.State.MUST_CHANGE)
    for claim in changed.exclude(pk__in=still).select_related("became"):
        now = claim.became if claim.became and _stands(claim.became, after) else None
        decision = claim.decisions.first()
        correction, _ = Correction.objects.get_or_create(
            decision=decision,
            defaults={
                "page_id": page.pk,
                "before": claim.sentence,
                "after": now.sentence if now else "",
                "reason": decision.reason,
            },
        )
        outcomes.changed(correction)


def _stands(claim, revision) -> bool:
    return claim.anchors.filter(revision=revision).exists()
