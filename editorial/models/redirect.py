from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy


class Redirect(models.Model):
    """An address of old that leads to a page for good, wherever that page moves.

    It names a page and no address, so there are no chains; guards.py refuses an old address at
    which a page stands, so there are no loops.
    """

    kind = models.CharField("kind of page", max_length=20)
    slug = models.SlugField(
        "old address",
        max_length=120,
        help_text=gettext_lazy("The last part of the address, without slashes."),
    )
    page = models.ForeignKey(
        "editorial.Page",
        on_delete=models.PROTECT,
        related_name="redirects",
        verbose_name=gettext_lazy("leads to"),
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by_name = models.CharField(max_length=150, editable=False)

    class Meta:
        ordering = ["kind", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "slug"],
                name="redirect_one_per_address",
                violation_error_message=gettext_lazy("That old address leads somewhere already."),
            ),
            models.CheckConstraint(name="redirect_named", condition=~Q(kind="") & ~Q(slug="")),
        ]

    def __str__(self):
        return f"{self.kind}/{self.slug} → {self.page}"
