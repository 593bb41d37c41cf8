"""What was approved, scheduled and reviewed before there were tables for it."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone

REVIEW_DAYS = 365  # the first value of the rules for each kind


def approvals(apps, schema_editor):
    Revision = apps.get_model("editorial", "Revision")
    Approval = apps.get_model("editorial", "Approval")
    approved = Revision.objects.filter(approved_at__isnull=False).exclude(approved_by_name="")
    for revision in approved.select_related("approved_by").iterator():
        by = revision.approved_by
        Approval.objects.create(
            revision=revision,
            by=by,
            by_name=revision.approved_by_name,
            title=by.title if by else "",
            interests=by.interests if by else "",
            at=revision.approved_at,
        )


def appointments(apps, schema_editor):
    Revision = apps.get_model("editorial", "Revision")
    Appointment = apps.get_model("editorial", "Appointment")
    Event = apps.get_model("editorial", "Event")
    for revision in Revision.objects.filter(scheduled_at__isnull=False):
        said = Event.objects.filter(verb="revision.scheduled", page_id=revision.page_id)
        event = said.order_by("-pk").first()
        Appointment.objects.create(
            revision=revision,
            does="publish",
            at=revision.scheduled_at,
            by_name=event.actor_name if event else "the system",
        )


def clocks(apps, schema_editor):
    Page = apps.get_model("editorial", "Page")
    for page in Page.objects.filter(status="published").iterator():
        last = timezone.localdate(page.reviewed_at or page.published_at)
        Page.objects.filter(pk=page.pk).update(review_due=last + timedelta(days=REVIEW_DAYS))


class Migration(migrations.Migration):
    dependencies = [("editorial", "0003_review_schedule_clocks")]

    operations = [
        migrations.RunPython(approvals, migrations.RunPython.noop),
        migrations.RunPython(appointments, migrations.RunPython.noop),
        migrations.RunPython(clocks, migrations.RunPython.noop),
    ]
