from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext


class PreviewLinkQuerySet(models.QuerySet):
    """Links by whether they still open."""

    def good(self, now):
        """Neither revoked nor past their time."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=now)


class PreviewLink(models.Model):
    """An address that shows one revision to somebody without an account, for a while.

    The address itself is not kept, only a hash of its secret part. While a revision has a link,
    of whatever state, the database refuses any change of its text (see guards.py).
    """

    revision = models.ForeignKey(
        "editorial.Revision", on_delete=models.PROTECT, related_name="preview_links"
    )
    digest = models.CharField(max_length=64, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    for_whom = models.CharField("for whom", max_length=120)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="preview_links"
    )
    made_by_name = models.CharField("made by", max_length=150)
    made_at = models.DateTimeField("made", auto_now_add=True)
    expires_at = models.DateTimeField("expires")
    revoked_at = models.DateTimeField("revoked", null=True)
    revoked_by_name = models.CharField(max_length=150, blank=True)
    opened = models.PositiveIntegerField("times opened", default=0)
    last_opened_at = models.DateTimeField("last opened", null=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="preview_link_for_somebody", condition=~Q(for_whom="")),
            models.CheckConstraint(
                name="preview_link_expires_later", condition=Q(expires_at__gt=F("made_at"))
            ),
            models.CheckConstraint(
                name="preview_link_revoked_by_somebody",
                condition=Q(revoked_at__isnull=True, revoked_by_name="")
                | Q(Q(revoked_at__isnull=False), ~Q(revoked_by_name="")),
            ),
        ]

    def __str__(self):
        return gettext("%(revision)s for %(for_whom)s") % {
            "revision": self.revision,
            "for_whom": self.for_whom,
        }

    def is_good(self, now) -> bool:
        """Whether it still opens."""
        return self.revoked_at is None and self.expires_at > now
