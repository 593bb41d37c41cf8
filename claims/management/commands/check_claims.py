"""`manage.py check_claims`: the claim checker on files, on standard input, on the site."""

import sys
from functools import partial
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db.utils import OperationalError, ProgrammingError

from claims.checker import Names, Report, check
from claims.checker.protocol import answer_lines, report_lines


def knowledge() -> tuple[Names, dict]:
    """Names and assessments of this site; none where the database has no tables yet."""
    # Imported here so that the checker's command also runs before the first migration.
    from claims.knowledge import checker_knowledge

    try:
        return checker_knowledge()
    except (OperationalError, ProgrammingError):
        return Names(), {}


class Command(BaseCommand):
    help = (
        "Read text and say what a careful medical editor would stop at. Give files (UTF-8 "
        'text), or --jsonl to answer {"id", "text"} lines from standard input; with '
        "neither, every page of the site is checked again."
    )

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="*", metavar="PATH", help="text files to check")
        parser.add_argument(
            "--jsonl",
            action="store_true",
            help="read JSON Lines on standard input and write one line of flags for each",
        )

    def handle(self, *args, paths, jsonl, **options):
        if jsonl and paths:
            raise CommandError("Give either files or --jsonl, not both.")
        if not jsonl and not paths:
            return self._check_site()
        names, assessments = knowledge()
        checker = partial(check, names=names, assessments=assessments)
        if jsonl:
            self._answer_lines(checker)
        else:
            self._check_files(paths, checker)

    def _answer_lines(self, checker):
        source = getattr(sys.stdin, "buffer", sys.stdin)
        # sys.stdout and not self.stdout, which would add a line break to each line.
        out = self.stdout._out
        if not answer_lines(source, checker, out.write):
            sys.exit(1)

    def _check_files(self, paths, checker):
        findings = blocking = unread = 0
        for path in paths:
            try:
                text = Path(path).read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                unread += 1
                why = "it is not UTF-8 text" if isinstance(error, ValueError) else error.strerror
                self.stderr.write(f"{path}: not read, {why}.")
                continue
            report: Report = checker(text)
            self.stdout.write("\n".join(report_lines(path, report)))
            findings += len(report.findings)
            blocking += sum(f.severity == "block" for f in report.findings)
        self.stdout.write(
            f"{len(paths) - unread} of {len(paths)} files read, {findings} findings, "
            f"{blocking} of them blocking."
        )
        if unread:
            sys.exit(1)

    def _check_site(self):
        # Imported here because only this branch needs the site's pages.
        from claims.actions import recheck_site

        count = recheck_site()
        noun = "revision was" if count == 1 else "revisions were"
        self.stdout.write(f"{count} {noun} checked again.")
