"""What a reader's page costs, kept and made anew, beside the same library in Wagtail and a WSGI
application that does nothing, on SQLite and PostgreSQL.

    python benchmarks/pages.py [--pages 200] [--seconds 2] [--database both] [--rest]
                               [--folder DIR [--only-fill]]

Fills each site with its own corpus (benchmarks/_corpus.py; more than CORPUS articles are copied in
the database), serves each with gunicorn as gunicorn.conf.py has it, one worker on one core, and
loads them in turn, kind by kind, with wrk from another; without wrk, with a loader of its own,
which is slower and says so. For each it prints the CPU milliseconds of the server for a request
(from /proc), p50 and p99 of what eight askers waited, queries, bytes, the worker's largest memory,
and what the database took beside it. CPU holds on a busy machine; times and rates do not.

`make bench-wagtail` installs Wagtail in var/wagtail. PostgreSQL is the one of the tests, or the
empty one that a postgres:// address names. Where nginx is installed, it serves an article from its
cache. `many` asks for another article each time. `--folder` keeps the filled sites for the next
run. Each run is kept in benchmarks/history/, all of them drawn in benchmarks/history/pages.svg.
`--rest` fails if a kept page takes more than 1.25 times the bare application's CPU.
"""

import argparse
import json
import shutil
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))

from benchmarks import _databases, _sites  # noqa: E402  (found once the path is set)
from benchmarks._load import MANY, load  # noqa: E402
from benchmarks._plot import draw  # noqa: E402
from benchmarks._serving import Nginx, Server  # noqa: E402

HISTORY = HOME / "benchmarks" / "history"
BARE = """
BODY = {body!r}
HEADERS = {headers!r}
def application(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]
"""
LIMIT = 1.25
HEAD = (
    f"{'page':15}{'':9}{'site':20}{'CPU ms':>9}{'p50 ms':>9}{'p99 ms':>9}{'queries':>8}"
    f"{'bytes':>8}{'MB':>7}{'database ms':>12}"
)


@dataclass
class Row:
    """One line of the table: a kind of page of a site that is running."""

    kind: str
    state: str
    server: Server
    path: str
    site: str = ""
    queries: int | None = None
    script: Path | None = None
    database: int | None = None
    prefix: str = ""

    @property
    def name(self) -> str:
        """How the history calls it."""
        return f"{self.prefix}{self.state} {self.kind}"

    def measure(self, seconds: float) -> dict:
        """Load it, print it; the figures."""
        figures = load(self.server, self.path, seconds, script=self.script, database=self.database)
        if self.queries is not None:
            figures["queries"] = self.queries
        shown = [figures.get(name, "") for name in ("p50_ms", "p99_ms", "queries", "bytes")]
        print(
            f"{self.kind:15}{self.state:9}{self.site:20}{figures['cpu_ms']:9.3f}{shown[0]:>9}"
            f"{shown[1]:>9}{shown[2]:>8}{shown[3]:>8}{figures['peak_mb']:7.1f}"
            f"{figures.get('database_cpu_ms', ''):>12}",
            flush=True,
        )
        return figures


