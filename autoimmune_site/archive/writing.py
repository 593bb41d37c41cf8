"""Making an archive from one moment of the database, while the site goes on."""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from editorial.models import Event

from . import ArchiveError, tables

CHUNK = 1 << 20  # bytes of a file read at once
ROWS_AT_ONCE = 1000


def write(path: Path, on_step: Callable[[str], None] | None = None) -> dict:
    """Write everything to `path`, a file only its owner may read; answers the manifest.

    The file appears under its name only once it is whole and on the disk. Raises ArchiveError
    when a file is there already or cannot be written.
    """
    if path.exists():
        raise ArchiveError(f"{path} exists already. Choose another name; nothing was written.")
    making = path.with_name(f".{path.name}.{os.getpid()}.making")
    try:
        with _private(making) as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                with one_moment():
                    manifest = _write_all(archive, on_step or (lambda what: None))
                text = json.dumps(manifest, indent=1, sort_keys=True)
                archive.writestr(tables.MANIFEST, text)
            file.flush()
            os.fsync(file.fileno())
        os.link(making, path)  # refuses a name that somebody took meanwhile
        _sync_folder(path.parent)
    except OSError as error:
        raise ArchiveError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        making.unlink(missing_ok=True)
    return manifest


@contextmanager
def one_moment() -> Iterator[None]:
    """Let every query inside see the database as it was at the first one; nobody waits for it.

    Inside a transaction it does nothing: that is for whoever holds the locks to say.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Not atomic(): that begins IMMEDIATE, and editors would wait until the backup is done.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")


@contextmanager
def _private(path: Path):
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        yield file


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_all(archive: zipfile.ZipFile, on_step) -> dict:
    head = Event.objects.values_list("hash", flat=True).first() or ""
    manifest = {
        "format": tables.FORMAT,
        "made_at": timezone.now().isoformat(),
        "site": settings.SITE_URL,
        "database": connection.vendor,
        "migrations": tables.applied_migrations(connection),
        "audit_head": head,
        "tables": {},
        "files": {},
    }
    for model in tables.models():
        on_step(model._meta.label)
        manifest["tables"][model._meta.label] = _write_rows(archive, model)
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")) if root.is_dir() else []:
        if path.is_file() and not path.is_symlink():
            name = path.relative_to(root).as_posix()
            on_step(name)
            manifest["files"][name] = _write_file(archive, tables.MEDIA + name, path)
    return manifest


def _write_rows(archive, model) -> dict:
    """One JSON list a line, in the order of the primary key."""
    columns = [field.attname for field in tables.fields(model)]
    rows = model._base_manager.order_by("pk").values_list(*columns)
    digest, count = hashlib.sha256(), 0
    with archive.open(_entry(tables.member(model)), "w", force_zip64=True) as file:
        for row in rows.iterator(chunk_size=ROWS_AT_ONCE):
            line = json.dumps(
                [tables.encode(value) for value in row], ensure_ascii=False, sort_keys=True
            )
            data = line.encode() + b"\n"
            digest.update(data)
            file.write(data)
            count += 1
    return {"columns": columns, "rows": count, "sha256": digest.hexdigest()}


def _write_file(archive, name: str, path: Path) -> str:
    """Copy one file in; answers its SHA-256."""
    digest = hashlib.sha256()
    with path.open("rb") as source, archive.open(_entry(name), "w", force_zip64=True) as file:
        while data := source.read(CHUNK):
            digest.update(data)
            file.write(data)
    return digest.hexdigest()


def _entry(name: str) -> zipfile.ZipInfo:
    now = timezone.now()
    info = zipfile.ZipInfo(name, (now.year, now.month, now.day, now.hour, now.minute, now.second))
    info.compress_type = zipfile.ZIP_DEFLATED
    return info
