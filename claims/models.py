from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from editorial.models import Page, Revision
from evidence.models import Source
from therapies.models import Condition, Therapy


class ClaimQuerySet(models.QuerySet):
    """Claims by where they stand."""

    def standing_on(self, revision):
        """Claims anchored in this revision, in the order of its text."""
        return self.filter(anchors__revision=revision).order_by("anchors__start")


class Claim(models.Model):
    """One sentence of a page that asserts something about health.

    Where it stands is kept per revision (Anchor). What was decided about it stays with it.
    """

    class State(models.TextChoices):
        OPEN = "open", "not decided"
        SUPPORTED = "supported", "supported by its sources"
        MUST_CHANGE = "must_change", "must be changed"
        NOT_A_CLAIM = "not_a_claim", "not a claim"

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="claims")
    sentence = models.TextField()
    category = models.CharField(max_length=20, blank=True)
    strength = models.PositiveSmallIntegerField(
        default=0, help_text="0 none, 1 correlational, 2 conditional causal, 3 direct causal."
    )
    hedged = models.BooleanField(default=False)
    negated = models.BooleanField(default=False)
    therapy = models.ForeignKey(
        Therapy, on_delete=models.SET_NULL, null=True, blank=True, related_name="claims_about"
    )
    condition = models.ForeignKey(
        Condition, on_delete=models.SET_NULL, null=True, blank=True, related_name="claims_about"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    sources = models.ManyToManyField(Source, through="ClaimSource", related_name="claims")
    became = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="was",
        help_text="The claim that took this one's place when the sentence changed.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="claim_strength_from_0_to_3", condition=Q(strength__gte=0, strength__lte=3)
            ),
            models.CheckConstraint(
                name="claim_state_known",
                condition=Q(state__in=["open", "supported", "must_change", "not_a_claim"]),
            ),
            models.CheckConstraint(name="claim_has_a_sentence", condition=~Q(sentence="")),
        ]

    def __str__(self):
        return self.sentence[:80]

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("claim-detail", args=[self.pk])


class ClaimSource(models.Model):
    """A source that a claim rests on. Cited is not confirmed: a person confirms."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="claim_sources")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="claim_sources")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "source"], name="claim_source_once"),
            models.CheckConstraint(
                name="claim_source_confirmed_by_somebody",
                condition=Q(confirmed_at__isnull=True) | ~Q(confirmed_by_name=""),
            ),
        ]

    def __str__(self):
        return f"{self.claim} rests on {self.source}"


class Anchor(models.Model):
    """Where a claim stands in one revision: W3C text quote and text position selectors.

    Offsets count characters of `editorial.text.Document.of(revision.content).text`.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="anchors")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="anchors")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    exact = models.TextField()
    prefix = models.CharField(max_length=40, blank=True)
    suffix = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["start"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "revision"], name="anchor_once_a_revision"),
            models.UniqueConstraint(fields=["revision", "start"], name="anchor_one_claim_a_place"),
            models.CheckConstraint(name="anchor_not_empty", condition=Q(end__gt=models.F("start"))),
        ]

    def __str__(self):
        return f"{self.revision} {self.start}–{self.end}"


