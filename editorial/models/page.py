from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy
from taggit.managers import TaggableManager
from taggit.models import ItemBase, Tag

from .. import registry
from ..addresses import address
from .checking import CheckedAtOnce


class PageQuerySet(models.QuerySet):
    """Pages as readers may or may not see them."""

    def published(self):
        """What readers may see. Every public view starts here."""
        published = self.filter(status=Page.Status.PUBLISHED)
        # The kind is said by the model too; said here, the database finds it in its indexes.
        return published.filter(kind=self.model.KIND) if self.model is not Page else published

    def review_due(self, day):
        """Published pages that ought to have been read again by that day."""
        return self.published().filter(review_due__lte=day)

    def withdrawn(self):
        """Pages that were published and answer 410 now."""
        return self.filter(status=Page.Status.WITHDRAWN)


class Page(CheckedAtOnce):
    """Anything published at a URL. The row is what readers see; drafts live in revisions only.

    Title and slug follow the drafts until the first publication, so that staff can find it.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", gettext_lazy("not published")
        PUBLISHED = "published", gettext_lazy("published")
        WITHDRAWN = "withdrawn", gettext_lazy("withdrawn")

    class Rung(models.IntegerChoices):
        """Who has been told that the page's review is due."""

        NOBODY = 0, gettext_lazy("nobody")
        OWNER = 1, gettext_lazy("its owner")
        EDITORS = 2, gettext_lazy("the editors")
        READERS = 3, gettext_lazy("readers")

    kind = models.CharField(max_length=20, editable=False)
    title = models.CharField(max_length=200)
    slug = models.SlugField(
        max_length=120,
        help_text=gettext_lazy("The last part of the page's address. Small letters and hyphens."),
    )
    summary = models.TextField(
        blank=True,
        help_text=gettext_lazy("One or two sentences that answer the reader's question."),
    )
    body = models.TextField(blank=True)
    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    live_revision = models.OneToOneField(
        "editorial.Revision",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="live_on",
    )
    first_published_at = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_reason = models.TextField(blank=True, editable=False)
    reviewed_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text=gettext_lazy("When a reviewer approved the text that is live."),
    )
    reviewed_by_name = models.CharField(max_length=150, blank=True, editable=False)
    reviewed_by_title = models.CharField(max_length=120, blank=True, editable=False)
    reviewed_interests = models.TextField(
        blank=True,
        editable=False,
        help_text=gettext_lazy("What the reviewers had declared, as readers see it."),
    )
    reviewed_checked = models.TextField(
        blank=True, editable=False, help_text=gettext_lazy("What the reviewers say was checked.")
    )
    review_due = models.DateField(
        null=True,
        editable=False,
        help_text=gettext_lazy("When the live text ought to be read again."),
    )
    review_rung = models.PositiveSmallIntegerField(
        choices=Rung.choices, default=Rung.NOBODY, editable=False
    )
    replaced_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, editable=False, related_name="replaces"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="pages_created",
    )
    tags = TaggableManager(
        through="editorial.TaggedPage",
        blank=True,
        help_text=gettext_lazy("Separate tags with commas."),
    )

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slug"],
                name="page_one_slug_per_kind",
                violation_error_message=gettext_lazy(
                    "Another page of this kind has that address already."
                ),
            ),
            models.CheckConstraint(
                name="page_published_means_stamped",
                condition=~Q(status="published")
                | Q(
                    live_revision__isnull=False,
                    published_at__isnull=False,
                    first_published_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="page_live_revision_only_when_published",
                condition=Q(status="published") | Q(live_revision__isnull=True),
            ),
            models.CheckConstraint(
                name="page_withdrawn_means_reason",
                condition=~Q(status="withdrawn")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
            ),
            models.CheckConstraint(
                name="page_status_known",
                condition=Q(status__in=["draft", "published", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="page_named", condition=~Q(title="") & ~Q(slug="") & ~Q(kind="")
            ),
            models.CheckConstraint(
                name="page_replaced_only_when_withdrawn",
                condition=Q(replaced_by__isnull=True) | Q(status="withdrawn"),
            ),
            models.CheckConstraint(
                name="page_does_not_replace_itself",
                condition=Q(replaced_by__isnull=True) | ~Q(replaced_by=F("id")),
            ),
            models.CheckConstraint(
                name="page_review_due_only_when_published",
                condition=Q(status="published") | Q(review_due__isnull=True, review_rung=0),
            ),
            models.CheckConstraint(
                name="page_review_rung_known", condition=Q(review_rung__in=[0, 1, 2, 3])
            ),
        ]
        indexes = [
            models.Index(fields=["status", "kind", "-published_at"], name="page_listing"),
            # Lists of readers, each read in its order as far as it is shown.
            models.Index(
                fields=["status", "kind", "-first_published_at", "title"], name="page_newest"
            ),
            models.Index(fields=["status", "kind", "title"], name="page_by_title"),
            models.Index(fields=["status", "-published_at"], name="page_changed"),
            models.Index(
                fields=["review_due"], name="page_review_due", condition=Q(status="published")
            ),
            models.Index(
                fields=["review_rung"], name="page_review_overdue", condition=Q(review_rung=3)
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self) -> str:
        """Where readers find the page."""
        return address(f"{self.kind}-detail", self.slug)

    @property
    def specific(self):
        """The Article, Condition or Therapy that this page is."""
        model = registry.kinds[self.kind].model
        return self if isinstance(self, model) else model.objects.get(pk=self.pk)

    @property
    def is_published(self) -> bool:
        """Whether readers can see it."""
        return self.status == self.Status.PUBLISHED

    @property
    def kind_label(self) -> str:
        """What readers call a page of its kind: “article”."""
        return str(registry.kinds[self.kind].label)

    @property
    def is_reviewed_here(self) -> bool:
        """False for text moved in by an administrator's override of the gate."""
        return self.reviewed_at is not None

    @property
    def is_review_overdue(self) -> bool:
        """Whether readers are told that the text should have been read again by now."""
        return self.review_rung == self.Rung.READERS

    def current_revision(self):
        """The revision that is being worked on, or None."""
        from .revision import Revision

        return self.revisions.filter(state__in=Revision.OPEN_STATES).first()

    def latest_revision(self):
        """What an editor opens: the current revision, else the live one, else the one that was
        live last; a text that came too late and was kept aside is never it."""
        was_live = Q(approved_at__isnull=False) | ~Q(override_reason="")
        return (
            self.current_revision()
            or self.live_revision
            or self.revisions.filter(was_live).first()
            or self.revisions.first()
        )


class TaggedPageQuerySet(models.QuerySet):
    """Tags on pages, and whether readers see them."""

    def shown(self):
        """Those on published pages."""
        return self.filter(shown_title__gt="")

    def show(self, pages) -> None:
        """Readers see these pages, by the titles that their rows have now."""
        title = Page.objects.filter(pk=OuterRef("content_object")).values("title")
        self.filter(content_object__in=pages).update(shown_title=Subquery(title))

    def hide(self, page) -> None:
        """Readers do not see this page any more."""
        self.filter(content_object=page).update(shown_title="")


class TaggedPage(ItemBase):
    """A tag on a page, by real foreign keys."""

    content_object = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="tagged_items")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="tagged_pages")
    # The page's title as long as readers see it, so that a tag's list is read in its order.
    shown_title = models.CharField(max_length=200, default="", editable=False)

    objects = TaggedPageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="page_tagged_once")
        ]
        indexes = [
            models.Index(fields=["tag", "shown_title", "content_object"], name="tagged_by_title")
        ]
