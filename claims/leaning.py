"""Which sentences on readers' pages speak of a pair that has an assessment."""

from django.db.models import Count, Q

from editorial.freshness import keys_of

from .models import Anchor, Claim, Flag

SHOWN = 12


def leaning_on(assessment) -> dict:
    """`leaning`, the anchors of up to SHOWN claims on the pair, and how many more; two queries."""
    anchors = (
        Anchor.objects.live()
        .filter(claim__therapy=assessment.therapy_id, claim__condition=assessment.condition_id)
        .exclude(claim__state=Claim.State.NOT_A_CLAIM)
    )
    shown = (
        anchors.select_related("claim", "revision__live_on")
        .annotate(questions=Count("claim__flags", filter=Q(claim__flags__in=Flag.objects.told())))
        .order_by("revision__live_on__title", "start")[:SHOWN]
    )
    leaning = list(shown)
    return {
        "leaning": leaning,
        "leaning_more": max(anchors.count() - SHOWN, 0),
        "keys": {
            "list:claim",
            *keys_of("claim", [anchor.claim_id for anchor in leaning]),
            *keys_of("page", [anchor.revision.page_id for anchor in leaning]),
        },
    }
