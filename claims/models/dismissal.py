from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from editorial.models import Page

from .queue import ClaimNote


class Dismissal(models.Model):
    """What a writer has to say against findings on a sentence, said while writing it.

    It answers nothing: the flag stays open until a moderator decides. Once a saved text has the
    sentence as a claim, it is handed on as a note to that claim (`note`).
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="dismissals")
    sentence = models.TextField()
    wording_key = models.CharField(max_length=16, help_text=gettext_lazy("See claims/memory.py."))
    rules = models.JSONField(help_text=gettext_lazy("The rules that had stopped at the sentence."))
    reason = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)
    note = models.OneToOneField(
        ClaimNote, on_delete=models.SET_NULL, null=True, related_name="dismissal"
    )

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(name="dismissal_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="dismissal_by_somebody", condition=~Q(by_name="")),
        ]
        indexes = [models.Index(fields=["page", "wording_key"], name="dismissal_of_sentence")]

    def __str__(self):
        return f"{self.by_name}: {self.reason[:60]}"
