"""What one retraction costs: queue filled, pages marked, owners told, history written.

    python benchmarks/ripple.py [--pages 100000] [--seconds 2]

Makes its own site (seeded, every word invented) in a temporary SQLite file: 100,000 published
pages, 400 of which hold 1,000 claims that rest on one source. Records a retraction of that source
and then its reinstatement, each in one transaction as the command does. Exits 1 if either takes
longer than the limit, reopens other claims than those, or does not give back what they had.

For comparison: in Wikipedia 71.6% of the citations of retracted papers that were looked at
needed repair, and those had stood for a median of 1,344 days.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
RESTING_PAGES, RESTING_CLAIMS = 400, 1_000


def set_up(database: Path) -> None:
    """Django on an empty database with the project's tables; letters stay in memory."""
    os.environ.update(DATABASE_URL=f"sqlite:///{database}", DEBUG="true", STAFF_MFA="optional")
    os.environ.update(DJANGO_SETTINGS_MODULE="autoimmune_site.settings", EMAIL_URL="memorymail://")
    sys.path.insert(0, str(HOME))
    import django
    from django.conf import settings
    from django.core import mail
    from django.core.management import call_command

    django.setup()
    settings.DEBUG = False  # DEBUG keeps every query in memory
    mail.outbox = []
    call_command("migrate", verbosity=0)


def make_people() -> list:
    """An administrator who records the notice, and 20 owners of pages."""
    from editorial import roles
    from editorial.models import User

    roles.grant(User.objects.create_user("bench", is_staff=True), "administrator")
    return [
        User.objects.create_user(f"owner-{n}", email=f"owner-{n}@example.org", is_staff=True)
        for n in range(20)
    ]


def make_pages(count: int, owners: list) -> None:
    """Published articles, written to the tables directly: a way that only a benchmark may go."""
    from django.db import transaction
    from django.utils import timezone

    from editorial.models import Page, Revision

    now = timezone.now()
    with transaction.atomic():
        Page.objects.bulk_create(
            (
                Page(kind="article", title=f"Page {n}", slug=f"page-{n}", summary="Invented.",
                     body="<p>Invented.</p>", created_by=owners[n % len(owners)])
                for n in range(count)
            ),
            batch_size=2_000,
        )  # fmt: skip
        pages = list(Page.objects.order_by("pk"))
        Revision.objects.bulk_create(
            (
                Revision(page=page, number=1, state="draft", author=page.created_by,
                         content={"title": page.title, "summary": page.summary, "body": page.body},
                         digest=f"{page.pk:064d}", author_name="Owner", override_reason="Invented.")
                for page in pages
            ),
            batch_size=2_000,
        )  # fmt: skip
    publish_all(now)


def publish_all(now) -> None:
    """Every page shows its one revision."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE editorial_revision SET state = 'published'")
        cursor.execute(
            "UPDATE editorial_page SET status = 'published', published_at = %s, "
            "first_published_at = %s, live_revision_id = (SELECT r.id FROM editorial_revision r "
            "WHERE r.page_id = editorial_page.id)",
            [now, now],
        )


def make_claims() -> tuple:
    """One claim on every page on a source of its own, and 1,000 on the one that will fall."""
    from django.db import transaction
    from django.utils import timezone

    from claims.models import Anchor, Claim, ClaimSource
    from editorial.models import Page
    from evidence.models import Source

    chance = random.Random(6)
    sources = Source.objects.bulk_create(
        Source(key=f"invented-{n}", title=f"Invented trial {n}", authors="Invented A", year=2010,
               doi=f"10.5555/invented.{n}")
        for n in range(2_000)
    )  # fmt: skip
    fallen = sources[0]
    rows = list(Page.objects.order_by("pk").values_list("pk", "live_revision"))
    resting = chance.sample(rows, RESTING_PAGES)
    places = [(page, revision, sources[1 + page % 1_999]) for page, revision in rows]
    places += [(*resting[n % RESTING_PAGES], fallen) for n in range(RESTING_CLAIMS)]
    with transaction.atomic():
        claims = Claim.objects.bulk_create(
            (Claim(page_id=page, sentence="An invented sentence.", state="supported")
             for page, _, _ in places),
            batch_size=2_000,
        )  # fmt: skip
        ClaimSource.objects.bulk_create(
            (ClaimSource(claim=claim, source=source, confirmed_at=timezone.now(),
                         confirmed_by_name="Bench")
             for claim, (_, _, source) in zip(claims, places, strict=True)),
            batch_size=2_000,
        )  # fmt: skip
        Anchor.objects.bulk_create(
            (Anchor(claim=claim, revision_id=revision, start=n, end=n + 1, exact="A")
             for n, (claim, (_, revision, _)) in enumerate(zip(claims, places, strict=True))),
            batch_size=2_000,
        )  # fmt: skip
    return fallen, {c.pk for c, place in zip(claims, places, strict=True) if place[2] is fallen}


def timed(source, kind: str, when: date) -> tuple[float, set]:
    """(seconds to record this notice, keys of readers' pages that became stale)."""
    from editorial import freshness
    from editorial.models import User
    from evidence.actions import record_notice

    stale = set()
    freshness.on_stale(stale.update)
    by = User.objects.get(username="bench")
    started = time.perf_counter()
    record_notice(source, by=by, kind=kind, date=when)
    return time.perf_counter() - started, stale


def main() -> int:
    """Print both acts; 1 if a limit is passed or a claim is wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        set_up(Path(folder) / "bench.sqlite3")
        from django.core import mail
        from django.urls import reverse

        reverse("home")  # a server has loaded its addresses before the first notice comes

        from claims.models import Claim, QueueItem

        make_pages(options.pages, make_people())
        source, resting = make_claims()
        took, right = [], True
        for kind, day, state in (
            ("retraction", date(2020, 1, 1), "open"),
            ("reinstatement", date(2021, 1, 1), "supported"),
        ):
            mail.outbox.clear()
            seconds, stale = timed(source, kind, day)
            took.append(seconds)
            moved = set(Claim.objects.filter(state="open").values_list("pk", flat=True))
            queue = QueueItem.objects.filter(blocks=True).count()
            right = right and moved == (resting if state == "open" else set())
            print(
                f"{kind}: {seconds:.2f} s; {len(moved):,} claims open, {queue:,} in the queue, "
                f"{sum(key.startswith('page:') for key in stale):,} pages marked, "
                f"{len(mail.outbox)} letters"
            )
    return int(max(took) > options.seconds or not right)


if __name__ == "__main__":
    sys.exit(main())
