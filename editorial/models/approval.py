from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy


class Approval(models.Model):
    """One medical reviewer's word for exactly one revision, with what they had declared then.

    Never changed or deleted (see guards.py); it outlives the person, whose name it copies.
    """

    revision = models.ForeignKey(
        "editorial.Revision", on_delete=models.PROTECT, related_name="approvals"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="approvals_given",
    )
    by_name = models.CharField(max_length=150)
    title = models.CharField(max_length=120, blank=True)
    interests = models.TextField(blank=True, help_text=gettext_lazy("As declared at the time."))
    checked = models.TextField(
        blank=True, help_text=gettext_lazy("What the reviewer says was checked.")
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "by"], name="approval_once_a_person"),
            models.CheckConstraint(name="approval_named", condition=~Q(by_name="")),
        ]

    def __str__(self):
        return gettext("%(by_name)s approved %(revision)s") % {
            "by_name": self.by_name,
            "revision": self.revision,
        }
