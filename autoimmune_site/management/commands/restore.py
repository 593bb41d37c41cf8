from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from autoimmune_site.archive import ArchiveError, replacing, tables
from autoimmune_site.archive.reading import Archive
from editorial.management.progress import Progress


class Command(BaseCommand):
    """Put a backup in place of what is here."""

    help = (
        "Checks a file made by `backup` (every checksum, every count, the audit log's chain), "
        "keeps what is here now in a file beside it, then replaces everything in one "
        "transaction: readers see the old state or the new one, never a mixture, and an error "
        "changes nothing. Everybody must sign in again. An empty database is migrated first."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", type=Path, help="a file made by backup")
        parser.add_argument(
            "--check", action="store_true", help="only say whether the file is whole"
        )
        parser.add_argument(
            "--keep-nothing",
            action="store_true",
            help="do not keep what is replaced; there is no way back then",
        )

    def handle(self, *, file, check, keep_nothing, **options):
        try:
            with Archive(file) as archive:
                archive.verify()
                made = archive.manifest["made_at"][:16].replace("T", " ")
                if check:
                    self.stdout.write(f"{file} of {made} is whole: {archive.row_count} rows.")
                    return
                if not connection.introspection.table_names():
                    call_command("migrate", verbosity=0)
                keep = None if keep_nothing else replacing.name_for_kept(file, timezone.now())
                done = self._replace(archive, keep)
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        kept = f" What was here before is in {done.kept}." if done.kept else ""
        self.stdout.write(
            f"Put back {done.rows} rows and {done.files} files of {made}; the audit log is "
            f"whole.{kept} Reload the web processes now."
        )

    def _replace(self, archive, keep) -> replacing.Done:
        progress, steps = Progress(self.stdout, len(tables.models()), "Restoring"), []

        def step(name):
            steps.append(name)
            progress.show(min(len(steps), progress.total), name)

        try:
            return replacing.replace(archive, keep, step)
        finally:
            progress.clear()
