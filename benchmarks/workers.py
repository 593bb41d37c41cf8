"""The same load on gunicorn with other settings: what a request costs, what askers wait, memory.

    python benchmarks/workers.py [--seconds 1] [--rounds 2] [--folder DIR] [--only NAME…]

Changes one or two settings of gunicorn.conf.py at a time. All processes of gunicorn share the first
core and wrk has the second, so that a second worker is compared by what it costs, not by what a
second core gives. For each it prints CPU milliseconds and p99 of an article from memory (8 and 64
askers) and of another article made anew each time (8 askers); the memory of all processes together,
what they share counted once; the time until the first answer; and how long a reader waits while
three others hold connections open and say nothing. Of several rounds it prints the lowest figure,
since what other programs do only adds. Needs wrk.
"""

import argparse
import shutil
import socket
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))

from benchmarks import _sites  # noqa: E402  (found once the path is set)
from benchmarks._load import MANY, load  # noqa: E402
from benchmarks._serving import Server, shared_mb  # noqa: E402

# name: what stands after the site's own gunicorn.conf.py
VARIANTS = {
    "as it is": "",
    "sync": "worker_class, threads = 'sync', 1",
    "1 thread": "threads = 1",
    "2 threads": "threads = 2",
    "8 threads": "threads = 8",
    "2 workers": "workers = 2",
    "2 workers, sync": "workers, worker_class, threads = 2, 'sync', 1",
    "2 workers, not preloaded": "workers, preload_app = 2, False",
    "keepalive 0": "keepalive = 0",
    "keepalive 2": "keepalive = 2",
    "max_requests 1000": "max_requests, max_requests_jitter = 1000, 100",
    "nothing frozen": "pre_fork = lambda server, worker: None",
    "worker_tmp_dir on the disk": "worker_tmp_dir = None",
}
OWN = "from runpy import run_path\nglobals().update(run_path({!r}))\n"
SILENT = 3  # connections that are opened and say nothing
PATIENCE = 5.0  # seconds that the reader beside them waits at most
HEAD = (
    f"{'':28}{'from memory':>18}{'of 64 askers':>18}{'made anew':>18}\n"
    f"{'':28}" + f"{'CPU ms':>9}{'p99 ms':>9}" * 3 + f"{'MB':>8}{'start s':>9}{'beside silent':>15}"
)


def beside_the_silent(server: Server) -> float:
    """Seconds that a reader waits while others hold connections open; PATIENCE if it gave up."""
    with ExitStack() as stack:
        for _ in range(SILENT):
            silent = socket.create_connection(("127.0.0.1", server.port))
            stack.enter_context(closing(silent))
        time.sleep(0.2)  # they are taken before the reader comes
        reader = stack.enter_context(closing(socket.create_connection(("127.0.0.1", server.port))))
        reader.settimeout(PATIENCE)
        reader.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        began = time.monotonic()
        try:
            reader.recv(100)
        except TimeoutError:
            return PATIENCE
        return time.monotonic() - began


def measure(name: str, site: _sites.Site, folder: Path, seconds: float) -> list[float]:
    """Serve the site with one variant of the settings and load it; the figures of its line."""
    settings = folder / "gunicorn_settings.py"
    settings.write_text(OWN.format(str(HOME / "gunicorn.conf.py")) + VARIANTS[name])
    path, many = site.kinds["article"], folder / "many.lua"
    many.write_text(MANY.format(pages=_sites.CORPUS))
    with ExitStack() as stack:
        server = Server(site.application, site.env, settings=settings)
        stack.callback(server.stop)
        waited = beside_the_silent(server)
        load(server, path, seconds)  # every worker has made its first page
        rows = [load(server, path, seconds), load(server, path, seconds, connections=64)]
        anew = Server(site.application, site.env | site.uncached, settings=settings)
        stack.callback(anew.stop)
        load(anew, path, seconds, script=many)
        rows.append(load(anew, path, seconds, script=many))
        costs = [row[figure] for row in rows for figure in ("cpu_ms", "p99_ms")]
        return [*costs, shared_mb(anew.master.pid), anew.start_seconds, waited]


def tell(name: str, rounds: list[list[float]]) -> None:
    """Print the lowest of each figure."""
    *costs, held, started, waited = map(min, zip(*rounds, strict=True))
    shown = "".join(
        f"{cost:9.3f}{wait:9.1f}" for cost, wait in zip(costs[::2], costs[1::2], strict=True)
    )
    told = f"over {PATIENCE:.0f} s" if waited >= PATIENCE else f"{waited * 1000:.0f} ms"
    print(f"{name:28}{shown}{held:8.1f}{started:9.2f}{told:>15}")


def main() -> int:
    """Fill a site, measure each variant."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=1, help="of each load")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where the filled site is kept")
    parser.add_argument("--only", nargs="*", choices=list(VARIANTS), default=list(VARIANTS))
    options = parser.parse_args()
    if not shutil.which("wrk"):
        print("Nothing was measured: wrk, which asks, is not installed (apt install wrk).")
        return 0
    with ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder = folder.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        site = _sites.ours("SQLite", lambda file: f"sqlite:///{folder}/{file}.sqlite3")
        site = _sites.filled(site, folder, _sites.CORPUS)
        figures = {name: [] for name in options.only}
        for _ in range(options.rounds):
            for name, rounds in figures.items():
                rounds.append(measure(name, site, folder, options.seconds))
        print(HEAD)
        for name, rounds in figures.items():
            tell(name, rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
