from django.db import models
from django.utils import timezone


class Event(models.Model):
    """One row of the audit log: who did what, to what, when, and what changed.

    Append-only: the database itself refuses to change or delete a row (see guards.py). People
    and pages are kept as text and plain numbers, so history outlives them. Each row's hash
    covers the row before it; two rows cannot follow the same one.
    """

    at = models.DateTimeField(default=timezone.now)
    verb = models.CharField(max_length=60)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    page_id = models.BigIntegerField(null=True, db_index=True)
    subject = models.CharField(max_length=300)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["verb", "-at"], name="event_by_verb")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name}: {self.verb} {self.subject}"
