from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from .claim import Claim
from .flag import Flag


class Report(models.Model):
    """A reader's question about a sentence. It holds no personal data but an e-mail address that
    the reader may leave for an answer, and that only while the question waits."""

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("waiting for a moderator")
        DECIDED = "decided", gettext_lazy("decided")
        CHANGED = "changed", gettext_lazy("the sentence was changed")
        LAPSED = "lapsed", gettext_lazy("lapsed: the sentence is not on the page any more")

    LONGEST_TEXT = 1000  # characters

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="reports")
    flag = models.ForeignKey(
        Flag,
        on_delete=models.RESTRICT,
        related_name="reports",
        help_text=gettext_lazy("The question that this report raised or joined."),
    )
    sentence = models.TextField(help_text=gettext_lazy("The words that the reader saw."))
    reason = models.CharField(max_length=20, choices=Flag.Reason.choices)
    text = models.TextField(max_length=LONGEST_TEXT)
    source_given = models.CharField(max_length=500, blank=True)
    email = models.EmailField(
        blank=True, help_text=gettext_lazy("Erased when the question is answered.")
    )
    token = models.CharField(
        max_length=43, unique=True, help_text=gettext_lazy("Opens the outcome's page.")
    )
    form_key = models.CharField(
        max_length=43, unique=True, help_text=gettext_lazy("One form sent twice is one report.")
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="report_says_what_and_why", condition=~Q(sentence="") & ~Q(text="")
            ),
            models.CheckConstraint(name="report_can_be_found", condition=~Q(token="")),
            models.CheckConstraint(
                name="report_state_known",
                condition=Q(state__in=["waiting", "decided", "changed", "lapsed"]),
            ),
            models.CheckConstraint(
                name="report_closed_means_stamped",
                condition=Q(state="waiting", closed_at__isnull=True)
                | Q(~Q(state="waiting"), closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="report_email_only_while_waiting",
                condition=Q(email="") | Q(state="waiting"),
            ),
        ]

    def __str__(self):
        return f"{self.get_reason_display()}: {self.sentence[:60]}"

    def get_absolute_url(self) -> str:
        """The page that shows its outcome to whoever has the address."""
        return reverse("report-outcome", args=[self.token])
