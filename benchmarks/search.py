"""CPU time of a search and of a suggestion over generated pages.

    python benchmarks/search.py [--pages 10000] [--database postgres://…] [--repeat 5] [--json FILE]

Makes its own corpus (seeded, no copied text) of 600-word articles and the shipped names in a
temporary SQLite file, or in an empty database that is named; indexes it; then times whole
answers of `search.engine`, snippets included, in this process. Exits 1 if a search on SQLite
takes more than 40 ms of CPU at 10,000 pages or fewer.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from itertools import accumulate
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
LIMIT_MS = 40
WORDS_A_PAGE = 600
EVERYWHERE = "people"
SYLLABLES = "ba be bi co da de di fa fe ga ha ka la le li lo ma me mi na ne no pa ra ri sa".split()

QUERIES = {
    "a name": ["lupus", "Sjogren", "rheumatoid arthritis", "rituximab", "vitamin d"],
    "an abbreviation": ["SLE", "RA", "MS", "AHSCT", "CD"],
    "a word on every page": [EVERYWHERE, f"{EVERYWHERE} {EVERYWHERE}"],
    "usual words": ["{w3}", "{w10}", "{w3} {w10}", "{w1} {w2} {w4}"],
    "rare words": ["{w3000}", "{w4000} {w20}"],
    "a phrase": ['"{w1} {w2}"', "{w5}-{w3}"],
    "a question": ["can stem cells cure lupus", "is there a diet for coeliac disease?"],
    "a slip": ["lupsu", "rhumatoid artritis", "methotrexat"],
    "nothing": ["qqqqzzzz", "xylophone concerto"],
}
PREFIXES = ["l", "lu", "lup", "rhe", "arthr", "stem c", "{w3}", EVERYWHERE[:3]]


def set_up(database: str) -> None:
    """Django on an empty database with the project's tables."""
    os.environ.update(DATABASE_URL=database, DEBUG="true", STAFF_MFA="optional")
    os.environ["DJANGO_SETTINGS_MODULE"] = "autoimmune_site.settings"
    sys.path.insert(0, str(HOME))
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.DEBUG = False  # DEBUG keeps every query in memory
    call_command("migrate", verbosity=0)


