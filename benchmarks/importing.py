"""What an import costs: CPU and memory by the number of articles, and publishing one page by the
number of pages.

    python benchmarks/importing.py [--articles 1000 10000] [--pages 100 10000 100000]
                                   [--database postgres://…] [--rate 150]

Makes its own corpus (benchmarks/_corpus.py) and, in temporary SQLite files, a site with the shipped
content. Imports with `import_articles --publish` in a process of its own and prints its CPU, the
start of the process included, and its largest memory; then, in a site whose pages were multiplied
in the database, the CPU of publishing one more. With `--database` only the import is measured,
into that empty database. CPU holds on a busy machine better than time does, yet not well: a caches'
worth of neighbours makes it half as long again. Exits 1 below `--rate` articles a CPU second.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _corpus import HOME, Corpus

PUBLISHED = 20  # pages published one by one, for the median
SEED = 100  # pages that are multiplied
FAR = 1_000_000  # between the keys of one copy and the next
# DEBUG would keep every query in memory, and write each out.
SETTINGS = {
    "DEBUG": "false",
    "SECRET_KEY": "of a benchmark, known to everybody who reads this",
    "ALLOWED_HOSTS": "localhost",
    "STAFF_MFA": "optional",
    "EMAIL_URL": "memorymail://",
    "DJANGO_SETTINGS_MODULE": "autoimmune_site.settings",
}
# Tables of a page, parents before children, except that guards want revisions before their pages.
TABLES = (
    "editorial_revision",
    "editorial_page",
    "articles_article",
    "articles_article_conditions",
    "articles_article_therapies",
    "editorial_taggedpage",
    "evidence_revisioncitation",
    "claims_claim",
    "claims_anchor",
    "claims_claimsource",
    "claims_flag",
    "claims_queueitem",
    "claims_publishedtext",
    "search_searchentry",
    "search_searchname",
    "search_searchclaim",
)
FULL_TEXT = {"search_index": "title, names, summary, body", "search_claims": "sentence"}


def manage(database: str, *arguments: str) -> tuple[float, float]:
    """(CPU seconds, largest memory in MB) of one command; SystemExit if it failed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, str(HOME / "manage.py"), *arguments],
        cwd=HOME,
        env=os.environ | SETTINGS | {"DATABASE_URL": database},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(done.stderr or done.stdout)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used, after.ru_maxrss / 1024


def import_library(database: str, library: Path) -> tuple[float, float]:
    """The same for the import of a library that goes out at once."""
    options = ("--publish", "--by", "admin", "--reason", "A benchmark.")
    return manage(database, "import_articles", str(library), *options)


def prepare(database: str) -> None:
    """Tables, shipped content and people."""
    manage(database, "migrate", "--verbosity", "0")
    manage(database, "load_demo", "--accounts")


def measure_imports(site: Path, counts: list[int], folder: Path, database: str) -> float:
    """Print a line for each number of articles; answers the rate of the last, without start."""
    corpus, rate = Corpus(), 0.0
    start, _ = import_library(_copy(site, folder, database), corpus.write(folder / "one.jsonl", 1))
    print(f"start of the process and one article: {start:.2f} s of CPU")
    for count in counts:
        library = corpus.write(folder / "library.jsonl", count)
        used, memory = import_library(_copy(site, folder, database), library)
        rate = (count - 1) / (used - start)
        print(
            f"{count:>7,} articles: {used:.1f} s of CPU, {used / count * 1000:.2f} for 1,000; "
            f"{rate:.0f} a CPU second after the start; at most {memory:.0f} MB"
        )
    return rate


def _copy(site: Path, folder: Path, database: str) -> str:
    """The address of a fresh copy of the site; or the database that was named, as it is."""
    if database:
        return database
    shutil.copy(site, folder / "copy.sqlite3")
    for rest in folder.glob("copy.sqlite3-*"):
        rest.unlink()
    return f"sqlite:///{folder / 'copy.sqlite3'}"


