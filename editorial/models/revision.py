from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_lazy

from .. import turns
from ..text import Document


class RevisionQuerySet(models.QuerySet):
    """Revisions by where they stand in the workflow."""

    def at_work(self):
        """The ones that somebody still has to do something about."""
        return self.filter(state__in=Revision.OPEN_STATES)

    def in_review(self):
        """The ones that wait for a medical reviewer."""
        return self.filter(state=Revision.State.IN_REVIEW)

    def in_pool(self):
        """Those in review that any reviewer may take."""
        return self.in_review().filter(reviewer__isnull=True)


class Revision(models.Model):
    """One saved version of a page's content, numbered per page.

    `content` is the edit form's cleaned data. The author's open draft may still be written;
    from the moment it is submitted the database refuses any change of it (see guards.py).
    """

    class State(models.TextChoices):
        DRAFT = "draft", gettext_lazy("draft")
        IN_REVIEW = "in_review", gettext_lazy("in review")
        CHANGES_REQUESTED = "changes_requested", gettext_lazy("changes requested")
        APPROVED = "approved", gettext_lazy("approved")
        PUBLISHED = "published", gettext_lazy("published")
        SUPERSEDED = "superseded", gettext_lazy("superseded")

    OPEN_STATES = [State.DRAFT, State.IN_REVIEW, State.CHANGES_REQUESTED, State.APPROVED]

    page = models.ForeignKey("editorial.Page", on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64, editable=False)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    note = models.TextField(blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="revisions"
    )
    author_name = models.CharField(max_length=150)
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="approvals"
    )
    approved_by_name = models.CharField(max_length=150, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="reviewing",
        help_text=gettext_lazy(
            "Who was asked to review it, or took it; nobody: the pool of reviewers."
        ),
    )
    reviewer_since = models.DateTimeField(null=True)
    review_by = models.DateField(
        null=True, help_text=gettext_lazy("The day by which the review is wanted.")
    )
    override_reason = models.TextField(
        blank=True, help_text=gettext_lazy("Why an administrator published it without review here.")
    )
    scheduled_at = models.DateTimeField(null=True)
    is_told = models.BooleanField(
        default=True,
        editable=False,
        help_text=gettext_lazy(
            "Whether the other rooms have read this text; see `actions.tell_rooms`."
        ),
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="revision_numbered_once"),
            models.UniqueConstraint(
                fields=["page"],
                condition=Q(state__in=["draft", "in_review", "changes_requested", "approved"]),
                name="revision_one_current_per_page",
            ),
            models.UniqueConstraint(
                fields=["page"],
                condition=Q(state="published"),
                name="revision_one_published_per_page",
            ),
            models.UniqueConstraint(
                fields=["page"],
                condition=Q(scheduled_at__isnull=False),
                name="revision_one_scheduled_per_page",
            ),
            models.CheckConstraint(
                name="revision_scheduled_means_approved",
                condition=Q(scheduled_at__isnull=True) | Q(state="approved"),
            ),
            models.CheckConstraint(
                name="revision_approved_means_stamped",
                condition=~Q(state="approved")
                | (Q(approved_at__isnull=False) & ~Q(approved_by_name="")),
            ),
            models.CheckConstraint(
                name="revision_published_means_approved_or_overridden",
                condition=~Q(state="published")
                | Q(approved_at__isnull=False)
                | ~Q(override_reason=""),
            ),
            models.CheckConstraint(
                name="revision_not_approved_by_its_author",
                condition=Q(approved_by__isnull=True)
                | Q(author__isnull=True)
                | ~Q(approved_by=F("author")),
            ),
            models.CheckConstraint(
                name="revision_not_reviewed_by_its_author",
                condition=Q(reviewer__isnull=True)
                | Q(author__isnull=True)
                | ~Q(reviewer=F("author")),
            ),
            models.CheckConstraint(
                name="revision_reviewer_since",
                condition=Q(reviewer__isnull=True) | Q(reviewer_since__isnull=False),
            ),
            models.CheckConstraint(
                name="revision_state_known",
                condition=Q(
                    state__in=[
                        "draft",
                        "in_review",
                        "changes_requested",
                        "approved",
                        "published",
                        "superseded",
                    ]
                ),
            ),
        ]

    def __str__(self):
        return gettext("%(page)s · revision %(number)s") % {
            "page": self.page,
            "number": self.number,
        }

    @property
    def document(self) -> Document:
        """Its content as a text with blocks and citations, read once for each content. It is for
        reading: whoever changes the tree makes a document of their own."""
        kept = self.__dict__.get("_document")
        if kept is None or kept[0] is not self.content:
            kept = self.__dict__["_document"] = self.content, Document.of(self.content)
        return kept[1]

    def share_document(self, other: "Revision") -> None:
        """Take over what another object of the same content has read of it."""
        if self.content == other.content and "_document" in other.__dict__:
            self.content, self.__dict__["_document"] = other.content, other.__dict__["_document"]

    @property
    def whose_turn(self) -> str:
        """One sentence: who has to do something about this revision now, and since when.

        For lists: select_related("reviewer").prefetch_related("approvals").
        """
        return turns.sentence(self)
