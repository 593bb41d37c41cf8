from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy

from editorial.models import Page, Revision

from .claim import Claim
from .decision import Decision


class Seriousness(models.TextChoices):
    """How much a correction matters to a reader who relied on the old words."""

    TYPO = "typo", gettext_lazy("typo")
    CLARIFICATION = "clarification", gettext_lazy("clarification")
    SUBSTANTIVE = "substantive", gettext_lazy("substantive")
    CONCLUSION = "conclusion", gettext_lazy("conclusion changed")


_KNOWN = Q(seriousness__in=["typo", "clarification", "substantive", "conclusion"])


class CorrectionQuerySet(models.QuerySet):
    """Corrections as readers may see them."""

    def of_pages(self, *statuses: str):
        """Those of pages with one of these statuses, with their pages, the newest first. Each
        looks for its page: there are few of them, and a join would begin with all pages."""
        page = Page.objects.filter(pk=OuterRef("page"), status__in=statuses)
        return self.filter(Exists(page)).select_related("page").order_by("-pk")


class Correction(models.Model):
    """The public note left when what a published sentence asserts was changed or taken out.

    Append-only: the database refuses to change or delete a row (claims/guards.py), and each row's
    hash covers the row before it. Two rows cannot follow the same one.
    """

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="corrections")
    decision = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    revision = models.ForeignKey(
        Revision, on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    before = models.TextField()
    after = models.TextField(
        blank=True, help_text=gettext_lazy("Empty when the sentence was taken out.")
    )
    what = models.JSONField(
        default=list, help_text=gettext_lazy("Names of what differs: number, negation …")
    )
    reason = models.TextField()
    seriousness = models.CharField(
        max_length=13, choices=Seriousness.choices, default=Seriousness.SUBSTANTIVE
    )
    stood_from = models.DateTimeField(
        null=True, help_text=gettext_lazy("When readers first saw these words.")
    )
    stood_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="correction_changed_something", condition=~Q(before=models.F("after"))
            ),
            models.CheckConstraint(
                name="correction_says_what_and_why", condition=~Q(before="") & ~Q(reason="")
            ),
            models.CheckConstraint(name="correction_seriousness_known", condition=_KNOWN),
            models.CheckConstraint(
                name="correction_is_chained", condition=~Q(hash="") & ~Q(previous_hash="")
            ),
        ]

    def __str__(self):
        return f"{self.page}: {self.before[:60]}"


class CorrectionWording(models.Model):
    """What an editor says, before publication, of a correction that this revision will bring."""

    revision = models.ForeignKey(
        Revision, on_delete=models.CASCADE, related_name="correction_wordings"
    )
    before = models.TextField()
    reason = models.TextField()
    seriousness = models.CharField(max_length=13, choices=Seriousness.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "before"], name="correction_wording_once_a_sentence"
            ),
            models.CheckConstraint(
                name="correction_wording_says_why", condition=~Q(before="") & ~Q(reason="")
            ),
            models.CheckConstraint(name="correction_wording_known", condition=_KNOWN),
        ]

    def __str__(self):
        return f"{self.revision}: {self.reason[:60]}"


class PublishedText(models.Model):
    """The sentences that readers of a page saw last, and since when each has stood.

    It outlives a withdrawal, so that a page cannot come back with other words in silence.
    `sentences` is a list of [words, moment in ISO 8601, whether it is a heading]. It is empty for a
    first text: all that the revision says has stood since `since` (`corrections.seen_sentences`).
    """

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="published_text")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    sentences = models.JSONField(default=list)
    since = models.DateTimeField(null=True)

    def __str__(self):
        return str(self.revision)