class Run:
    """All servers, started one after the other and running side by side until it ends."""

    def __init__(self, stack: ExitStack, folder: Path):
        self.stack, self.folder = stack, folder
        self.results: dict[str, dict] = {}
        self.rows: list[Row] = []
        self.started: list[tuple[str, Server]] = []

    def start(self, name: str, *arguments, **options) -> Server:
        """A server, and what its start took."""
        server = Server(*arguments, **options)
        self.stack.callback(server.stop)
        self.started.append((name, server))
        return server

    def add_site(self, site: _sites.Site, database: int | None) -> Server:
        """Serve a site with its pages kept and with each made anew; answers the first."""
        same = {"site": site.name, "prefix": site.prefix, "database": database}
        kept = None
        for state in ("cached", "uncached"):
            env, home = site.env | getattr(site, state), Path(site.home)
            name = f"{site.prefix}{state}"
            server = self.start(name, site.application, env, python=site.python, home=home)
            kept = kept or server
            for kind, path in site.kinds.items():
                asked = site.queries[state][kind]
                self.rows.append(Row(kind, state, server, path, queries=asked, **same))
        if shutil.which("wrk"):
            many = self.folder / "many.lua"
            many.write_text(MANY.format(pages=_sites.CORPUS))
            path = site.kinds["article"]
            self.rows.append(Row("many", "uncached", server, path, script=many, **same))
        figures = {"articles_a_cpu_second": site.imported_a_second}
        self.results[f"{site.prefix}import"] = figures
        return kept

    def add_bare(self, ours: Server) -> None:
        """Two applications that answer fixed bytes: with two headers, and all of our article."""
        _, headers, body = ours.whole(_sites.KINDS["article"])
        same = [(n, v) for n, v in headers if n not in ("Server", "Date", "Connection")]
        two = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", "20000")]
        for kind, answer in (("2 headers", (b"x" * 20_000, two)), ("ours", (body, same))):
            home = self.folder / f"bare {kind}"
            home.mkdir(exist_ok=True)
            written = BARE.format(body=answer[0], headers=answer[1])
            (home / "bare_application.py").write_text(written)
            server = self.start(f"bare {kind}", "bare_application:application", {}, home=home)
            self.rows.append(Row(kind, "bare", server, "/"))

    def add_nginx(self, ours: Server) -> None:
        """nginx's own cache in front of this site."""
        if not shutil.which("nginx"):
            print("nginx is not installed: no row for its cache.")
            return
        try:
            nginx = Nginx(self.folder, ours)
        except OSError as error:
            print(f"nginx: {error}; no row for its cache.")
            return
        self.stack.callback(nginx.stop)
        self.rows.append(Row("article", "nginx", nginx, _sites.KINDS["article"]))

    def measure(self, seconds: float) -> dict:
        """Every row, kind by kind, so that what is compared ran within the same seconds."""
        kinds = list(dict.fromkeys(["2 headers", "ours", "article", "many", *_sites.KINDS]))
        print(HEAD)
        for row in sorted(self.rows, key=lambda row: kinds.index(row.kind)):
            self.results[row.name] = row.measure(seconds)
        print(f"\n{'process':28}{'first answer':>14}{'largest memory':>16}")
        for name, server in self.started:
            peaks = [self.results[r.name]["peak_mb"] for r in self.rows if r.server is server]
            self.results[f"{name} process"] = {
                "start_s": round(server.start_seconds, 2),
                "peak_mb": max(peaks),
            }
            print(f"{name:28}{server.start_seconds:12.2f} s{max(peaks):13.1f} MB")
        return self.results


def fill(options, stack: ExitStack, folder: Path) -> list[tuple[_sites.Site, int | None]]:
    """The sites that can be measured here, filled, each with the process of its database."""
    sites = []
    for database, address, process in _databases.chosen(options.database, stack, folder):
        sites.append((_sites.ours(database, address), process))
        if _sites.WAGTAIL_PYTHON.exists() and options.database in _databases.OWN:
            sites.append((_sites.wagtail(database, address), process))
    if not _sites.WAGTAIL_PYTHON.exists():
        print("Wagtail is not installed: no rows for it (make bench-wagtail).")
    return [(_sites.filled(site, folder, options.pages), process) for site, process in sites]


def keep(pages: int, results: dict) -> None:
    """Write the run into the history and draw all of them."""
    HISTORY.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    run = {"at": now.isoformat(timespec="seconds"), "pages": pages, "results": results}
    (HISTORY / f"pages-{now:%Y%m%d-%H%M%S}.json").write_text(json.dumps(run, indent=1) + "\n")
    runs = [json.loads(file.read_text()) for file in sorted(HISTORY.glob("pages-*.json"))]
    (HISTORY / "pages.svg").write_text(draw(runs))


def compare(results: dict) -> float:
    """Say how far a kept page is from the limit, and what an import took; that first share."""
    first = next(name for name in ("", "postgresql ") if f"{name}cached article" in results)
    cached = results[f"{first}cached article"]["cpu_ms"]
    ratio = cached / results["bare ours"]["cpu_ms"]
    print(
        f"\nA kept article takes {ratio:.2f} times the CPU of an application that does nothing but "
        f"answer its bytes and headers, {cached / results['bare 2 headers']['cpu_ms']:.2f} times "
        "that of one that answers 20 kB with two headers."
    )
    for name, row in results.items():
        if "articles_a_cpu_second" in row:
            print(f"{name}: {row['articles_a_cpu_second']} articles a second of CPU")
    return ratio


def main() -> int:
    """Fill, measure, keep, draw."""
    parser = argparse.ArgumentParser(description=" ".join(__doc__.split("\n\n")[0].split()))
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=2, help="of load on each page")
    parser.add_argument(
        "--database",
        default="both",
        help="sqlite, postgresql, both, or the postgres:// address of an empty database",
    )
    parser.add_argument("--folder", type=Path, help="where filled sites are kept for the next run")
    parser.add_argument("--only-fill", action="store_true", help="measure nothing")
    parser.add_argument("--rest", action="store_true", help="fail when a target is missed")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder = folder.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        sites = fill(options, stack, folder)
        if options.only_fill:
            return 0
        if not shutil.which("wrk"):
            print("wrk is not installed: the benchmark's own loader asks, over one connection.")
        run = Run(stack, folder)
        kept = [run.add_site(site, process) for site, process in sites]
        run.add_bare(kept[0])
        run.add_nginx(kept[0])
        results = run.measure(options.seconds)
    keep(options.pages, results)
    ratio = compare(results)
    return 1 if options.rest and ratio > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
