"""A streaming replica of the tests' PostgreSQL, which can be stopped, started and held back.

`primary_and_replica`   a primary of the test's own and its replica, both thrown away after it
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.servers import SECONDS_TO_START, Postgres, _free_port


class Replica:
    """A hot standby of a Postgres, made by pg_basebackup."""

    def __init__(self, primary: Postgres):
        self.primary = primary
        self.data = primary.home / "replica"
        self.port = _free_port()
        self.process: subprocess.Popen | None = None
        self.data.mkdir(mode=0o700)
        if primary.account:
            os.chown(self.data, primary.account.pw_uid, primary.account.pw_gid)
        source = primary.url("postgres")
        done = subprocess.run(
            [
                *(primary.programs / "pg_basebackup", "--pgdata", self.data, "--dbname", source),
                *("--write-recovery-conf", "--wal-method=stream", "--checkpoint=fast", "--no-sync"),
            ],
            **primary._options(),
            capture_output=True,
        )
        if done.returncode:
            raise RuntimeError(f"The replica could not be made:\n{done.stderr}")
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = {
            "listen_addresses": self.primary.listen,
            "port": str(self.port),
            "unix_socket_directories": "",
            "wal_retrieve_retry_interval": "200ms",
            **self.primary.settings,
        }
        flags = [flag for name, value in settings.items() for flag in ("-c", f"{name}={value}")]
        self.log = self.primary.home / "replica.log"
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [self.primary.programs / "postgres", "-D", self.data, *flags],
                **self.primary._options(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        wait_until(self._answers, "the replica answers", SECONDS_TO_START)

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError(f"The replica did not start:\n{self.log.read_text()}")
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database: str) -> str:
        """The address of a database on the replica, as REPLICA_DATABASE_URL takes it."""
        return self.primary.url(database).replace(f":{self.primary.port}/", f":{self.port}/")

    def hold_back(self) -> None:
        """Replay nothing more until `go_on`: the replica lags as long as wanted."""
        self._run("SELECT pg_wal_replay_pause()")
        wait_until(
            lambda: self._run("SELECT pg_get_wal_replay_pause_state()") == "paused", "it pauses"
        )

    def go_on(self) -> None:
        """Replay what was held back."""
        self._run("SELECT pg_wal_replay_resume()")

    def catch_up(self) -> None:
        """Wait until it has replayed all that the primary has written."""
        with psycopg.connect(self.primary.url("postgres"), autocommit=True) as connection:
            target = connection.execute("SELECT pg_current_wal_insert_lsn()::text").fetchone()[0]
        wait_until(
            lambda: self._run(f"SELECT pg_last_wal_replay_lsn() >= '{target}'::pg_lsn"),
            "the replica has caught up",
        )

    def _run(self, statement: str):
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            return connection.execute(statement).fetchone()[0]

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        kill(self.process)


def kill(process: subprocess.Popen) -> None:
    """End a PostgreSQL server and its children at once."""
    children = _children(process)
    process.kill()
    process.wait()
    _signal(children, signal.SIGKILL)


@contextmanager
def frozen(process: subprocess.Popen) -> Iterator[None]:
    """Let a server and its children stand still: connections stay open, and nothing is answered."""
    stopped = [process.pid, *_children(process)]
    _signal(stopped, signal.SIGSTOP)
    try:
        yield
    finally:
        _signal(stopped, signal.SIGCONT)


def _children(process: subprocess.Popen) -> list[int]:
    found = subprocess.run(
        ["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False
    )
    return [int(pid) for pid in found.stdout.split()]


def _signal(pids: list[int], number: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def wait_until(is_so: Callable[[], bool], what: str, seconds: float = 30) -> None:
    """Return as soon as it is so; AssertionError when it is not within the seconds."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited {seconds} s in vain until {what}.")
        time.sleep(0.02)


@pytest.fixture
def primary_and_replica() -> Iterator[tuple[Postgres, Replica]]:
    """A PostgreSQL server of the test's own, and its streaming replica."""
    primary = Postgres()
    replica = None
    try:
        replica = Replica(primary)
        yield primary, replica
    finally:
        if replica and replica.process.poll() is None:
            replica.kill()
        primary.stop()
