"""Which claims rest on a source, or are about a condition or therapy."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from editorial.models import Revision
from editorial.where_used import Use

from .models import Claim

CLAIMS = gettext_lazy("Claims on pages and in texts at work")
_STANDING = Q(anchors__revision__live_on__isnull=False) | Q(
    anchors__revision__state__in=Revision.OPEN_STATES
)


def _uses(condition: Q):
    claims = Claim.objects.filter(_STANDING, condition).select_related("page").distinct()
    for claim in claims.order_by("page__title", "pk"):
        words = f"“{claim.sentence}” ({claim.page}): {claim.get_state_display()}"
        yield Use(CLAIMS, words, reverse("admin:moderation-claim", args=[claim.pk]))


def of_source(source):
    """Those that cite it or were confirmed by it; one query."""
    return _uses(Q(claim_sources__source=source))


def of_condition(condition):
    """Those about it; one query."""
    return _uses(Q(condition=condition))


def of_therapy(therapy):
    """Those about it; one query."""
    return _uses(Q(therapy=therapy))
