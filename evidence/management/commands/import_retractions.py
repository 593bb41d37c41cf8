"""`manage.py import_retractions FILE`: notices become known, and claims reopen."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from editorial.management.acting import acting_user, add_by_argument, counted
from editorial.management.progress import Progress
from editorial.models import Event
from evidence.importers.crossref_updates import read_updates
from evidence.importers.opening import lines_of, open_text
from evidence.importers.record import Unreadable
from evidence.importers.retraction_watch import read_notices
from evidence.notices import MOST_SAID, Sieve, Sifted, record_found

EVERY = 1_000  # rows between two looks at the progress bar


def _is_json(text) -> bool:
    """Whether the file holds JSON: a CSV file's first line names its columns."""
    head = text.read(100).lstrip()
    text.seek(0)
    return head.startswith("{")


class Command(BaseCommand):
    """Import retractions, expressions of concern, corrections and reinstatements."""

    help = (
        "Import a list of notices: the Retraction Watch column layout (CSV, dates month first), or "
        "works of Crossref's API, one JSON object a line, of which “updated-by” and “update-to” "
        "are read. "
        "Rows about papers that are no sources here are counted and passed over; the others "
        "become notices, and every claim that rests on a retracted source reopens at once. A "
        "Cochrane review that gave way to its new version is not retracted, and ignored. The same "
        "list twice changes nothing. A row that cannot be read, or is dated before its paper, is "
        "reported with its line and the rest go on. Exit status 0 only if every row went well."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", type=Path, help="the list of notices")
        add_by_argument(parser)

    def handle(self, *, file, by, **options):
        """Read the whole list, then write; raises CommandError with the summary if any failed."""
        user = acting_user(by, "notice.record")
        try:
            sifted = self._read(file)
        except (Unreadable, OSError) as problem:
            raise CommandError(f"{file.name}: {problem} Nothing was imported.") from None
        if not sifted.rows:
            raise CommandError(f"{file.name}: there is no row in it, so no notice.")
        for line, sentence in sorted(sifted.said):
            self.stdout.write(f"{file.name}, line {line}: {sentence}")
        if len(sifted.said) == MOST_SAID:
            self.stdout.write(f"Only the first {MOST_SAID:,} such lines are listed.")
        self._finish(sifted, **self._write(file, sifted, user))

    def _read(self, file: Path) -> Sifted:
        sieve = Sieve()
        with open_text(file) as text:
            size = file.stat().st_size
            progress = Progress(self.stderr, 1 + size // 1024, "Reading the list, kB")
            read = read_updates if _is_json(text) else read_notices
            for line in sieve.sift(read(lines_of(text))):
                if line % EVERY == 0:
                    progress.show(text.buffer.tell() // 1024)
            progress.clear()
        return sieve.sifted

    def _write(self, file: Path, sifted: Sifted, user) -> dict[str, int]:
        """How many notices are new and known already, and how many claims reopened.

        Each source has its own transaction.
        """
        last = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        progress = Progress(self.stderr, len(sifted.found), "Recording notices, source")
        new, known = 0, sifted.repeated
        for done, (source_pk, rows) in enumerate(sifted.found.items()):
            progress.show(done)
            try:
                count, refused = record_found(source_pk, rows.values(), by=user)
            except DatabaseError as error:
                reason = f"not imported. The database refused it: {error}"
                count, refused = 0, [(row.line, reason) for row in rows.values()]
            new += count
            known += len(rows) - count - len(refused)
            sifted.failed += len(refused)
            progress.clear()
            for line, sentence in refused:
                self.stdout.write(f"{file.name}, line {line}: {sentence}")
        events = Event.objects.filter(pk__gt=last, verb="claims.reopened", actor_id=user.pk)
        reopened = {pk for data in events.values_list("data", flat=True) for pk in data["claims"]}
        return {"new": new, "known": known, "reopened": len(reopened)}

    def _finish(self, sifted: Sifted, *, new: int, known: int, reopened: int) -> None:
        parts = [
            counted(new, "new notice") if new else "no new notice, nothing changed",
            f"{known} known already",
            counted(reopened, "claim") + " reopened",
            f"{sifted.unknown} about papers that are not sources here",
        ]
        if sifted.superseded:
            parts.append(counted(sifted.superseded, "superseded review") + " ignored")
        summary = f"{counted(sifted.rows, 'row')}: {', '.join(parts)}"
        if sifted.failed:
            raise CommandError(f"{summary}; {sifted.failed} not imported, as said above.")
        self.stdout.write(f"{summary}.")
