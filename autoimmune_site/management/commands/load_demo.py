from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from autoimmune_site import demo, demo_accounts
from editorial.errors import Refused
from editorial.models import Page


class Command(BaseCommand):
    """The shipped content."""

    help = (
        "Loads the content that ships with the site: sources, conditions, therapies, assessments "
        "and articles. Doing it again changes nothing; pages edited here are left alone."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--accounts",
            action="store_true",
            help="also create the demo accounts author, editor, reviewer, moderator and admin",
        )

    def handle(self, *, accounts, **options):
        try:
            changed = demo.load(self.stdout.write)
            password = demo_accounts.create() if accounts else None
        except (Refused, ValidationError) as refusal:
            raise CommandError(str(refusal)) from refusal
        if password:
            names = ", ".join(demo_accounts.PEOPLE)
            self.stdout.write(f"Demo accounts: {names}. Password of each: {password}")
            self.stdout.write("It is shown only this once. Set DEMO_PASSWORD to choose it.")
        pages = Page.objects.published().count()
        state = "loaded" if changed else "unchanged"
        self.stdout.write(f"Shipped content {state}: {pages} pages are published.")
