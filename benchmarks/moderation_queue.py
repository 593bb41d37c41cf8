"""What the moderators' queue costs with 100 and with 100,000 claims.

    python benchmarks/moderation_queue.py [--claims 100000] [--flags 10000] [--times 20]

Fills a database of its own with invented claims, opens the queue's first page as a moderator, and
prints queries and milliseconds of processor time (the median of so many requests; the database is
in the same process, and other work on the machine does not count) at both sizes, and the same for
what a claim's desk looks up elsewhere. Fails when the page takes more than 12 queries, or at the
large size more than twice the time of the small one.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
MOST_QUERIES, MOST_TIMES = 12, 2.0
QUEUE = "/admin/moderation/"


def set_up(database: Path) -> None:
    """Django on an empty database."""
    os.environ.update(
        DATABASE_URL=f"sqlite:///{database}",
        DEBUG="true",
        STAFF_MFA="optional",
        DJANGO_SETTINGS_MODULE="autoimmune_site.settings",
    )
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def make_people_and_page():
    """A moderator and a page with a draft."""
    from editorial import actions, roles
    from editorial.models import User

    moderator = User.objects.create_user("bench", "bench@example.org", is_staff=True)
    roles.grant(moderator, "moderator", "author")
    content = {"title": "Bench", "slug": "", "summary": "", "body": "<p>It begins.</p>", "tags": []}
    return moderator, actions.save_draft(kind="article", content=content, by=moderator)


def add_claims(revision, start: int, stop: int, flags: int) -> None:
    """Claims from number `start` to `stop`, evenly `flags` of them with an open flag."""
    from claims import queueing
    from claims.memory import keys_of
    from claims.models import Anchor, Claim, Flag

    every = max(1, (stop - start) // flags)
    for begin in range(start, stop, 5000):
        numbers = range(begin, min(begin + 5000, stop))
        claims = Claim.objects.bulk_create(_claim(Claim, keys_of, revision, n) for n in numbers)
        Anchor.objects.bulk_create(
            Anchor(claim=c, revision=revision, start=20 * n, end=20 * n + 9, exact="It begins")
            for c, n in zip(claims, numbers, strict=True)
            if n
        )
        Flag.objects.bulk_create(
            _flag(Flag, c, n) for c, n in zip(claims, numbers, strict=True) if n % every == 0
        )
    queueing.rebuild()


def _claim(Claim, keys_of, revision, n: int):
    sentence = f"Therapy number {n % 997} lowered the pain of group {n} in week {n % 52}."
    return Claim(page=revision.page, sentence=sentence, strength=n % 4, **keys_of(sentence))


def _flag(Flag, claim, n: int):
    reasons = Flag.Reason.values
    return Flag(
        claim=claim,
        origin="checker",
        severity="block" if n % 3 else "advise",
        reason=reasons[n % len(reasons)],
        explanation="An invented question.",
        raised_by_name="the checker",
    )


def cost(client, address: str, times: int) -> tuple[int, float]:
    """(queries, median milliseconds) of opening a page."""
    from django.db import connection, reset_queries
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    reset_queries()  # the log of a filled database is full, and would count nothing more
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    took = []
    for _ in range(times):
        began = time.process_time()
        client.get(address)
        took.append((time.process_time() - began) * 1000)
    return len(queries), statistics.median(took)


def main() -> int:
    """Print both sizes; 1 if a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--flags", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        set_up(Path(folder) / "bench.sqlite3")
        from django.test import Client

        from claims.models import Claim, QueueItem

        moderator, revision = make_people_and_page()
        client = Client(HTTP_HOST="localhost")
        client.force_login(moderator)
        figures = {}
        for name, start, stop, flags in (
            ("small", 1, 1001, 100),
            ("large", 1001, options.claims + 1, options.flags),
        ):
            add_claims(revision, start, stop, flags)
            desk = f"{QUEUE}{QueueItem.objects.first().claim_id}/"
            figures[name] = cost(client, QUEUE, options.times)
            print(f"{Claim.objects.count():,} claims, {QueueItem.objects.count():,} waiting")
            print(f"  first page: {figures[name][0]} queries, {figures[name][1]:.0f} ms")
            queries, took = cost(client, desk, 3)
            print(f"  one claim's desk: {queries} queries, {took:.0f} ms")
        ratio = figures["large"][1] / figures["small"][1]
        print(f"first page, large to small: {ratio:.2f}")
        return int(figures["large"][0] > MOST_QUERIES or ratio > MOST_TIMES)


if __name__ == "__main__":
    sys.exit(main())
