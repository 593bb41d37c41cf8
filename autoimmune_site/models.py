"""What this room keeps in the database: the marks that tell every process what became stale."""

from django.db import models
from django.utils import timezone


class StaleMark(models.Model):
    """Readers' pages that show `key` and were made before this row must be made anew.

    Written in the transaction of the change itself (see page_cache/marks.py), in the order in
    which those transactions commit. Old rows are cleared away in a round.
    """

    key = models.CharField(max_length=160)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self):
        return f"{self.pk}: {self.key}"


class PurgeProgress(models.Model):
    """Up to which mark the cache in front of the site has been told; one row."""

    upto = models.BigIntegerField(default=0)

    def __str__(self):
        return f"told up to {self.upto}"
