from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from .claim import Claim


class QueueItem(models.Model):
    """A claim that waits for a moderator: where it ranks and why, and who is at it.

    Kept by claims/queueing.py whenever a flag, a text or a page changes, so that the queue reads
    one small table however many claims there are. `version` grows with every change to what there
    is to decide.
    """

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, related_name="queue_item")
    rank = models.PositiveSmallIntegerField(help_text=gettext_lazy("The lower the sooner."))
    since = models.DateTimeField(
        help_text=gettext_lazy("When the oldest of its open flags was raised.")
    )
    is_safety = models.BooleanField()
    is_live = models.BooleanField(help_text=gettext_lazy("Whether readers see the sentence now."))
    blocks = models.BooleanField(help_text=gettext_lazy("Whether it stops a publication."))
    reason = models.CharField(max_length=20, help_text=gettext_lazy("That of its gravest flag."))
    origins = models.JSONField(default=list)
    why = models.CharField(
        max_length=300, help_text=gettext_lazy("Why it ranks where it does, in words.")
    )
    version = models.PositiveIntegerField(default=1)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="claimed_items"
    )
    claimed_by_name = models.CharField(max_length=150, blank=True)
    claimed_until = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    escalated_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["rank", "since", "claim_id"]
        constraints = [
            models.CheckConstraint(
                name="queue_item_claimed_means_until",
                condition=Q(claimed_until__isnull=True, claimed_by_name="")
                | Q(claimed_until__isnull=False) & ~Q(claimed_by_name=""),
            ),
            models.CheckConstraint(
                name="queue_item_escalated_by_somebody",
                condition=Q(escalated_at__isnull=True) | ~Q(escalated_by_name=""),
            ),
            models.CheckConstraint(
                name="queue_item_safety_comes_first",
                condition=Q(is_safety=True, rank__lt=1000) | Q(is_safety=False, rank__gte=1000),
            ),
        ]
        indexes = [models.Index(fields=["rank", "since", "claim"], name="queue_order")]

    def __str__(self):
        return f"{self.rank}: {self.claim}"


class ClaimNote(models.Model):
    """What staff say to each other about a claim. Readers never see it."""

    class Kind(models.TextChoices):
        NOTE = "note", gettext_lazy("note")
        ESCALATION = "escalation", gettext_lazy("handed to the editors")

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.NOTE)
    text = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(name="claim_note_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="claim_note_kind_known", condition=Q(kind__in=["note", "escalation"])
            ),
        ]

    def __str__(self):
        return f"{self.by_name}: {self.text[:60]}"


class QueuePreference(models.Model):
    """How one moderator likes the queue: its keys on or off."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="queue_preference"
    )
    keys_on = models.BooleanField(default=True)

    def __str__(self):
        return f"{self.person}: keys {'on' if self.keys_on else 'off'}"
