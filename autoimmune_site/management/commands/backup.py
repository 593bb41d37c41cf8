from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from autoimmune_site.archive import ArchiveError, tables, writing
from editorial.management.progress import Progress


class Command(BaseCommand):
    """Write all that the site knows into one file."""

    help = (
        "Writes every row, every uploaded file and a manifest with counts and checksums into one "
        "zip file, as they were at one moment, while the site serves. Refuses to overwrite a "
        "file. The file holds password hashes and second factors: keep it as you keep those. "
        "`restore` puts it back, on SQLite or on PostgreSQL, whichever it came from."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", type=Path, help="the file to make")

    def handle(self, *, file, **options):
        progress, names = Progress(self.stdout, len(tables.models()), "Backing up"), []

        def step(name):
            names.append(name)
            progress.show(min(len(names), progress.total), name)

        try:
            manifest = writing.write(file, step)
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        finally:
            progress.clear()
        rows = sum(about["rows"] for about in manifest["tables"].values())
        self.stdout.write(
            f"{rows} rows of {len(manifest['tables'])} tables and {len(manifest['files'])} files "
            f"are in {file}, {file.stat().st_size / 1e6:.1f} MB. "
            f"Audit head: {manifest['audit_head'] or 'none'}"
        )
