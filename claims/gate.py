"""What claims say at the publish gate."""

from django.urls import reverse
from django.utils.translation import gettext

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
            gettext("The sentence “%(sentence)s” waits for a moderator: %(explanation)s")
            % {"sentence": flag.claim.sentence, "explanation": flag.explanation},
            reverse("admin:moderation-claim", args=[flag.claim_id]),
        )
    for claim in Claim.objects.standing_on(revision).filter(state=Claim.State.MUST_CHANGE):
        decision = claim.standing_decision()
        yield Obstacle(
            "must_change",
            gettext("A moderator decided that the sentence “%(sentence)s” %(outcome)s: %(reason)s")
            % {
                "sentence": claim.sentence,
                "outcome": decision.get_outcome_display(),
                "reason": decision.reason,
            },
            reverse("admin:moderation-claim", args=[claim.pk]),
        )
