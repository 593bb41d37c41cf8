from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy


class CommentQuerySet(models.QuerySet):
    """Comments by whether they wait for an answer. Replies are not threads."""

    def threads(self):
        """What begins a thread."""
        return self.filter(parent__isnull=True)

    def open(self):
        """Threads that nobody has resolved."""
        return self.threads().filter(resolved_at__isnull=True)

    def must_resolve(self):
        """Open threads that stop publication."""
        return self.open().filter(must_resolve=True)


class Comment(models.Model):
    """A remark of staff, or of an outside expert, on words of one revision, or on the whole text.

    It stays with the revision it was made on, whose content never changes from then on (see
    guards.py). The place is W3C text quote and position selectors; offsets count characters of
    `editorial.text.Document.of(revision.content).text`. Where the words stand in later
    revisions is told by `CommentPlace`. A reply has a parent and no place of its own.
    """

    page = models.ForeignKey("editorial.Page", on_delete=models.PROTECT, related_name="comments")
    revision = models.ForeignKey(
        "editorial.Revision", on_delete=models.PROTECT, related_name="comments"
    )
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    quote = models.TextField(blank=True)
    prefix = models.CharField(max_length=40, blank=True)
    suffix = models.CharField(max_length=40, blank=True)
    start = models.PositiveIntegerField(null=True)
    text = models.TextField()
    must_resolve = models.BooleanField(default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="comments"
    )
    author_name = models.CharField(max_length=150)
    is_outside = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="comments_resolved",
    )
    resolved_by_name = models.CharField(max_length=150, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["page"],
                condition=Q(parent__isnull=True, resolved_at__isnull=True),
                name="comment_open_threads",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="comment_says_something", condition=~Q(text="") & ~Q(author_name="")
            ),
            models.CheckConstraint(
                name="comment_quote_has_a_place",
                condition=Q(quote="", start__isnull=True) | (~Q(quote="") & Q(start__isnull=False)),
            ),
            models.CheckConstraint(
                name="comment_reply_has_no_state",
                condition=Q(parent__isnull=True)
                | Q(quote="", must_resolve=False, resolved_at__isnull=True),
            ),
            models.CheckConstraint(
                name="comment_resolved_by_somebody",
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True, resolved_by_name="")
                | (Q(resolved_at__isnull=False) & ~Q(resolved_by_name="")),
            ),
            models.CheckConstraint(
                name="comment_outside_has_no_account",
                condition=Q(is_outside=False) | Q(author__isnull=True),
            ),
        ]

    def __str__(self):
        return f"{self.author_name}: {self.text[:80]}"

    @property
    def end(self) -> int | None:
        """Where its words end in the revision it was made on."""
        return None if self.start is None else self.start + len(self.quote)

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.resolved_at is None


class CommentPlace(models.Model):
    """What became of a comment's words in a later revision, and where they stand there."""

    class Fate(models.TextChoices):
        SAME = "same", gettext_lazy("stands as it was")
        REWORDED = "reworded", gettext_lazy("reworded since")
        GONE = "gone", gettext_lazy("no longer in the text")

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="places")
    revision = models.ForeignKey(
        "editorial.Revision", on_delete=models.CASCADE, related_name="comment_places"
    )
    fate = models.CharField(max_length=10, choices=Fate.choices)
    start = models.PositiveIntegerField(null=True)
    exact = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "revision"], name="comment_one_place_a_revision"
            ),
            models.CheckConstraint(
                name="comment_place_unless_gone",
                condition=Q(fate="gone", start__isnull=True, exact="")
                | (Q(fate__in=["same", "reworded"], start__isnull=False) & ~Q(exact="")),
            ),
        ]

    def __str__(self):
        return f"{self.comment} {self.get_fate_display()}"

    @property
    def end(self) -> int | None:
        """Where its words end in this revision."""
        return None if self.start is None else self.start + len(self.exact)
