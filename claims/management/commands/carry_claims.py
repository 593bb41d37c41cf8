"""`manage.py carry_claims --jsonl`: how a decided sentence fares when its text is edited."""

import sys

from django.core.management.base import BaseCommand, CommandError

from claims.carry.protocol import answer_lines


class Command(BaseCommand):
    help = (
        "Say what becomes of a decided sentence in an edit, with the code that runs when a "
        'revision is saved. Reads {"id", "before": [paragraphs], "claim", "after": '
        '[paragraphs]} lines on standard input and writes {"id", "outcome", "text"} lines: '
        '"keep" (the decision stands), "reopen" (the meaning may have changed) or "gone", and '
        "the sentence it stands on now, or null."
    )
    # Nothing is asked of the database, so that the command also runs before the first migration.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--jsonl",
            action="store_true",
            help="read JSON Lines on standard input and write one line of outcome for each",
        )

    def handle(self, *args, jsonl, **options):
        if not jsonl:
            raise CommandError("Give --jsonl and the edits as JSON Lines on standard input.")
        source = getattr(sys.stdin, "buffer", sys.stdin)
        # sys.stdout and not self.stdout, which would add a line break to each line.
        if not answer_lines(source, self.stdout._out.write):
            sys.exit(1)
