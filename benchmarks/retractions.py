"""Reading a list of 100,000 notices in the Retraction Watch layout: time and memory.

    python benchmarks/retractions.py [--rows 100000] [--sources 2000] [--seconds 30]

Makes its own list (seeded, every word and identifier invented) and as many sources in a temporary
SQLite file; one row in a hundred is about one of them. Runs `import_retractions` twice in this
process: the first import writes, the second must write nothing. Exits 1 if either takes longer
than the limit, or if reading made the process grow by more than 150 MB.
"""

import argparse
import csv
import io
import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
MOST_MB = 150
HEADER = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,"
    "RetractionDate,RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,"
    "OriginalPaperPubMedID,RetractionNature,Reason,Paywalled,Notes"
).split(",")
NATURES = ["Retraction"] * 8 + ["Expression of concern", "Correction", "Reinstatement"]


def set_up(database: Path) -> None:
    """Django on an empty database with the project's tables."""
    os.environ.update(DATABASE_URL=f"sqlite:///{database}", DEBUG="true", STAFF_MFA="optional")
    os.environ["DJANGO_SETTINGS_MODULE"] = "autoimmune_site.settings"
    sys.path.insert(0, str(HOME))
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.DEBUG = False  # DEBUG keeps every query in memory
    call_command("migrate", verbosity=0)


def make_sources(count: int) -> None:
    """An administrator, and sources with invented identifiers, half of them with a PMID only."""
    from editorial import roles
    from editorial.models import User
    from evidence.models import Source

    roles.grant(User.objects.create_user("bench", is_staff=True), "administrator")
    Source.objects.bulk_create(
        Source(
            key=f"invented-{n}",
            title=f"An invented trial with the number {n}",
            authors="Invented A",
            year=2010,
            doi=f"10.5555/invented.{n}" if n % 2 else None,
            pmid=None if n % 2 else 90_000_000 + n,
        )
        for n in range(count)
    )


def write_list(path: Path, rows: int, sources: int) -> None:
    """The list: one row in a hundred is about a source."""
    chance = random.Random(6)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for n in range(rows):
            ours = chance.randrange(sources) if n % 100 == 0 else None
            writer.writerow(invented_row(n, ours, chance))


def invented_row(n: int, ours: int | None, chance: random.Random) -> list[str]:
    """One row, about source number `ours` or about a paper nobody here knows."""
    title = f"An invented trial with the number {n if ours is None else ours}"
    doi, pmid = f"10.5555/elsewhere.{n}", str(10_000_000 + n)
    if ours is not None:
        doi, pmid = (f"10.5555/invented.{ours}", "0") if ours % 2 else ("", str(90_000_000 + ours))
    date = f"{chance.randint(1, 12)}/{chance.randint(1, 28)}/{chance.randint(2012, 2025)} 0:00"
    cells = dict(zip(HEADER, [""] * len(HEADER), strict=True)) | {
        "Record ID": str(n),
        "Title": title,
        "Institution": "Department of Examples, University of Somewhere, Somewhere; " * 2,
        "Journal": "Journal of Invented Results",
        "Author": "A Example;B Example;C Example;D Example",
        "RetractionDate": date,
        "RetractionDOI": f"10.5555/notice.{n}",
        "RetractionPubMedID": "0",
        "OriginalPaperDate": "1/1/2011 0:00",
        "OriginalPaperDOI": doi,
        "OriginalPaperPubMedID": pmid,
        "RetractionNature": chance.choice(NATURES),
        "Reason": "+Concerns/Issues About Data;+Investigation by Journal/Publisher;",
        "Notes": "A note, with a comma and a “quotation”.",
    }
    return list(cells.values())


def run(path: Path) -> tuple[float, str]:
    """(seconds, the command's summary)."""
    from django.core.management import call_command

    out = io.StringIO()
    started = time.perf_counter()
    call_command("import_retractions", str(path), stdout=out, stderr=io.StringIO())
    return time.perf_counter() - started, out.getvalue().strip().splitlines()[-1]


def memory_mb() -> float:
    """The most memory this process has used."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Print both imports; 1 if a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--sources", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        set_up(Path(folder) / "bench.sqlite3")
        make_sources(options.sources)
        path = Path(folder) / "list.csv"
        write_list(path, options.rows, options.sources)
        print(f"{options.rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
        before = memory_mb()
        took = []
        for name in ("first", "second"):
            seconds, summary = run(path)
            took.append(seconds)
            print(f"{name} import: {seconds:.1f} s. {summary}")
        grown = memory_mb() - before
        print(f"memory: {grown:.0f} MB more than before, {memory_mb():.0f} MB in all")
    return int(max(took) > options.seconds or grown > MOST_MB)


if __name__ == "__main__":
    sys.exit(main())
