"""CPU of a reader's page, cached and uncached, next to a WSGI application that does nothing.

    python benchmarks/pages.py [--pages 200] [--seconds 3] [--database postgres://…] [--rest]

Makes its own corpus (benchmarks/_corpus.py) in a temporary SQLite file, or in an empty database
that is named. Serves it with gunicorn as gunicorn.conf.py has it, one worker on one core, and loads
it with wrk from another; without wrk, with a loader of its own, which is slower and says so. Prints
for each kind of page the CPU milliseconds of the worker for a request (from /proc), p50 and p99,
bytes and the worker's largest memory. CPU holds on a busy machine; times and rates do not. Keeps
each run in benchmarks/history/ and draws them in benchmarks/history/pages.svg. `--rest` also fails
if a cached page takes more than 1.25 times the bare application's CPU.

Two bare applications stand beside the site: one that answers 20 kB with two headers, and one that
answers an article's own bytes with the article's own headers. Where nginx is installed, it serves
the same article from its cache. More than CORPUS pages are copied in the database
(benchmarks/_library.py); `uncached many` asks for another article each time.
"""

import argparse
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOME))
HISTORY = HOME / "benchmarks" / "history"
TICK = os.sysconf("SC_CLK_TCK")
KINDS = {
    "article": "/articles/article-1/",
    "condition": "/conditions/systemic-lupus-erythematosus/",
    "therapy": "/therapies/b-cell-depletion/",
    "tag": "/tags/sleep/",
    "home": "/",
    "search": "/search/?q=lupus",
}
CORPUS = 200  # articles that are imported one by one, as an editor's are
BARE = """
BODY = {body!r}
HEADERS = {headers!r}
def application(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]
"""
MANY = """
local number = 0
request = function()
  number = (number + 7) % {pages}
  return wrk.format("GET", "/articles/article-" .. number .. "/")
end
"""
NGINX = """
worker_processes 1;
worker_cpu_affinity 0001;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  proxy_cache_path {folder}/kept keys_zone=kept:1m;
  proxy_temp_path {folder}/proxied;
  client_body_temp_path {folder}/sent;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{site};
      proxy_set_header Host 127.0.0.1;
      proxy_cache kept;
      proxy_cache_valid 200 1h;
      proxy_ignore_headers Cache-Control;
    }}
  }}
}}
"""
CONNECTIONS = 8
LIMIT = 1.25


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def child_of(process: subprocess.Popen) -> int:
    """The first process that this one started."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return int(children.read_text().split()[0])


class Server:
    """gunicorn with one worker on the first core; `env` is added to this process's."""

    def __init__(self, folder: Path, application: str, env: dict):
        self.port = free_port()
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            str(HOME / "gunicorn.conf.py"),
            application,
        ]
        if shutil.which("taskset"):
            command = ["taskset", "-c", "0", *command]
        settings = os.environ | env | {"PORT": str(self.port), "WEB_CONCURRENCY": "1"}
        settings["PYTHONPATH"] = f"{folder}:{HOME}"
        began = time.monotonic()
        self.master = subprocess.Popen(command, cwd=HOME, env=settings, stderr=subprocess.DEVNULL)
        while not self._answers():
            if self.master.poll() is not None or time.monotonic() - began > 60:
                raise SystemExit("gunicorn did not start.")
            time.sleep(0.02)
        self.start_seconds = time.monotonic() - began
        self.worker = child_of(self.master)

    def _answers(self) -> bool:
        try:
            return self.get("/")[0] in (200, 404)
        except OSError:
            return False

    def get(self, path: str) -> tuple[int, int]:
        """(status, bytes) of one answer."""
        status, _, body = self.whole(path)
        return status, len(body)

    def whole(self, path: str) -> tuple[int, list, bytes]:
        """(status, headers, body) of one answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, answer.getheaders(), body

    def cpu_ms(self) -> float:
        """CPU that the worker has used, in milliseconds."""
        fields = Path(f"/proc/{self.worker}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / TICK

    def peak_mb(self) -> float:
        """The most memory that the worker has held."""
        status = Path(f"/proc/{self.worker}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    def stop(self) -> None:
        """End it and wait."""
        self.master.send_signal(signal.SIGTERM)
        self.master.wait(20)


class Nginx(Server):
    """nginx with one worker on the first core, its own cache in front of a site."""

    def __init__(self, folder: Path, site: Server):
        self.port = free_port()
        folder.chmod(0o755)  # its worker may be another account
        written = NGINX.format(folder=folder, port=self.port, site=site.port)
        (folder / "nginx.conf").write_text(written)
        command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
        self.master = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        began = time.monotonic()
        while not self._answers():
            if self.master.poll() is not None or time.monotonic() - began > 10:
                self.stop()
                raise OSError("it did not start")
            time.sleep(0.02)
        self.worker = child_of(self.master)


def load(server: Server, path: str, seconds: int, script: Path | None = None) -> dict:
    """Ask for one page, or for those that a script of wrk names, as fast as it is answered; what
    that took."""
    status, size = server.get(path)
    if status != 200:
        raise SystemExit(f"{path} answered {status}.")
    before = server.cpu_ms()
    if shutil.which("wrk"):
        measured = _wrk(server, path, seconds, script)
    else:
        measured = _own(server, path, seconds)
    used = server.cpu_ms() - before
    return {
        "cpu_ms": round(used / max(measured.pop("requests"), 1), 3),
        "bytes": size,
        "status": status,
        **measured,
    }


def _wrk(server, path, seconds, script) -> dict:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    command += ["-s", str(script)] if script else []
    if shutil.which("taskset") and os.cpu_count() > 1:
        command = ["taskset", "-c", "1", *command]
    said = subprocess.run(
        [*command, f"http://127.0.0.1:{server.port}{path}"], capture_output=True, text=True
    ).stdout
    latency = {
        f"p{share}_ms": _ms(found[1])
        for share in (50, 99)
        if (found := re.search(rf"{share}%\s+(\S+)", said))
    }
    return {"requests": int(re.search(r"(\d+) requests in", said)[1]), **latency}


def _ms(text: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return round(float(number) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[unit], 3)


def _own(server, path, seconds) -> dict:
    times, ends = [], time.monotonic() + seconds
    while time.monotonic() < ends:
        began = time.perf_counter()
        server.get(path)
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return {
        "requests": len(times),
        "p50_ms": round(times[len(times) // 2], 3),
        "p99_ms": round(times[len(times) * 99 // 100], 3),
        "loader": "own, one connection",
    }


def prepare(folder: Path, pages: int, database: str) -> dict:
    """A site with the shipped content and `pages` articles; the environment that serves it."""
    from benchmarks._corpus import Corpus

    env = {
        "DATABASE_URL": database or f"sqlite:///{folder}/site.sqlite3",
        "SECRET_KEY": "only-for-this-benchmark-and-long-enough-to-be-taken",
        "DEMO_PASSWORD": "only for this benchmark 1",
        "ALLOWED_HOSTS": "127.0.0.1",
        "STAFF_MFA": "optional",
        "SOURCE_LOOKUP": "off",
        "EMAIL_URL": "memorymail://",
    }
    corpus = Corpus().write(folder / "articles.jsonl", min(pages, CORPUS))
    reason = ["--publish", "--by", "admin", "--reason", "A corpus for measuring."]
    for command in (
        ["migrate", "-v0"],
        ["collectstatic", "--noinput", "-v0"],
        ["load_demo", "--accounts"],
        ["import_articles", str(corpus), *reason],
        *([["benchmarks/_library.py", str(pages)]] if pages > CORPUS else []),
    ):
        began = os.times()
        program = command if command[0].endswith(".py") else ["manage.py", *command]
        subprocess.run(
            [sys.executable, *program],
            cwd=HOME,
            env=os.environ | env,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        now = os.times()
        used = now.children_user + now.children_system
        used -= began.children_user + began.children_system
        print(f"{command[0]:16} {used:6.1f} s of CPU", flush=True)
    return env


def measure(folder: Path, env: dict, seconds: int) -> dict:
    """Every kind of page: cached, from nginx, bare, uncached."""
    results = {}
    site = "autoimmune_site.wsgi:application"
    with _serving(results, "cached", folder, site, env) as server:
        _load_all(results, "cached", server, KINDS, seconds)
        _, headers, body = server.whole(KINDS["article"])
        _measure_nginx(results, folder, server, seconds)
    ours = [(n, v) for n, v in headers if n not in ("Server", "Date", "Connection")]
    two = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", "20000")]
    for name, given in (("bare 2 headers", (b"x" * 20_000, two)), ("bare ours", (body, ours))):
        (folder / "bare_application.py").write_text(BARE.format(body=given[0], headers=given[1]))
        with _serving(results, name, folder, "bare_application:application", {}) as server:
            _load_all(results, "bare", server, {name.removeprefix("bare "): "/"}, seconds)
    with _serving(results, "uncached", folder, site, env | {"PAGE_CACHE_MB": "0"}) as server:
        _load_all(results, "uncached", server, KINDS, seconds)
        if shutil.which("wrk"):
            (folder / "many.lua").write_text(MANY.format(pages=CORPUS))
            row = load(server, KINDS["article"], seconds, folder / "many.lua")
            _keep(results, "uncached", "many", row)
    return results


@contextmanager
def _serving(results, name, folder, application, env):
    """A server; what it took to start and the most memory that it held, once it has ended."""
    server = Server(folder, application, env)
    try:
        yield server
        start, peak = round(server.start_seconds, 2), round(server.peak_mb(), 1)
        results[f"{name} process"] = {"start_s": start, "peak_mb": peak}
        print(f"{name:14} start {start} s, peak {peak} MB", flush=True)
    finally:
        server.stop()


def _load_all(results, name, server, kinds, seconds) -> None:
    for kind, path in kinds.items():
        _keep(results, name, kind, load(server, path, seconds))


def _keep(results, name, kind, row) -> None:
    results[f"{name} {kind}"] = row
    print(
        f"{name:9} {kind:12} {row['cpu_ms']:8.3f} ms CPU  p50 {row.get('p50_ms')} ms"
        f"  p99 {row.get('p99_ms')} ms  {row['bytes']} bytes",
        flush=True,
    )


def _measure_nginx(results, folder, site, seconds) -> None:
    if not shutil.which("nginx"):
        print("nginx is not installed: no row for its cache.")
        return
    try:
        nginx = Nginx(folder, site)
    except OSError as error:
        print(f"nginx: {error}; no row for its cache.")
        return
    try:
        _keep(results, "nginx", "article", load(nginx, KINDS["article"], seconds))
    finally:
        nginx.stop()


def draw(runs: list[dict]) -> str:
    """The runs as a picture: CPU of an article, cached and uncached, as a share of the first."""
    rows = []
    for line, name in enumerate(("uncached article", "cached article")):
        values = [run["results"].get(name, {}).get("cpu_ms", 0) for run in runs]
        most = max([*values, 0.001])
        rows.append(f'<text x="4" y="{line * 90 + 14}">{name}: {values[-1]} ms of CPU</text>')
        for number, value in enumerate(values):
            height = round(60 * value / most, 1)
            rows.append(
                f'<rect x="{4 + number * 12}" y="{line * 90 + 82 - height}" width="9" '
                f'height="{height}" fill="#2a568a"><title>{value} ms</title></rect>'
            )
    width = max(320, 12 * len(runs) + 8)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="180" '
        f'font-family="sans-serif" font-size="12">{"".join(rows)}</svg>\n'
    )


def main() -> int:
    """Prepare, measure, keep, draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--database", default="")
    parser.add_argument("--rest", action="store_true", help="fail when a target is missed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        results = measure(folder, prepare(folder, options.pages, options.database), options.seconds)
    HISTORY.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    run = {"at": now.isoformat(timespec="seconds"), "pages": options.pages, "results": results}
    if not shutil.which("wrk"):
        print("wrk is not installed: the benchmark's own loader asked, over one connection.")
    (HISTORY / f"pages-{now:%Y%m%d-%H%M%S}.json").write_text(json.dumps(run, indent=1) + "\n")
    runs = [json.loads(file.read_text()) for file in sorted(HISTORY.glob("pages-*.json"))]
    (HISTORY / "pages.svg").write_text(draw(runs))
    cached = results["cached article"]["cpu_ms"]
    ratio = cached / results["bare ours"]["cpu_ms"]
    print(
        f"A cached article takes {ratio:.2f} times the CPU of an application that does nothing but "
        f"answer its bytes and headers, {cached / results['bare 2 headers']['cpu_ms']:.2f} times "
        "that of one that answers 20 kB with two headers."
    )
    return 1 if options.rest and ratio > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
