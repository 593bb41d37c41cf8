import sys

from django.core.management.base import BaseCommand

from search.rebuild import drop_unpublished, published_count, rebuild


class Command(BaseCommand):
    """Index every published page anew while the site serves."""

    help = (
        "Index every published page anew, in batches, while the site serves. Readers go on "
        "searching in what is there; a page published or withdrawn meanwhile stays right."
    )

    def add_arguments(self, parser):
        """How many pages a transaction holds."""
        parser.add_argument(
            "--batch", type=int, default=200, help="pages in one transaction (default 200)"
        )

    def handle(self, *, batch, **options):
        """Rebuild with a progress bar on a terminal and one line at the end."""
        total = published_count()
        done = 0
        for number in rebuild(max(1, batch)):
            done += number
            if sys.stderr.isatty():
                bar = "█" * (30 * done // max(total, done))
                self.stderr.write(f"\r{bar:<30} {done:,} of {total:,}", ending="")
        if sys.stderr.isatty():
            self.stderr.write("")
        gone = drop_unpublished()
        removed = f" Removed {gone:,} that are not published." if gone else ""
        self.stdout.write(f"Indexed {done:,} published page{'' if done == 1 else 's'}.{removed}")
