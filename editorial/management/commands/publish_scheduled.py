import time

from django.core.management.base import BaseCommand

from editorial.schedule import publish_due


class Command(BaseCommand):
    """Publish what is due."""

    help = "Publishes every approved revision whose scheduled moment has come. Safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument(
            "--every",
            type=int,
            metavar="SECONDS",
            help="go on, looking again after this many seconds, until stopped",
        )

    def handle(self, *, every, **options):
        refused = self.run_once(quiet=False)
        while every:
            time.sleep(every)
            self.run_once(quiet=True)
        if refused:
            raise SystemExit(1)

    def run_once(self, *, quiet: bool) -> int:
        """One look; returns how many were refused."""
        run = publish_due()
        for revision, reason in run.refused:
            self.stderr.write(f"Refused: {revision}: {reason}")
        if run.published or run.refused or not quiet:
            self.stdout.write(
                f"{len(run.published)} published as scheduled, {len(run.refused)} refused."
            )
        return len(run.refused)
