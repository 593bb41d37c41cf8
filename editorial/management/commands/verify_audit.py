from django.core.management.base import BaseCommand

from editorial import audit
from editorial.management.progress import Progress
from editorial.models import Event


class Command(BaseCommand):
    """Prove that the audit log is as it was written."""

    help = (
        "Walks the audit log from its first event and recomputes every hash. Exits 1 at the first "
        "event that was altered, or whose predecessor is missing. Events taken off the end leave "
        "no such trace: note the head that this prints, off this machine, and give it back later "
        "with --head; the chain must still hold it."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--head",
            metavar="HASH",
            default="",
            help="a head that was noted earlier; it must still be in the chain",
        )

    def handle(self, *, head, **options):
        progress = Progress(self.stdout, Event.objects.count(), "Verifying")
        verdict = audit.verify(
            head.strip().lower(), lambda done: done % 500 == 0 and progress.show(done)
        )
        progress.clear()
        if verdict.broken:
            event = verdict.broken
            self.stderr.write(
                f"Event {event.pk} of {event.at:%Y-%m-%d %H:%M:%S} UTC ({event.actor_name}: "
                f"{event.verb}, {event.subject}): {verdict.why}. "
                f"The {verdict.sound} events before it are sound."
            )
            raise SystemExit(1)
        if not verdict.passed_noted:
            self.stderr.write(
                f"The chain of {verdict.sound} events is whole, but the head that was noted is not "
                "in it: events at its end were deleted or replaced. Its head now: " + verdict.head
            )
            raise SystemExit(1)
        self.stdout.write(f"{verdict.sound} events, none altered. Head: {verdict.head}")
