from django.db import models
from django.utils.translation import gettext

from editorial.models import Page
from therapies.models import Condition, Therapy


class Article(Page):
    """A piece that answers a question readers bring."""

    KIND = "article"

    conditions = models.ManyToManyField(Condition, blank=True, related_name="articles")
    therapies = models.ManyToManyField(Therapy, blank=True, related_name="articles")


class ImportRecord(models.Model):
    """Which file an article came from, so that the same file twice changes nothing."""

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="import_record")
    source_name = models.CharField(max_length=300, unique=True)
    digest = models.CharField(max_length=64)
    imported_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return gettext("%(page)s from %(source_name)s") % {
            "page": self.page,
            "source_name": self.source_name,
        }
