"""`manage.py import_articles PATH…`: files become drafts, each with a report of its claims."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from textwrap import indent

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from articles.importers import files
from articles.importers.article import ImportedArticle, Unreadable
from articles.importers.ingest import Outcome, ingest_many
from articles.importers.reading import read_all
from editorial.errors import Refused
from editorial.management.acting import acting_user, add_by_argument
from editorial.management.much_to_write import much_to_write
from editorial.management.progress import Progress
from editorial.models import User

FAILED = "failed"
# What one transaction keeps: enough that a statement costs each article little, so few that
# editors are not kept waiting and memory stays small.
AT_ONCE = 250
CHARACTERS_AT_ONCE = 2_000_000

Entry = tuple[str, ImportedArticle | Unreadable]


class Command(BaseCommand):
    """Import articles and report the claims in each."""

    help = (
        "Import articles from files or folders (.txt, .md, .html, .docx, .jsonl, and "
        "WordPress exports, .xml). Each becomes a draft, "
        "is checked, and its flagged sentences are listed. The same file twice changes nothing; a "
        "changed file becomes a new draft of the same article. A file that cannot be read is "
        "reported by name and the rest go on. Exit status 0 only if every file went well."
    )

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file or a folder")
        add_by_argument(parser)
        parser.add_argument(
            "--publish",
            action="store_true",
            help="publish at once a library that was published elsewhere; readers see “not yet "
            "reviewed here” and flags stay open; needs --by with an administrator, and --reason",
        )
        parser.add_argument("--reason", default="", metavar="TEXT", help="why, for the record")

    def handle(self, *, paths, by, publish, reason, **options):
        """Import everything under the paths; raises CommandError with the summary if any failed."""
        user = self._user(by, publish, reason)
        found = list(files.find(paths))
        if not found:
            raise CommandError("There are no files in the folders given.")
        progress = Progress(self.stderr, len(found), "Importing")
        counts: Counter = Counter()
        with much_to_write() as collect:
            for batch in _batches(self._entries(found, progress)):
                keep = partial(ingest_many, by=user, publish=publish, reason=reason)
                lines = list(self._reports(batch, keep))
                counts.update(kind for kind, _ in lines)
                progress.clear()
                for _, text in lines:
                    self.stdout.write(text)
                collect()
        progress.clear()
        self._finish(counts)

    def _user(self, name: str | None, publish: bool, reason: str) -> User:
        if publish and not (name and reason.strip()):
            raise CommandError("--publish needs --by with an administrator, and --reason.")
        return acting_user(name, "page.add", *(["page.override"] if publish else []))

    def _entries(self, found: list[files.Found], progress) -> Iterator[Entry]:
        """The name of each file with each article in it, or why it could not be read."""
        for done, file in enumerate(found):
            progress.show(done, file.name)
            problem = [Unreadable(file.problem)] if file.problem else None
            for entry in problem or read_all(file.path, file.name):
                yield file.name, entry
                progress.show(done, file.name)

    def _reports(self, batch: list[Entry], keep) -> Iterator[tuple[str, str]]:
        """(kind, text of the report) for each article or refusal, in order."""
        articles = [entry for _, entry in batch if isinstance(entry, ImportedArticle)]
        outcomes = iter(keep(articles))
        for name, entry in batch:
            if isinstance(entry, Unreadable):
                where = f"{name}, {entry.where}" if entry.where else name
                yield FAILED, f"{where}: not imported. {entry.reason}"
                continue
            match next(outcomes):
                case Refused() as refusal:
                    yield FAILED, f"{entry.source_name}: not imported. {refusal}"
                case DatabaseError() as error:
                    why = f"The database refused it: {error}"
                    yield FAILED, f"{entry.source_name}: not imported. {why}"
                case outcome:
                    yield outcome.kind, report_of(entry.source_name, outcome)

    def _finish(self, counts: Counter) -> None:
        parts = [f"{counts[kind]} {kind}" for kind in ("created", "updated", "unchanged")]
        total = sum(counts.values()) - counts[FAILED]
        summary = f"{_count(total, 'article')}: {', '.join(parts)}"
        if counts[FAILED]:
            raise CommandError(f"{summary}; {counts[FAILED]} not imported, as said above.")
        self.stdout.write(f"{summary}.")


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """The entries in order, so many at once as one transaction keeps."""
    batch, characters = [], 0
    for name, entry in entries:
        batch.append((name, entry))
        characters += len(entry.body_html) if isinstance(entry, ImportedArticle) else 0
        if len(batch) >= AT_ONCE or characters >= CHARACTERS_AT_ONCE:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def report_of(name: str, outcome: Outcome) -> str:
    """What became of one file, and each flagged sentence with the reason."""
    flags = Counter(row.severity for row in outcome.report)
    state = f"{outcome.kind}, published without review here" if outcome.published else outcome.kind
    lines = [
        f"{name}: {state}. “{outcome.revision.content['title']}”: "
        f"{_count(outcome.claims, 'claim')}, {flags['block']} to block and {flags['advise']} to "
        "advise."
    ]
    if outcome.unknown:
        lines.append(f"  Not known here, so left out: {', '.join(outcome.unknown)}.")
    for row in outcome.report:
        lines.append(f"  {row.severity:6} {row.category:11} {row.sentence}")
        lines.append(indent(row.reason, " " * 21))
    return "\n".join(lines)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