class FlagQuerySet(models.QuerySet):
    """Flags by whether they are answered."""

    def open(self):
        """Those that wait for a decision."""
        return self.filter(state=Flag.State.OPEN)

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
        CHECKER = "checker", "the checker"
        MODERATOR = "moderator", "staff"
        READER = "reader", "a reader"
        NOTICE = "notice", "a notice about a source"
        ASSESSMENT = "assessment", "a changed assessment"
        REVIEW = "review", "a review that is due"

    class Severity(models.TextChoices):
        ADVISE = "advise", "advice"
        BLOCK = "block", "stops publication"

    class State(models.TextChoices):
        OPEN = "open", "open"
        DECIDED = "decided", "decided"
        LAPSED = "lapsed", "lapsed: the question no longer arises"

    class Reason(models.TextChoices):
        NO_SOURCE = "no_source", "no source"
        NOT_SUPPORTED = "not_supported", "not supported by its source"
        OVERSTATED = "overstated", "overstated"
        OUTDATED = "outdated", "outdated"
        SOURCE_IN_DOUBT = "source_in_doubt", "source retracted or in doubt"
        MISSING_HARM = "missing_harm", "missing harm or comparator"
        WRONG_NUMBER = "wrong_number", "wrong number"
        UNSAFE = "unsafe", "unsafe advice"
        UNCLEAR = "unclear", "unclear"
        COMMERCIAL = "commercial", "commercial interest"
        OTHER = "other", "other"

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="flags")
    origin = models.CharField(max_length=12, choices=Origin.choices)
    severity = models.CharField(max_length=6, choices=Severity.choices)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    category = models.CharField(max_length=20, blank=True)
    rule = models.CharField(max_length=60, blank=True)
    explanation = models.TextField(help_text="Why, in one sentence.")
    remedy = models.TextField(blank=True, help_text="What would settle it.")
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
        max_length=12,
        choices=Claim.State.choices,
        blank=True,
        help_text="The claim's state that a notice or an assessment took from it; it gets it back "
        "when that is undone.",
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
        indexes = [models.Index(fields=["state", "severity", "raised_at"], name="flag_queue")]

    def __str__(self):
        return f"{self.get_severity_display()}: {self.explanation[:80]}"


class Decision(models.Model):
    """A moderator's answer to the open flags of a claim. Never changed; a later one may follow."""

    class Outcome(models.TextChoices):
        SUPPORTED = "supported", "supported by sources"
        REWORD = "reword", "must be reworded"
        ATTRIBUTE = "attribute", "must say who says so"
        NOT_A_CLAIM = "not_a_claim", "not a claim"
        WITHDRAW = "withdraw", "must be taken out"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="decisions")
    sentence = models.TextField(help_text="The sentence as it stood when it was decided.")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    reason = models.TextField()
    sources = models.ManyToManyField(Source, blank=True, related_name="decisions")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="decisions"
    )
    decided_by_name = models.CharField(max_length=150)
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-decided_at"]
        constraints = [
            models.CheckConstraint(name="decision_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="decision_outcome_known",
                condition=Q(
                    outcome__in=["supported", "reword", "attribute", "not_a_claim", "withdraw"]
                ),
            ),
        ]

    def __str__(self):
        return f"{self.get_outcome_display()}: {self.sentence[:60]}"


class Correction(models.Model):
    """The public note left when a decision changed a published sentence."""

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="corrections")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="correction")
    before = models.TextField()
    after = models.TextField(blank=True, help_text="Empty when the sentence was taken out.")
    reason = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                name="correction_changed_something", condition=~Q(before=models.F("after"))
            ),
            models.CheckConstraint(
                name="correction_says_what_and_why", condition=~Q(before="") & ~Q(reason="")
            ),
        ]

    def __str__(self):
        return f"{self.page}: {self.before[:60]}"


class Report(models.Model):
    """A reader's question about a sentence. It holds no personal data but an e-mail address that
    the reader may leave for an answer, and that only while the question waits."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting for a moderator"
        DECIDED = "decided", "decided"
        CHANGED = "changed", "the sentence was changed"
        LAPSED = "lapsed", "lapsed: the sentence is not on the page any more"

    LONGEST_TEXT = 1000  # characters

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="reports")
    flag = models.ForeignKey(
        Flag,
        on_delete=models.RESTRICT,
        related_name="reports",
        help_text="The question that this report raised or joined.",
    )
    sentence = models.TextField(help_text="The words that the reader saw.")
    reason = models.CharField(max_length=20, choices=Flag.Reason.choices)
    text = models.TextField(max_length=LONGEST_TEXT)
    source_given = models.CharField(max_length=500, blank=True)
    email = models.EmailField(blank=True, help_text="Erased when the question is answered.")
    token = models.CharField(max_length=43, unique=True, help_text="Opens the outcome's page.")
    form_key = models.CharField(
        max_length=43, unique=True, help_text="One form sent twice is one report."
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
