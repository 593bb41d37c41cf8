"""What the desk's first page says of assessments."""

from django.urls import reverse
from django.utils.translation import gettext

from editorial import roles
from editorial.registry import Card

from .models import Assessment, AssessmentVersion
from .versions import State
from .words import Footing


def assessment_cards(user):
    """Drafts that this person may approve, and assessments that rest on nothing sound."""
    drafts = reverse("admin:therapies_assessmentversion_changelist") + "?state__exact=draft"
    if roles.can(user, "assessment.approve"):
        waiting = AssessmentVersion.objects.filter(state=State.DRAFT).exclude(author=user)
        yield Card(gettext("Assessments waiting for approval"), waiting.count(), drafts)
    if roles.can(user, "assessment.edit"):
        fallen = Assessment.objects.filter(footing=Footing.NOTHING).count()
        address = reverse("admin:therapies_assessment_changelist") + "?footing__exact=nothing"
        yield Card(
            gettext("Assessments that rest on nothing sound"), fallen, address, is_urgent=fallen > 0
        )
