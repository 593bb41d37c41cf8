"""What claims say at the publish gate."""

from django.urls import reverse

from editorial.registry import Obstacle

from .models import Claim, Flag


def claim_obstacles(revision):
    """An open blocking flag, or a sentence that a moderator said must change, stops publication."""
    flags = (
        Flag.objects.open()
        .blocking()
        .filter(claim__anchors__revision=revision)
        .select_related("claim")
        .order_by("claim__anchors__start")
    )
    for flag in flags:
        yield Obstacle(
            "blocking_flag",
            f"The sentence “{flag.claim.sentence}” waits for a moderator: {flag.explanation}",
            reverse("admin:moderation-claim", args=[flag.claim_id]),
        )
    for claim in Claim.objects.standing_on(revision).filter(state=Claim.State.MUST_CHANGE):
        decision = claim.standing_decision()
        yield Obstacle(
            "must_change",
            f"A moderator decided that the sentence “{claim.sentence}” "
            f"{decision.get_outcome_display()}: {decision.reason}",
            reverse("admin:moderation-claim", args=[claim.pk]),
        )
