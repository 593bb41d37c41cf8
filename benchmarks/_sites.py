"""The sites that are measured beside each other, filled with the same corpus."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks._corpus import Corpus
from benchmarks._serving import HOME

CORPUS = 200  # articles that are imported one by one, as an editor's are; the rest are copies
WAGTAIL = HOME / "benchmarks" / "wagtail_site"
WAGTAIL_PYTHON = HOME / "var" / "wagtail" / "bin" / "python"
SHARED = {
    "home": "/",
    "article": "/articles/article-1/",
    "condition": "/conditions/systemic-lupus-erythematosus/",
    "tag": "/tags/sleep/",
    "search": "/search/?q=lupus",
}
KINDS = {
    **SHARED,
    "therapy": "/therapies/b-cell-depletion/",
    "claims": "/claims/",
    "new": "/new/",
}
# Publishes the corpus and says what that took, without the start of the process.
IMPORT = """
import json, sys, time
import django
django.setup()
from django.core.management import call_command
began = time.process_time()
call_command("import_articles", sys.argv[1], publish=True, by="admin",
             reason="A corpus for measuring.", stdout=open("/dev/null", "w"))
print(json.dumps({"cpu_s": time.process_time() - began}))
"""


@dataclass
class Site:
    """A site: how it is filled and served, with pages kept and with each made anew.

    `prefix` stands before its rows in the history, `file` is what its database is called.
    """

    name: str
    prefix: str
    file: str
    python: str
    home: str
    application: str
    env: dict[str, str]
    cached: dict[str, str]
    uncached: dict[str, str]
    kinds: dict[str, str]
    imported_a_second: float = 0.0  # articles for each second of CPU
    queries: dict[str, dict[str, int]] | None = None

    def run(self, *arguments: str) -> str:
        """Run a program with the site's Python; what it printed."""
        env = os.environ | self.env | {"PYTHONPATH": self.home}
        done = subprocess.run(
            [self.python, *arguments], cwd=self.home, env=env, stdout=subprocess.PIPE, text=True
        )
        if done.returncode:
            raise SystemExit(f"{self.name}: {arguments[0]} failed.")
        return done.stdout

    def count_queries(self) -> None:
        """Count what each kind of page asks, kept and made anew."""
        self.queries = {}
        for state in ("cached", "uncached"):
            counter = Site(**asdict(self))
            counter.env = self.env | getattr(self, state)
            program = str(HOME / "benchmarks" / "_queries.py")
            counted = json.loads(counter.run(program, self.application, *self.kinds.values()))
            self.queries[state] = {kind: counted[path] for kind, path in self.kinds.items()}


def ours(database: str, address: Callable[[str], str]) -> Site:
    """This site on "SQLite" or "PostgreSQL"; `address` names an empty database."""
    file = f"ours-{database.lower()}"
    env = {
        "DATABASE_URL": address(file),
        "DEBUG": "false",
        "SECRET_KEY": "only-for-this-benchmark-and-long-enough-to-be-taken",
        "DEMO_PASSWORD": "only for this benchmark 1",
        "ALLOWED_HOSTS": "127.0.0.1",
        "STAFF_MFA": "optional",
        "SOURCE_LOOKUP": "off",
        "EMAIL_URL": "memorymail://",
        "DJANGO_SETTINGS_MODULE": "autoimmune_site.settings",
    }
    return Site(
        f"ours, {database}",
        "" if database == "SQLite" else f"{database.lower()} ",
        file,
        sys.executable,
        str(HOME),
        "autoimmune_site.wsgi:application",
        env,
        {},
        {"PAGE_CACHE_MB": "0"},
        KINDS,
    )


def wagtail(database: str, address: Callable[[str], str]) -> Site:
    """The Wagtail site, likewise."""
    file = f"wagtail-{database.lower()}"
    return Site(
        f"Wagtail, {database}",
        "wagtail " if database == "SQLite" else f"wagtail {database.lower()} ",
        file,
        str(WAGTAIL_PYTHON),
        str(WAGTAIL),
        "django.core.wsgi:get_wsgi_application()",
        {"LIBRARY_DATABASE": address(file), "DJANGO_SETTINGS_MODULE": "wagtail_settings"},
        {"PAGES_KEPT": "yes"},
        {},
        SHARED,
    )


def fill_ours(site: Site, corpus: Path, pages: int) -> None:
    """The shipped content and so many articles."""
    site.run("manage.py", "migrate", "-v0")
    site.run("manage.py", "collectstatic", "--noinput", "-v0")
    site.run("manage.py", "load_demo", "--accounts")
    said = json.loads(site.run("-c", IMPORT, str(corpus)).splitlines()[-1])
    site.imported_a_second = round(min(pages, CORPUS) / said["cpu_s"], 1)
    if pages > CORPUS:
        site.run("benchmarks/_library.py", str(pages))


def fill_wagtail(site: Site, corpus: Path, pages: int) -> None:
    """The shipped conditions and so many articles."""
    conditions = str(HOME / "therapies" / "content" / "conditions.json")
    said = json.loads(site.run("load.py", conditions, str(corpus), str(pages)))
    site.imported_a_second = round(said["articles"] / said["cpu_s"], 1)


def filled(site: Site, folder: Path, pages: int) -> Site:
    """The site with its articles and its queries counted; one that was filled before, as a file
    beside it says, is only brought up to date."""
    note = folder / f"{site.file}.json"
    asked_for = {"pages": pages, "env": site.env}
    if note.exists():
        kept = json.loads(note.read_text())
        if kept["asked_for"] == asked_for:
            print(f"{site.name}: as it was filled before", flush=True)
            site.imported_a_second = kept["imported_a_second"]
            site.run("manage.py", "migrate", "-v0")
            site.count_queries()
            return site
    print(f"{site.name}: filling it with {pages} articles", flush=True)
    for half_filled in folder.glob(f"{site.file}.sqlite3*"):
        half_filled.unlink()
    corpus = Corpus().write(folder / "articles.jsonl", min(pages, CORPUS))
    fill = fill_wagtail if site.python == str(WAGTAIL_PYTHON) else fill_ours
    fill(site, corpus, pages)
    kept = {"asked_for": asked_for, "imported_a_second": site.imported_a_second}
    note.write_text(json.dumps(kept))
    site.count_queries()
    return site
