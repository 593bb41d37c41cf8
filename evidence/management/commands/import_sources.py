"""`manage.py import_sources FILE`: bibliographic records become sources."""

from collections import Counter
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from editorial.management.acting import acting_user, add_by_argument, counted
from editorial.management.progress import Progress
from evidence.importers.reading import read_references
from evidence.importers.record import Broken, Unreadable
from evidence.importing import Shelf, import_record

FAILED = "failed"
KINDS = ("created", "updated", "unchanged")


class Command(BaseCommand):
    """Import sources and report what could not be."""

    help = (
        "Import sources from a file of RIS, NBIB (PubMed), BibTeX or CSL JSON, told apart by what "
        "it holds and else by its name (.ris .nbib .bib .json). A paper that is here already, by "
        "DOI, PMID, trial registration or title and year, only gains what is empty; nothing is "
        "overwritten, and the same file twice changes nothing. An entry that cannot be read, or "
        "whose identifier is that of another paper, is reported with its line and the rest go "
        "on. Exit status 0 only if every entry went well."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", type=Path, help="the file of references")
        add_by_argument(parser)

    def handle(self, *, file, by, **options):
        """Import every entry; raises CommandError with the summary if any failed."""
        user = acting_user(by, "source.edit")
        counts: Counter = Counter()
        try:
            self._import(file, user, counts)
        except (Unreadable, OSError) as problem:
            before = f" {self._summary(counts)} before that." if counts else ""
            raise CommandError(f"{file.name}: {problem}{before}") from None
        if not counts:
            raise CommandError(f"{file.name}: there is no entry in it.")
        if counts[FAILED]:
            raise CommandError(
                f"{self._summary(counts)}; {counts[FAILED]} not imported, as said above."
            )
        self.stdout.write(f"{self._summary(counts)}.")

    def _import(self, file: Path, user, counts: Counter) -> None:
        shelf = Shelf()
        lines = _line_count(file)
        progress = Progress(self.stderr, lines, "Importing sources, line")
        for entry in read_references(file):
            progress.show(entry.line)
            kind, said = self._one(entry, shelf, user, file.name)
            counts[kind] += 1
            if said:
                progress.clear()
                self.stdout.write(f"{file.name}, line {entry.line}: {said}")
        progress.clear()

    def _one(self, entry, shelf: Shelf, user, origin: str) -> tuple[str, str]:
        """(kind, what to say of it) for one entry."""
        if isinstance(entry, Broken):
            return FAILED, f"not imported. {entry.reason}"
        try:
            kind, source = import_record(entry, shelf, by=user, origin=origin)
        except ValidationError as error:
            return FAILED, f"not imported. “{entry.title[:100]}”: {' '.join(error.messages)}"
        except DatabaseError as error:
            return FAILED, f"not imported. The database refused “{entry.title[:100]}”: {error}"
        if entry.is_marked_retracted and not source.is_retracted:
            return kind, (
                f"“{source.title[:100]}” is marked as retracted there. Record the notice with its "
                "date, or import it with import_retractions."
            )
        return kind, ""

    def _summary(self, counts: Counter) -> str:
        total = sum(counts[kind] for kind in KINDS)
        if total and counts["unchanged"] == total:
            return f"{counted(total, 'source')}: all here already, nothing changed"
        parts = [f"{counts[kind]} {kind}" for kind in KINDS]
        return f"{counted(total, 'source')}: {', '.join(parts)}"


def _line_count(file: Path) -> int:
    """How many lines, for the progress bar."""
    if not file.is_file():
        raise Unreadable("There is no such file.")
    with file.open("rb") as data:
        return 1 + sum(piece.count(b"\n") for piece in iter(lambda: data.read(1 << 20), b""))
