"""A migrated database, made once for each state of the migrations and copied into memory.

Running every migration takes seconds, and every process of every test run would have to. The file
lies in var/test-sites; whatever decides what is in it is part of its name.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "test-sites"
# Code that migrations and what runs after them call, besides the migrations themselves.
DECIDING = ("**/migrations/*.py", "**/guards.py", "**/models.py", "**/models/*.py", "**/apps.py")
SETTINGS = "autoimmune_site.settings"
KEPT = 3  # older states, for going back and forth between branches


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Let an in-memory SQLite database begin as a copy of the prepared one."""
    if connection.vendor == "sqlite" and connection.settings_dict["NAME"] == ":memory:":
        connection.creation.create_test_db = _copy_into_memory


def _copy_into_memory(*args, **options) -> str:
    """In place of Django's `create_test_db`; answers the database's name."""
    name = connection.creation._get_test_db_name()
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    with closing(sqlite3.connect(_prepared())) as prepared:
        prepared.backup(connection.connection)
    return name


def migrated_copy(path: Path) -> Path:
    """A migrated SQLite file of the test's own; answers its path."""
    with closing(sqlite3.connect(_prepared())) as old, closing(sqlite3.connect(path)) as new:
        old.backup(new)
    return path


def _prepared() -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"migrated-{_state()}.sqlite3"
    with (FOLDER / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other process waits for this one
        if not path.exists():
            _migrate(path)
        for old in sorted(FOLDER.glob("migrated-*.sqlite3"), key=os.path.getmtime)[:-KEPT]:
            if old != path:
                old.unlink()
    return path


def _state() -> str:
    """A name for everything that decides what a migrated database holds."""
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    rooms = [ROOT / name for name in ("autoimmune_site", "search", "articles", "claims")]
    rooms += [ROOT / name for name in ("therapies", "evidence", "editorial")]
    files = {file for room in rooms for pattern in DECIDING for file in room.glob(pattern)}
    for file in sorted(files):
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _migrate(path: Path) -> None:
    making = path.with_suffix(".making")
    making.unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=os.environ
        | {"DATABASE_URL": f"sqlite:///{making}", "DJANGO_SETTINGS_MODULE": SETTINGS},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"The migrations failed:\n{done.stdout}{done.stderr}")
    with closing(sqlite3.connect(making)) as database:
        database.execute("PRAGMA journal_mode=DELETE")  # all of it in the one file
    making.rename(path)
