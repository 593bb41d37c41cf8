"""The real site in a process of its own, on a database of its own, for tests in a browser."""

import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

from tests.prepared_database import migrated_copy

ROOT = Path(__file__).resolve().parents[2]
# What decides the content of a freshly made database.
SOURCES = (
    "autoimmune_site",
    "search",
    "articles",
    "claims",
    "therapies",
    "evidence",
    "editorial",
    "static",
    "requirements.txt",
)
PREPARED = ROOT / "var" / "test-sites"
PASSWORD = "correct-horse-battery-staple"
SECONDS_TO_START = 60
# Sessions as signing in leaves them, for who wants to be in without typing a password each time.
SIGN_IN = """
import json
from django.contrib.auth import get_user_model
from django.test import Client
from autoimmune_site.demo_accounts import PEOPLE
def cookie(person):
    client = Client()
    client.force_login(person)
    return client.cookies["sessionid"].value
people = get_user_model().objects.filter(username__in=PEOPLE)
print(json.dumps({person.username: cookie(person) for person in people}))
"""


def environment(database: Path, port: int = 8000) -> dict[str, str]:
    """The environment of `make run`, on this database and port, free of the developer's own."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "SECRET_KEY": "a-key-for-tests-only-that-is-long-enough-to-be-one",
        "STAFF_MFA": "optional",
        "SOURCE_LOOKUP": "off",
        "DATABASE_URL": f"sqlite:///{database}",
        "MEDIA_ROOT": str(database.parent / "media"),
        "DEMO_PASSWORD": PASSWORD,
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }


def manage(database: Path, *arguments: str) -> str:
    """Run a management command on the database; answers what it printed.

    Raises AssertionError with all it printed when it fails.
    """
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(database),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise AssertionError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}")
    return done.stdout


def content_key() -> str:
    """Changes with every file that may change what a fresh database holds."""
    digest = hashlib.sha256(sys.version.encode())
    for name in SOURCES:
        top = ROOT / name
        files = sorted(top.rglob("*")) if top.is_dir() else [top]
        for path in files:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path.relative_to(ROOT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def prepared_database() -> Path:
    """A database with the shipped content and the demo accounts; copy it, never write to it.
    The static files are collected with it.

    Made once for each state of the code, whichever of several test processes comes first.
    """
    PREPARED.mkdir(parents=True, exist_ok=True)
    with (PREPARED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        home = PREPARED / content_key()
        if not home.exists():
            for old in PREPARED.iterdir():
                if old.is_dir():
                    shutil.rmtree(old)
            making = PREPARED / "making"
            making.mkdir()
            manage(making / "db.sqlite3", "collectstatic", "--noinput", "--verbosity", "0")
            migrated_copy(making / "db.sqlite3")
            manage(making / "db.sqlite3", "load_demo", "--accounts")
            making.rename(home)
    return home / "db.sqlite3"


def copy_database(source: Path, target: Path) -> None:
    """A consistent copy, by SQLite's own means."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)


def database_with_sessions(path: Path) -> dict[str, str]:
    """A copy of the prepared database in which every demo account is signed in; answers the cookie
    of each. Made anew for each run of the tests, as sessions end."""
    copy_database(prepared_database(), path)
    return json.loads(manage(path, "shell", "--no-imports", "-c", SIGN_IN).splitlines()[-1])


def free_port() -> int:
    """A port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class SiteServer:
    """A running site: `url`, `database`, `password` and `cookies` of all demo accounts, `manage`,
    `log`."""

    def __init__(self, home: Path, base: Path | None = None, cookies: dict[str, str] | None = None):
        """Serve a copy of `base`, or of the prepared database, kept in the folder `home`."""
        self.home, self.base, self.cookies = home, base or prepared_database(), cookies or {}
        self.database = home / "db.sqlite3"
        self.password = PASSWORD
        self.port = free_port()
        self._log = home / "server.log"
        self._lay_out()
        self.start()

    def _lay_out(self) -> None:
        """The content as it ships, and nothing else."""
        self.url = f"http://127.0.0.1:{self.port}"
        # The bell stays: whoever was started before hears it only there.
        of_before = {*self.home.glob(f"{self.database.name}*")}
        for old in of_before - {self.home / f"{self.database.name}-bell"} | {self._log}:
            old.unlink(missing_ok=True)
        copy_database(self.base, self.database)
        shutil.rmtree(self.home / "media", ignore_errors=True)
        media = prepared_database().parent / "media"
        if media.exists():
            shutil.copytree(media, self.home / "media")

    def begin_anew(self) -> None:
        """As if it had just been started: other workers, and the content as it ships.

        Ten times as quick as starting, for what the first process has loaded stays.
        """
        if self.process.poll() is not None:
            self._lay_out()
            return self.start()
        os.kill(self.process.pid, signal.SIGSTOP)  # it would replace its workers too soon
        for worker in self._workers():
            os.kill(worker, signal.SIGKILL)
            while _is_running(worker):
                time.sleep(0.001)
        self._lay_out()
        self._log.touch()
        os.kill(self.process.pid, signal.SIGCONT)
        self._wait()

    def _workers(self) -> list[int]:
        pid = self.process.pid
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def start(self) -> None:
        """Start the server, at first or again after it ended, and wait until it answers."""
        with self._log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn"],
                cwd=ROOT,
                env=environment(self.database, self.port),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
                    return
            except OSError:
                time.sleep(0.05)
        self.stop()
        raise AssertionError(f"The site did not start:\n{self.log()}")

    def manage(self, *arguments: str) -> str:
        """Run a management command on this site's database; answers what it printed."""
        return manage(self.database, *arguments)

    def log(self) -> str:
        """What the server has printed so far; nothing once the test's folder is gone."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def stop(self) -> None:
        """End the server and its workers at once; its database is thrown away anyway."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _is_running(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