class Corpus:
    """Seeded text: invented words as usual as real ones, with real names of the site in it."""

    def __init__(self, names: list[str]):
        self.random = random.Random(20)
        self.names = names
        words = {
            "".join(self.random.choices(SYLLABLES, k=self.random.randint(2, 4)))
            for _ in range(9000)
        }
        self.words = sorted(words)  # a set's order differs from run to run
        self.random.shuffle(self.words)
        # Mandelbrot's law without the first ranks: those are “the” and “of”, which nobody
        # searches for. The most usual word has about five places on a page.
        self.weights = list(accumulate(1 / (rank + 20) for rank in range(1, len(self.words) + 1)))

    def text(self, number: int) -> list[str]:
        """So many words, one in forty a name."""
        found = self.random.choices(self.words, cum_weights=self.weights, k=number)
        for place in range(0, number, 40):
            found[place] = self.random.choice(self.names)
        return found

    def article(self, number: int) -> dict:
        """The content of one article."""
        paragraphs = (" ".join(self.text(WORDS_A_PAGE // 6)) for _ in range(6))
        title = " ".join(self.text(5)[1:]).capitalize()
        if number % 10 == 0:
            title += f" with {self.random.choice(self.names)}"
        body = f"<p>{EVERYWHERE}</p>" + "".join(f"<p>{p}.</p>" for p in paragraphs)
        return {
            "title": title[:200],
            "slug": f"page-{number}",
            "summary": " ".join(self.text(20)),
            "body": body,
        }


def named_pages() -> list[tuple[str, dict]]:
    """The shipped conditions and therapies: their real names are what is searched for."""
    pages = []
    for kind, file in (("condition", "conditions"), ("therapy", "therapies")):
        rows = json.loads((HOME / "therapies" / "content" / f"{file}.json").read_text())
        for row in rows:
            fields = {name: row.get(name, []) for name in ("other_names", "loose_names")}
            pages.append((kind, {"title": row["name"], "slug": row["slug"], "body": "", **fields}))
    return pages


def fill(pages: int) -> Corpus:
    """Published pages straight into the tables, by an override, which the guards allow."""
    from django.db import transaction

    named = named_pages()
    corpus = Corpus([name for _, p in named for name in (p["title"], *p["other_names"])])
    with transaction.atomic():
        for kind, content in named:
            publish_straight(kind, [content])
    for start in range(0, pages, 500):
        numbers = range(start, min(start + 500, pages))
        with transaction.atomic():
            publish_straight("article", [corpus.article(n) for n in numbers])
    return corpus


def publish_straight(kind: str, contents: list[dict]) -> None:
    """Page, child row and published revision of each; the index is left to rebuild_search."""
    from django.utils import timezone

    from editorial.models import Page, Revision

    shared = ("title", "slug", "summary", "body")
    rows = Page.objects.bulk_create(
        Page(kind=kind, **{n: c.get(n, "") for n in shared}) for c in contents
    )
    pairs = list(zip(rows, contents, strict=True))
    make_children(kind, pairs)
    override = {"author_name": "the benchmark", "override_reason": "a benchmark"}
    revisions = Revision.objects.bulk_create(
        Revision(page=row, number=1, content=c, digest="0" * 64, state="published", **override)
        for row, c in pairs
    )
    now = timezone.now()
    for row, revision in zip(rows, revisions, strict=True):
        row.status, row.live_revision = "published", revision
        row.first_published_at = row.published_at = now
    Page.objects.bulk_update(
        rows, ["status", "live_revision", "first_published_at", "published_at"], batch_size=50
    )


def make_children(kind: str, pairs) -> None:
    """The row of each page's own kind; Django cannot make such rows in bulk."""
    from django.db import connection

    from editorial import registry

    for row, content in pairs:
        if kind == "article":
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO articles_article (page_ptr_id) VALUES (%s)", [row.pk])
        else:
            model = registry.kinds[kind].model
            own = {f.name: content[f.name] for f in model._meta.local_fields if f.name in content}
            model(page_ptr=row, **own).save_base(raw=True)


def cpu_ms(function) -> tuple[float, object]:
    """CPU milliseconds of this process for one call, and its answer."""
    begin = time.process_time()
    answer = function()
    return (time.process_time() - begin) * 1000, answer


def measure(corpus: Corpus, repeat: int) -> list[dict]:
    """One row for each kind of query."""
    from search import engine

    known = {f"w{n}": corpus.words[n - 1] for n in (1, 2, 3, 4, 5, 10, 20, 3000, 4000)}
    sets = {kind: [q.format(**known) for q in queries] for kind, queries in QUERIES.items()}
    for queries in sets.values():  # once, unmeasured: imports, connections, the vocabulary
        for query in queries:
            engine.search(query)
    rows = [
        _row(kind, queries, engine.search, repeat, count=lambda found: found.count)
        for kind, queries in sets.items()
    ]
    prefixes = [p.format(**known) for p in PREFIXES]
    return [*rows, _row("(suggestions)", prefixes, engine.suggest, repeat, count=len)]


def _row(kind, queries, function, repeat, count) -> dict:
    """The median of all, and the slowest query: the one with the highest median of its own."""
    times, medians, found = [], {}, []
    for query in queries:
        timed = [cpu_ms(lambda query=query: function(query)) for _ in range(repeat)]
        medians[query] = statistics.median(ms for ms, _ in timed)
        times += [ms for ms, _ in timed]
        found.append(count(timed[0][1]))
    slowest = max(medians, key=medians.get)
    return {
        "kind": kind,
        "median": round(statistics.median(times), 2),
        "worst": round(medians[slowest], 2),
        "worst_query": slowest,
        "found": max(found),
    }


def main() -> int:
    """Fill, index, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--database", help="an empty PostgreSQL database; default: SQLite")
    parser.add_argument("--json", type=Path, help="append the figures to this file, one line a run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="search-bench-") as folder:
        set_up(options.database or f"sqlite:///{folder}/bench.sqlite3")
        from search.rebuild import rebuild

        corpus = fill(options.pages)
        ms, done = cpu_ms(lambda: sum(rebuild(200)))
        print(f"{done:,} pages indexed, {1000 * done / ms:,.0f} a second of CPU")
        rows = measure(corpus, options.repeat)
    print(f"{'CPU ms of':24}{'median':>9}{'worst':>9}{'found':>9}  worst query")
    for row in rows:
        print("{kind:24}{median:9.2f}{worst:9.2f}{found:9,}  {worst_query}".format(**row))
    if options.json:
        with options.json.open("a") as file:
            figures = {"at": time.strftime("%F %T"), "pages": done, "rows": rows}
            file.write(json.dumps(figures) + "\n")
    slow = not options.database and done <= 11_000 and max(r["worst"] for r in rows) > LIMIT_MS
    if slow:
        print(f"A search took more than {LIMIT_MS} ms.", file=sys.stderr)
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
