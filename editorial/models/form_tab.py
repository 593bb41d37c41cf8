from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext


class FormTab(models.Model):
    """One browser tab in which a person has a page's form open; the page may not be made yet.

    It says who is there (`seen_at`, None once the tab was left), and what this tab saved last,
    so that an answer lost on the way is not taken for somebody else's save. It is a convenience
    of the desk and no history: it goes with the person, and a day after it was last heard of.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="form_tabs"
    )
    token = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    page = models.ForeignKey(
        "editorial.Page", on_delete=models.CASCADE, null=True, related_name="form_tabs"
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    heard_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)
    last_number = models.PositiveIntegerField(default=0)
    saved_revision = models.ForeignKey("editorial.Revision", on_delete=models.CASCADE, null=True)
    saved_digest = models.CharField(max_length=64, blank=True)
    kept_aside = models.ForeignKey(
        "editorial.Revision", on_delete=models.CASCADE, null=True, related_name="+"
    )

    class Meta:
        ordering = ["opened_at"]
        indexes = [models.Index(fields=["page", "seen_at"], name="form_tab_who_is_there")]
        constraints = [
            models.UniqueConstraint(fields=["person", "token"], name="form_tab_once"),
            models.CheckConstraint(name="form_tab_named", condition=~Q(token="") & ~Q(kind="")),
            models.CheckConstraint(
                name="form_tab_saved_on_a_page",
                condition=Q(saved_revision__isnull=True, saved_digest="")
                | (Q(saved_revision__isnull=False, page__isnull=False) & ~Q(saved_digest="")),
            ),
        ]

    def __str__(self):
        return gettext("%(person)s has %(page)s open") % {
            "person": self.person,
            "page": self.page or self.kind,
        }


class UnsavedText(models.Model):
    """What a person typed into a form that could not be saved as a revision yet.

    The raw form as it was sent, so that nothing is lost however unfinished it is. Only that
    person is ever shown it; it goes when the text is saved, discarded, or with the person.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="unsaved_texts"
    )
    token = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    page = models.ForeignKey(
        "editorial.Page", on_delete=models.CASCADE, null=True, related_name="unsaved_texts"
    )
    fields = models.JSONField()
    kept_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-kept_at"]
        constraints = [
            models.UniqueConstraint(fields=["person", "token"], name="unsaved_text_once_a_tab"),
            models.CheckConstraint(name="unsaved_text_named", condition=~Q(token="") & ~Q(kind="")),
        ]

    def __str__(self):
        return gettext("%(person)s on %(page)s, %(kept_at)s") % {
            "person": self.person,
            "page": self.page or self.kind,
            "kept_at": f"{self.kept_at:%Y-%m-%d %H:%M}",
        }
