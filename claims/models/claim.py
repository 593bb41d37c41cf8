from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from editorial.addresses import address
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
        OPEN = "open", gettext_lazy("not decided")
        SUPPORTED = "supported", gettext_lazy("supported by its sources")
        MUST_CHANGE = "must_change", gettext_lazy("must be changed")
        NOT_A_CLAIM = "not_a_claim", gettext_lazy("not a claim")
        NOTHING_WRONG = "nothing_wrong", gettext_lazy("looked at, nothing wrong")

    class Direction(models.TextChoices):
        BENEFIT = "benefit", gettext_lazy("says that it helps")
        HARM = "harm", gettext_lazy("says that it harms")
        NO_EFFECT = "no_effect", gettext_lazy("says that it has no effect")
        UNCLEAR = "unclear", gettext_lazy("leaves open whether it helps")

    class Safety(models.TextChoices):
        SILENT = "silent", gettext_lazy("says nothing of safety")
        NAMES_HARM = "names_harm", gettext_lazy("names a harm")
        SAYS_SAFE = "says_safe", gettext_lazy("says that it is safe")
        ADVICE = "advice", gettext_lazy("tells the reader what to take or stop")

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="claims")
    sentence = models.TextField()
    category = models.CharField(max_length=20, blank=True)
    strength = models.PositiveSmallIntegerField(
        default=0,
        help_text=gettext_lazy("0 none, 1 correlational, 2 conditional causal, 3 direct causal."),
    )
    hedged = models.BooleanField(default=False)
    negated = models.BooleanField(default=False)
    therapy = models.ForeignKey(
        Therapy, on_delete=models.SET_NULL, null=True, blank=True, related_name="claims_about"
    )
    condition = models.ForeignKey(
        Condition, on_delete=models.SET_NULL, null=True, blank=True, related_name="claims_about"
    )
    direction = models.CharField(
        max_length=10, choices=Direction.choices, default=Direction.UNCLEAR
    )
    safety = models.CharField(max_length=10, choices=Safety.choices, default=Safety.SILENT)
    axes_set_by_name = models.CharField(
        max_length=150,
        blank=True,
        help_text=gettext_lazy("Who corrected what the checker read; it stays."),
    )
    axes_set_at = models.DateTimeField(null=True)
    # What finds the same and nearly the same sentence on other pages; see claims/memory.py.
    wording_key = models.CharField(max_length=16, blank=True, db_index=True)
    front_key = models.CharField(max_length=16, blank=True, db_index=True)
    back_key = models.CharField(max_length=16, blank=True, db_index=True)
    state = models.CharField(max_length=13, choices=State.choices, default=State.OPEN)
    sources = models.ManyToManyField(Source, through="ClaimSource", related_name="claims")
    became = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="was",
        help_text=gettext_lazy("The claim that took this one's place when the sentence changed."),
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
                condition=Q(
                    state__in=["open", "supported", "must_change", "not_a_claim", "nothing_wrong"]
                ),
            ),
            models.CheckConstraint(name="claim_has_a_sentence", condition=~Q(sentence="")),
            models.CheckConstraint(
                name="claim_direction_known",
                condition=Q(direction__in=["benefit", "harm", "no_effect", "unclear"]),
            ),
            models.CheckConstraint(
                name="claim_safety_known",
                condition=Q(safety__in=["silent", "names_harm", "says_safe", "advice"]),
            ),
            models.CheckConstraint(
                name="claim_axes_set_by_somebody",
                condition=Q(axes_set_at__isnull=True) | ~Q(axes_set_by_name=""),
            ),
        ]
        indexes = [
            models.Index(fields=["therapy", "condition", "direction"], name="claim_by_subject"),
        ]

    def __str__(self):
        return self.sentence[:80]

    def get_absolute_url(self) -> str:
        """Its public page."""
        return address("claim-detail", self.pk)

    def standing_decision(self):
        """The newest decision that was not undone, or None."""
        return self.decisions.filter(undoing__isnull=True).first()


class ClaimSource(models.Model):
    """A source that a claim rests on. Cited is not confirmed: a person confirms, and says which
    passage of the source it is that supports the sentence."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="claim_sources")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="claim_sources")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_name = models.CharField(max_length=150, blank=True)
    passage = models.TextField(
        blank=True, help_text=gettext_lazy("The words of the source, or where in it they stand.")
    )
    confirmed_in = models.ForeignKey(
        "claims.Decision", on_delete=models.SET_NULL, null=True, related_name="confirmations"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "source"], name="claim_source_once"),
            models.CheckConstraint(
                name="claim_source_confirmed_by_somebody",
                condition=Q(confirmed_at__isnull=True) | ~Q(confirmed_by_name=""),
            ),
            models.CheckConstraint(
                name="claim_source_passage_of_a_confirmation",
                condition=Q(passage="") | Q(confirmed_at__isnull=False),
            ),
        ]

    def __str__(self):
        return gettext("%(claim)s rests on %(source)s") % {
            "claim": self.claim,
            "source": self.source,
        }


class AnchorQuerySet(models.QuerySet):
    """Places of claims as readers may see them."""

    def live(self):
        """Where claims stand on texts that readers see now; the only way to a public claim.

        The words readers saw are the anchor's: the claim's own may be those of a later draft.
        """
        return self.filter(revision__live_on__status=Page.Status.PUBLISHED)


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

    objects = AnchorQuerySet.as_manager()

    class Meta:
        ordering = ["start"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "revision"], name="anchor_once_a_revision"),
            models.UniqueConstraint(fields=["revision", "start"], name="anchor_one_claim_a_place"),
            models.CheckConstraint(name="anchor_not_empty", condition=Q(end__gt=models.F("start"))),
        ]

    def __str__(self):
        return f"{self.revision} {self.start}–{self.end}"

    @property
    def words_before(self) -> str:
        """The whole words kept before the sentence."""
        return self.prefix.partition(" ")[2] if len(self.prefix) > 30 else self.prefix

    @property
    def words_after(self) -> str:
        """The whole words kept after the sentence."""
        return self.suffix.rpartition(" ")[0] if len(self.suffix) > 30 else self.suffix


class Change(models.Model):
    """What an edit did to a claim's sentence, where it was not left as it stood."""

    class Outcome(models.TextChoices):
        REWORDED = "reworded", gettext_lazy("reworded")
        CHANGED = "changed", gettext_lazy("meaning may have changed")
        GONE = "gone", gettext_lazy("gone")

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="changes")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="claim_changes")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    before = models.TextField()
    after = models.TextField(blank=True, help_text=gettext_lazy("Empty when it is gone."))
    what = models.JSONField(
        default=list, help_text=gettext_lazy("Names of what differs: number, negation …")
    )
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-revision_id"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "revision"], name="change_once_a_revision"),
            models.CheckConstraint(
                name="change_outcome_known",
                condition=Q(outcome__in=["reworded", "changed", "gone"]),
            ),
            models.CheckConstraint(
                name="change_gone_means_no_words_after",
                condition=Q(Q(outcome="gone") & Q(after="")) | Q(~Q(outcome="gone") & ~Q(after="")),
            ),
        ]

    def __str__(self):
        return f"{self.get_outcome_display()}: {self.before[:60]}"
