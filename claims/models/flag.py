from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from editorial.models import Revision
from evidence.models import Source

from .claim import Claim

GUESSED = "learned-"  # rules that are none: what the learned part of the checker speaks up by


class FlagQuerySet(models.QuerySet):
    """Flags by whether they are answered."""

    def open(self):
        """Those that wait for a decision."""
        return self.filter(state=Flag.State.OPEN)

    def told(self):
        """Those of the open that readers are told of. What the checker's weights alone advise upon
        is a guess at how a sentence reads, for moderators; a reader would take it for a doubt."""
        return self.open().exclude(rule__startswith=GUESSED)

    def blocking(self):
        """Those that stop publication while they are open."""
        return self.filter(severity=Flag.Severity.BLOCK)

    def waiting(self):
        """The moderators' queue: open, and on a text that is live or being worked on."""
        standing = Q(claim__anchors__revision__state__in=Revision.OPEN_STATES) | Q(
            claim__anchors__revision__live_on__isnull=False
        )
        return self.open().filter(standing).distinct()


class Flag(models.Model):
    """An open question about a claim: who or what raised it, why, how severe, how it ended."""

    class Origin(models.TextChoices):
        CHECKER = "checker", gettext_lazy("the checker")
        MODERATOR = "moderator", gettext_lazy("staff")
        READER = "reader", gettext_lazy("a reader")
        NOTICE = "notice", gettext_lazy("a notice about a source")
        ASSESSMENT = "assessment", gettext_lazy("a changed assessment")
        REVIEW = "review", gettext_lazy("a review that is due")

    class Severity(models.TextChoices):
        ADVISE = "advise", gettext_lazy("advice")
        BLOCK = "block", gettext_lazy("stops publication")

    class State(models.TextChoices):
        OPEN = "open", gettext_lazy("open")
        DECIDED = "decided", gettext_lazy("decided")
        LAPSED = "lapsed", gettext_lazy("lapsed: the question no longer arises")

    class Reason(models.TextChoices):
        NO_SOURCE = "no_source", gettext_lazy("no source")
        NOT_SUPPORTED = "not_supported", gettext_lazy("not supported by its source")
        OVERSTATED = "overstated", gettext_lazy("overstated")
        OUTDATED = "outdated", gettext_lazy("outdated")
        SOURCE_IN_DOUBT = "source_in_doubt", gettext_lazy("source retracted or in doubt")
        MISSING_HARM = "missing_harm", gettext_lazy("missing harm or comparator")
        WRONG_NUMBER = "wrong_number", gettext_lazy("wrong number")
        UNSAFE = "unsafe", gettext_lazy("unsafe advice")
        UNCLEAR = "unclear", gettext_lazy("unclear")
        COMMERCIAL = "commercial", gettext_lazy("commercial interest")
        OTHER = "other", gettext_lazy("other")

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="flags")
    origin = models.CharField(max_length=12, choices=Origin.choices)
    severity = models.CharField(max_length=6, choices=Severity.choices)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    category = models.CharField(max_length=20, blank=True)
    rule = models.CharField(max_length=60, blank=True)
    explanation = models.TextField(help_text=gettext_lazy("Why, in one sentence."))
    remedy = models.TextField(blank=True, help_text=gettext_lazy("What would settle it."))
    rewording = models.TextField(blank=True)
    findings = models.JSONField(default=list, blank=True)
    source = models.ForeignKey(
        Source, on_delete=models.SET_NULL, null=True, blank=True, related_name="flags"
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="flags_raised"
    )
    raised_by_name = models.CharField(max_length=150)
    state_before = models.CharField(
        max_length=13,
        choices=Claim.State.choices,
        blank=True,
        help_text=gettext_lazy(
            "The claim's state that a notice or an assessment took from it; it gets "
            "it back when that is undone."
        ),
    )
    raised_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    closed_at = models.DateTimeField(null=True)
    decision = models.ForeignKey(
        "claims.Decision", on_delete=models.PROTECT, null=True, related_name="flags"
    )

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "origin"],
                condition=Q(state="open"),
                name="flag_one_open_per_claim_and_origin",
            ),
            models.CheckConstraint(
                name="flag_closed_means_stamped",
                condition=Q(state="open", closed_at__isnull=True)
                | Q(~Q(state="open"), closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="flag_decided_means_decision",
                condition=Q(state="decided", decision__isnull=False)
                | Q(~Q(state="decided"), decision__isnull=True),
            ),
            models.CheckConstraint(
                name="flag_severity_known", condition=Q(severity__in=["advise", "block"])
            ),
            models.CheckConstraint(
                name="flag_state_known", condition=Q(state__in=["open", "decided", "lapsed"])
            ),
            models.CheckConstraint(name="flag_explained", condition=~Q(explanation="")),
        ]
        indexes = [
            models.Index(fields=["state", "severity", "raised_at"], name="flag_queue"),
            models.Index(fields=["raised_at"], name="flag_by_arrival"),
            models.Index(fields=["closed_at"], name="flag_by_answer"),
        ]

    def __str__(self):
        return f"{self.get_severity_display()}: {self.explanation[:80]}"

    @property
    def found(self) -> list[dict]:
        """All that it asks: first what it is named for, then whatever else was found. Each has
        severity and reason, and rule, remedy, rewording and triggers as far as they are kept."""
        named = {
            "rule": self.rule,
            "severity": self.severity,
            "reason": self.explanation,
            "remedy": self.remedy,
            "rewording": self.rewording,
        }
        same = [f for f in self.findings if _is_named(f, named)]
        others = [f for f in self.findings if f not in same]
        return [{**(same[0] if same else {}), **named}, *others]

    @property
    def is_told(self) -> bool:
        """Whether readers are told of it: `told()`, of one."""
        return self.state == self.State.OPEN and not self.rule.startswith(GUESSED)


def _is_named(finding: dict, named: dict) -> bool:
    """Whether this is the finding of a flag that it is named for."""
    return finding.get("rule", "") == named["rule"] and finding.get("reason") == named["reason"]
