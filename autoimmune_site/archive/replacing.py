"""Putting an archive in place of what the database holds: all of it, or nothing."""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management.color import no_style
from django.db import connection, transaction

from claims import corrections
from editorial import audit, freshness, guards
from editorial.models import Event, Page, User
from search import rebuild

from . import ArchiveError, tables
from .reading import Archive
from .writing import CHUNK, write

ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Done:
    """What was put back, and where what was here before is kept (None: there was nothing)."""

    rows: int
    files: int
    kept: Path | None


def replace(
    archive: Archive, keep: Path | None, on_step: Callable[[str], None] | None = None
) -> Done:
    """Replace every row by the archive's, in one transaction, and prove the result.

    `keep` is where what is here now is written first; None keeps nothing. The archive must have
    been verified. Raises ArchiveError, and changes nothing, when its tables are not this
    release's or the result is not what the archive says.
    """
    on_step = on_step or (lambda what: None)
    _require_same_tables(archive)
    with transaction.atomic():
        _keep_others_out()
        before = _what_stands()
        kept = keep if before and keep else None
        if kept:
            on_step(f"keeping {kept.name}")
            write(kept)
        files = _put_files(archive, on_step)
        guards.remove(connection)
        _empty()
        for model in tables.models():
            on_step(model._meta.label)
            _insert(archive, model)
        connection.check_constraints()
        _reset_numbers()
        _prove(archive)
        guards.install(connection)
        on_step("search")
        for _ in rebuild.rebuild(200):
            pass
        if before:
            audit.record(
                "site.restored",
                by=None,
                subject=f"backup of {archive.manifest['made_at'][:16]}",
                replaced_head=before,
            )
        freshness.stale("site")
    return Done(archive.row_count, files, kept)


def _require_same_tables(archive: Archive) -> None:
    here = tables.applied_migrations(connection)
    known = {model._meta.app_label for model in tables.models()}
    theirs = archive.manifest["migrations"]
    for app in sorted(known):
        if here.get(app) != theirs.get(app):
            last = (theirs.get(app) or ["none"])[-1]
            raise ArchiveError(
                f"The backup was made with the migrations of {app} up to {last}, and this "
                f"database has them up to {(here.get(app) or ['none'])[-1]}. Restore it with the "
                "release that made it, then upgrade."
            )
    if set(archive.manifest["tables"]) != {model._meta.label for model in tables.models()}:
        raise ArchiveError("The backup holds other tables than this release. Use its own release.")


def _keep_others_out() -> None:
    """Nobody writes until the end; SQLite's transaction is alone already."""
    if connection.vendor == "postgresql":
        quoted = ", ".join(connection.ops.quote_name(m._meta.db_table) for m in tables.models())
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {quoted} IN EXCLUSIVE MODE")


def _what_stands() -> str:
    """The head of the audit log that is about to be replaced; empty where nothing stands."""
    head = Event.objects.values_list("hash", flat=True).first()
    if head or Page.objects.exists() or User.objects.exists():
        return head or audit.GENESIS
    return ""


def _put_files(archive: Archive, on_step) -> int:
    """Put the uploaded files where they belong; one that is there with the same bytes stays."""
    root, count = Path(settings.MEDIA_ROOT), 0
    for name, digest in archive.manifest["files"].items():
        path = root / name
        if not path.exists() or _digest_of(path) != digest:
            on_step(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            making = path.with_name(f".{path.name}.restoring")
            with archive.open_file(name) as source, making.open("wb") as target:
                while data := source.read(CHUNK):
                    target.write(data)
            os.replace(making, path)
        count += 1
    return count


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _empty() -> None:
    """Take out every row, of what the archive holds and of what is made from it."""
    with connection.cursor() as cursor:
        derived = [apps.get_model(label) for label in tables.DERIVED]
        for model in [*derived, Session, *tables.models()]:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")


def _insert(archive: Archive, model) -> None:
    by_name = {field.attname: field for field in tables.fields(model)}
    fields = [by_name[name] for name in archive.columns(model)]
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
    with connection.cursor() as cursor:
        for rows in _batches(archive.rows(model)):
            cursor.executemany(statement, [_values(fields, row) for row in rows])


def _values(fields, row: list) -> list:
    pairs = zip(fields, row, strict=True)
    return [tables.for_database(field, value, connection) for field, value in pairs]


def _batches(rows: Iterator[list]) -> Iterator[list[list]]:
    while batch := list(islice(rows, ROWS_AT_ONCE)):
        yield batch


def _reset_numbers() -> None:
    """New rows get numbers after the ones that were put back."""
    statements = connection.ops.sequence_reset_sql(no_style(), tables.models())
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _prove(archive: Archive) -> None:
    """Count every table and walk both chains, of the rows as the database has them now."""
    for label, about in archive.manifest["tables"].items():
        model = next(m for m in tables.models() if m._meta.label == label)
        if (found := model._base_manager.count()) != about["rows"]:
            raise ArchiveError(f"{label} has {found} rows, and the backup {about['rows']}.")
    verdict = audit.verify(archive.manifest["audit_head"])
    if verdict.broken or not verdict.passed_noted:
        raise ArchiveError("The audit log did not come through whole. Nothing was replaced.")
    if corrections.first_broken_correction() is not None:
        raise ArchiveError("The corrections did not come through whole. Nothing was replaced.")


def name_for_kept(beside: Path, now: datetime) -> Path:
    """Where what is replaced is kept: beside the backup, named by the moment."""
    return beside.with_name(f"before-restore-{now:%Y%m%d-%H%M%S}.zip")
