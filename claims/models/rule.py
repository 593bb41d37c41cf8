from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy


class Rule(models.Model):
    """What the editors say of one rule of the checker: one of their own, or a shipped one changed.

    `text` is their own rule as they wrote it, and empty for a shipped one, whose text stands in
    the files. Never deleted: a rule is switched off. `version` grows with every change, each of
    which is an Event with the text.
    """

    class Severity(models.TextChoices):
        AS_WRITTEN = "", gettext_lazy("as it is written")
        ADVISE = "advise", gettext_lazy("advice")
        BLOCK = "block", gettext_lazy("stops publication")
        OFF = "off", gettext_lazy("off")

    key = models.CharField(max_length=61, unique=True)
    text = models.TextField(blank=True)
    severity = models.CharField(max_length=6, choices=Severity.choices, blank=True)
    reason = models.TextField(help_text=gettext_lazy("Why it was changed last."))
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    changed_by_name = models.CharField(max_length=150)

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                name="rule_severity_known", condition=Q(severity__in=["", "advise", "block", "off"])
            ),
            models.CheckConstraint(name="rule_has_a_key", condition=~Q(key="")),
            models.CheckConstraint(name="rule_changed_for_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self):
        return self.key


class Recheck(models.Model):
    """How far the site has been checked again since the rules changed; there is one row at most."""

    asked_at = models.DateTimeField()
    asked_by_name = models.CharField(max_length=150)
    last_pk = models.PositiveBigIntegerField(
        default=0, help_text=gettext_lazy("The last revision that was read.")
    )
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="recheck_only_one", condition=Q(pk=1))]

    def __str__(self):
        return gettext("%(done)s of %(total)s texts checked again") % {
            "done": self.done,
            "total": self.total,
        }
