from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy


class ImageQuerySet(models.QuerySet):
    """Images by whether a text uses them."""

    def by_key(self, keys) -> dict:
        """Those of these keys, by key; one query, none without keys."""
        keys = set(keys)
        return {image.key: image for image in self.filter(key__in=keys)} if keys else {}


class Image(models.Model):
    """A picture for texts. Its files are made anew on upload and named by their content.

    `key` is the beginning of the SHA-256 of the largest file. Texts name an image by it, so that
    a text means the same picture on every site that has it, and no picture where it is missing.
    """

    KEY_LENGTH = 32

    key = models.CharField(max_length=KEY_LENGTH, unique=True, editable=False)
    title = models.CharField(max_length=150, help_text=gettext_lazy("What staff find it by."))
    alt = models.CharField(
        "text in its place",
        max_length=400,
        blank=True,
        help_text=gettext_lazy(
            "What somebody must know who cannot see the picture. Readers of screen readers hear it."
        ),
    )
    is_decorative = models.BooleanField(
        "only decoration",
        default=False,
        help_text=gettext_lazy("It says nothing that the text does not say."),
    )
    credit = models.CharField(
        max_length=200,
        help_text=gettext_lazy("Who made it, as they wish to be named. Shown to readers."),
    )
    licence = models.CharField(
        max_length=120,
        help_text=gettext_lazy("Under what terms it may be shown, such as CC BY 4.0."),
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    widths = models.JSONField(default=list, editable=False)
    formats = models.JSONField(
        default=list,
        editable=False,
        help_text=gettext_lazy("The endings of its files, the fallback last."),
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="images"
    )
    uploaded_by_name = models.CharField("uploaded by", max_length=150)
    uploaded_at = models.DateTimeField("uploaded", auto_now_add=True)

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="image_described_or_decorative",
                condition=Q(is_decorative=True, alt="") | Q(Q(is_decorative=False), ~Q(alt="")),
                violation_error_message=gettext_lazy(
                    "Describe the picture, or mark it as only decoration; not both."
                ),
            ),
            models.CheckConstraint(
                name="image_credited", condition=~Q(title="") & ~Q(credit="") & ~Q(licence="")
            ),
            models.CheckConstraint(name="image_has_size", condition=Q(width__gt=0, height__gt=0)),
        ]

    def __str__(self):
        return self.title

    def file_name(self, width: int, ending: str) -> str:
        """The name of one of its files."""
        return f"{self.key}-{width}.{ending}"

    @property
    def file_names(self) -> list[str]:
        """All of its files."""
        return [self.file_name(w, ending) for ending in self.formats for w in self.widths]


class RevisionImage(models.Model):
    """An image that a revision's text shows."""

    revision = models.ForeignKey(
        "editorial.Revision", on_delete=models.CASCADE, related_name="shown_images"
    )
    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="shown_in")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "image"], name="image_once_a_revision")
        ]

    def __str__(self):
        return gettext("%(revision)s shows %(image)s") % {
            "revision": self.revision,
            "image": self.image,
        }
