"""`manage.py check_claims`: the claim checker on files, on standard input, on the site."""

import json
import sys
from functools import partial

from django.core.management.base import BaseCommand, CommandError
from django.db.utils import OperationalError, ProgrammingError

from claims.checker import Names, check
from claims.checker.protocol import answer_lines
from claims.file_texts import PIPED, Unreadable, read_file, something_is_piped
from claims.site_report import Found, Summary
from editorial.management.progress import Progress


def site_checker():
    """The checker with this site's names, assessments and rules; without them where the database
    has no tables yet."""
    # Imported here so that the checker's command also runs before the first migration.
    from claims.knowledge import checker_knowledge
    from claims.ruling import site_rules

    try:
        names, assessments = checker_knowledge()
        rules = site_rules()
    except (OperationalError, ProgrammingError):
        return partial(check, names=Names(), assessments={})
    return partial(check, names=names, assessments=assessments, rules=rules)


class Command(BaseCommand):
    help = (
        "Read text and say what a careful medical editor would stop at. Give files (UTF-8), - to "
        'read one text from standard input, or --jsonl to answer {"id", "text"} lines from there. '
        "Of a web page (.html, .htm, or what begins with a tag) the visible text is read, and "
        "offsets count in that. With none of these, and nothing piped in, every text of the site "
        "that is live or being worked on is checked again, its flags are brought in line, and a "
        "report says what was found. Ends with 1 where anything could not be read or checked."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "paths", nargs="*", metavar="PATH", help="files to check; - is standard input"
        )
        parser.add_argument(
            "--jsonl",
            action="store_true",
            help="read JSON Lines on standard input and write one line of flags for each",
        )
        parser.add_argument(
            "--json",
            action="store_true",
            dest="as_json",
            help="write the report as one JSON document",
        )
        parser.add_argument(
            "--list",
            action="store_true",
            dest="listing",
            help="name each sentence in the report on the site, with the rules that stopped at it; "
            "the report on files, and JSON, always do",
        )

    def handle(self, *args, paths, jsonl, as_json, listing, **options):
        if jsonl and paths:
            raise CommandError("Give either files or --jsonl, not both.")
        if jsonl and as_json:
            raise CommandError("Give either --json or --jsonl, not both.")
        if jsonl:
            self._answer_lines()
        elif paths:
            self._check_files(paths, as_json)
        elif something_is_piped():
            raise CommandError(
                "Something is piped in, and nothing says what to do with it. Give - to check it "
                "as one text, or --jsonl to answer it line by line; the whole site is checked "
                "again where nothing is piped in (< /dev/null)."
            )
        else:
            self._check_site(as_json, listing)

    def _answer_lines(self):
        source = getattr(sys.stdin, "buffer", sys.stdin)
        # sys.stdout and not self.stdout, which would add a line break to each line.
        out = self.stdout._out
        if not answer_lines(source, site_checker(), out.write):
            sys.exit(1)

    def _check_files(self, paths, as_json):
        checker, summary = site_checker(), Summary()
        progress = Progress(self.stderr, len(paths), "Checking")
        for done, path in enumerate(paths):
            name = "standard input" if path == PIPED else path
            progress.show(done, name)
            try:
                found = read_file(path)
            except Unreadable as refusal:
                summary.failed[name] = str(refusal)
                progress.clear()
                self.stderr.write(f"{name}: not read, {refusal}.")
                continue
            report = checker(found.text, blocks=found.blocks, citations=found.citations)
            summary.texts.append(Found(name, found.about, report))
        progress.clear()
        if as_json:
            return self._end(summary, as_json)
        for found in summary.texts:
            self.stdout.write("\n".join(found.lines()))
        self.stdout.write(
            f"{len(summary.texts)} of {len(paths)} files read, {summary.findings} findings, "
            f"{summary.blocking} of them blocking."
        )
        return self._end(summary, as_json)

    def _check_site(self, as_json, listing):
        # Imported here because only this branch needs the site's pages.
        from claims.actions import recheck_site

        progress = Progress(self.stderr, 0, "Checking")

        def show(done, total):
            progress.total = total
            progress.show(done)

        summary = recheck_site(show)
        progress.clear()
        if not as_json:
            self.stdout.write("\n".join(summary.lines(listing=listing)))
        self._end(summary, as_json)

    def _end(self, summary, as_json):
        if as_json:
            self.stdout.write(json.dumps(summary.as_json(), ensure_ascii=False))
        if summary.failed:
            sys.exit(1)
