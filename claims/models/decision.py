from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from evidence.models import Source

from .claim import Claim


class DecisionQuerySet(models.QuerySet):
    """Decisions by whether they stand."""

    def standing(self):
        """Those that nobody took back."""
        return self.filter(undoing__isnull=True)


class Decision(models.Model):
    """A moderator's answer to the open flags of a claim. Never changed; a later one may follow."""

    class Outcome(models.TextChoices):
        SUPPORTED = "supported", gettext_lazy("supported by sources")
        REWORD = "reword", gettext_lazy("must be reworded")
        ATTRIBUTE = "attribute", gettext_lazy("must say who says so")
        NOT_A_CLAIM = "not_a_claim", gettext_lazy("not a claim")
        WITHDRAW = "withdraw", gettext_lazy("must be taken out")
        NOTHING_WRONG = "nothing_wrong", gettext_lazy("looked at, nothing wrong")

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="decisions")
    sentence = models.TextField(
        help_text=gettext_lazy("The sentence as it stood when it was decided.")
    )
    outcome = models.CharField(max_length=13, choices=Outcome.choices)
    reason = models.TextField()
    sources = models.ManyToManyField(Source, blank=True, related_name="decisions")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="decisions"
    )
    decided_by_name = models.CharField(max_length=150)
    decided_at = models.DateTimeField(auto_now_add=True, db_index=True)
    state_before = models.CharField(max_length=13, default="open", editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="decision_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="decision_outcome_known",
                condition=Q(
                    outcome__in=[
                        "supported",
                        "reword",
                        "attribute",
                        "not_a_claim",
                        "withdraw",
                        "nothing_wrong",
                    ]
                ),
            ),
        ]

    def __str__(self):
        return f"{self.get_outcome_display()}: {self.sentence[:60]}"


class Undoing(models.Model):
    """A decision that was taken back soon after. The decision itself stays as it was."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="undoing")
    reason = models.TextField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    undone_by_name = models.CharField(max_length=150)
    undone_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="undoing_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self):
        return gettext("Taken back: %(decision)s") % {"decision": self.decision}