def multiply(copies: int) -> None:
    """Copies of the first imported pages with all that belongs to them, written by SQL: a way that
    only a benchmark may go. No two pages share the wording of a sentence."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT page_id FROM articles_importrecord ORDER BY page_id LIMIT %s", [SEED]
        )
        first, *_, last = (row[0] for row in cursor.fetchall())
        pages = f"BETWEEN {first} AND {last}"
        revisions = f"(SELECT id FROM editorial_revision WHERE page_id {pages})"
        claims = f"(SELECT id FROM claims_claim WHERE page_id {pages})"
        which = {"page": pages, "revision": f"IN {revisions}", "claim": f"IN {claims}"}
        statements = [_statement(cursor, table, which) for table in TABLES]
        statements += [
            f"INSERT INTO {table} (rowid, {columns}) SELECT rowid + %s, {columns} FROM {table} "
            f"WHERE rowid {pages if table == 'search_index' else 'IN ' + claims}"
            for table, columns in FULL_TEXT.items()
        ]
        for number in range(1, copies):
            for statement in statements:
                marks = statement.count("%s")
                cursor.execute(statement, [number * FAR] * marks)


def _statement(cursor, table: str, which: dict[str, str]) -> str:
    """One that copies a table's rows of these pages, with keys so far on."""
    cursor.execute(f"PRAGMA table_info({table})")
    columns = [row[1] for row in cursor.fetchall()]
    cursor.execute(f"PRAGMA foreign_key_list({table})")
    points_to = {row[3]: row[2] for row in cursor.fetchall()}
    values = []
    for column in columns:
        if column == "id" or points_to.get(column) in TABLES and not _is_shared(table, column):
            values.append(f"{column} + %s")
        elif column == "slug":
            values.append("slug || '-' || %s")
        elif column in ("wording_key", "front_key", "back_key"):
            values.append("lower(hex(randomblob(8)))")
        else:
            values.append(f'"{column}"')
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {table} WHERE " + (
        _rows_of(table, columns, which)
    )


def _is_shared(table: str, column: str) -> bool:
    """Whether a column leads to a page that is not multiplied."""
    return column in ("condition_id", "therapy_id", "replaced_by_id")


def _rows_of(table: str, columns: list[str], which: dict[str, str]) -> str:
    if table == "editorial_page":
        return f"id {which['page']}"
    names = dict.fromkeys(("page_id", "page_ptr_id", "article_id", "entry_id"), "page")
    names |= {"content_object_id": "page", "claim_id": "claim", "revision_id": "revision"}
    column = next(name for name in columns if name in names)
    return f"{column} {which[names[column]]}"


def measure_publishing(site: Path, pages: int, folder: Path) -> None:
    """Print what publishing one page costs among so many, in a process of its own."""
    corpus = Corpus()
    database = _copy(site, folder, "")
    import_library(database, corpus.write(folder / "seed.jsonl", SEED))
    done = subprocess.run(
        [sys.executable, __file__, "--one", str(pages // SEED)],
        env=os.environ | SETTINGS | {"DATABASE_URL": database},
        capture_output=True,
        text=True,
    )
    print(f"{pages:>7,} pages: {done.stdout.strip() or done.stderr}")


def publish_some(copies: int) -> None:
    """In a process of its own: multiply, then publish some pages one by one."""
    sys.path.insert(0, str(HOME))
    import django

    django.setup()
    from articles.importers.ingest import ingest
    from articles.importers.json_lines import read_json_lines
    from editorial import actions
    from editorial.models import Page, User

    multiply(copies)
    by, taken = User.objects.get(username="admin"), []
    with tempfile.NamedTemporaryFile() as file:
        Corpus().write(Path(file.name), PUBLISHED, start=SEED)
        for article in read_json_lines(file, "more.jsonl"):
            revision = ingest(article, by=by).revision
            began = time.process_time()
            actions.publish_override(revision, by=by, reason="A benchmark.")
            taken.append((time.process_time() - began) * 1000)
    there = Page.objects.published().count()
    print(f"publishing one takes {statistics.median(taken):.1f} ms of CPU, at most "
          f"{max(taken):.1f} (of {PUBLISHED}; {there:,} are published)")  # fmt: skip


def main() -> int:
    """Print everything; 1 if the rate is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--pages", type=int, nargs="*", default=[100, 10_000, 100_000])
    parser.add_argument("--database", default="")
    parser.add_argument("--rate", type=float, default=150)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        publish_some(options.one)
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        site = folder / "site.sqlite3"
        prepare(options.database or f"sqlite:///{site}")
        rate = options.rate
        if options.articles:
            rate = measure_imports(site, options.articles, folder, options.database)
        for pages in [] if options.database else options.pages:
            measure_publishing(site, pages, folder)
    return int(rate < options.rate)


if __name__ == "__main__":
    sys.exit(main())
