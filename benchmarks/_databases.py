"""The databases that a benchmark runs on: SQLite files, and the PostgreSQL of the tests."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

OWN = ("sqlite", "postgresql", "both")  # made here; anything else is an address
# As a server of a small site is set up; the tests' PostgreSQL needs no disk.
SETTINGS = {"shared_buffers": "512MB"}


def chosen(
    choice: str, stack: ExitStack, folder: Path
) -> Iterator[tuple[str, Callable[[str], str], int | None]]:
    """What a name in OWN or a postgres:// address means: for each, "SQLite" or "PostgreSQL", what
    gives the address of an empty database, and the process of its server if we started one."""
    if choice in ("sqlite", "both"):
        yield "SQLite", lambda file: f"sqlite:///{folder}/{file}.sqlite3", None
    if choice in ("postgresql", "both"):
        from tests.servers import Postgres

        server = Postgres(**SETTINGS)
        stack.callback(server.stop)
        os.sched_setaffinity(server.process.pid, _beside_the_site())
        yield "PostgreSQL", lambda file: server.url(server.create()), server.process.pid
    if choice not in OWN:
        yield "PostgreSQL", lambda file: choice, None


def _beside_the_site() -> set[int]:
    """The cores that the site does not run on."""
    return os.sched_getaffinity(0) - {0} or {0}
