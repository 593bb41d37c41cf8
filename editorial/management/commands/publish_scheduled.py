import time

from django.core.management.base import BaseCommand

from editorial.schedule import work_round


class Command(BaseCommand):
    """Do what is due, and the rooms' work of each round."""

    help = (
        "Publishes and withdraws what people scheduled and whose moment has come, then does the "
        "rooms' regular work, such as telling whose pages are due for review. Safe to repeat and "
        "to run on several machines. Exits with 1 when anything was refused or broke."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--every",
            type=int,
            metavar="SECONDS",
            help="go on, looking again after this many seconds, until stopped",
        )

    def handle(self, *, every, **options):
        went_wrong = self.run_once(quiet=False)
        while every:
            time.sleep(every)
            self.run_once(quiet=True)
        if went_wrong:
            raise SystemExit(1)

    def run_once(self, *, quiet: bool) -> int:
        """One round; returns how many things were refused or broke."""
        run = work_round()
        for revision, reason in run.refused:
            self.stderr.write(f"Refused: {revision}: {reason}")
        for name in run.broken:
            self.stderr.write(f"Broke (see the log): {name}")
        if run.published or run.withdrawn or run.refused or run.broken or not quiet:
            self.stdout.write(
                f"{len(run.published)} published and {len(run.withdrawn)} withdrawn as "
                f"scheduled, {len(run.refused)} refused, {len(run.broken)} broke."
            )
        return len(run.refused) + len(run.broken)
