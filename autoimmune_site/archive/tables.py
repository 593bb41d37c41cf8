"""What belongs in an archive, and how one value is written as JSON and read again."""

import base64
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.apps import apps
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import BinaryField, DurationField, Field, JSONField, Model

FORMAT = 1
# Not kept: whoever is signed in signs in again; the page cache and the search index are made anew.
LEFT_OUT = {"sessions.Session", "autoimmune_site.StaleMark", "autoimmune_site.PurgeProgress"}
# Made anew from the rest; those that name others come first.
DERIVED = ("search.SearchName", "search.SearchClaim", "search.SearchEntry", "search.IndexState")
MEDIA = "media/"
MANIFEST = "manifest.json"


def models() -> list[type[Model]]:
    """Every model whose rows are kept, in the same order each time."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and model._meta.label not in {*LEFT_OUT, *DERIVED}
    ]
    return sorted(found, key=lambda model: model._meta.label)


def member(model: type[Model]) -> str:
    """The name of a model's rows inside the archive."""
    return f"rows/{model._meta.label}.jsonl"


def fields(model: type[Model]) -> list[Field]:
    """The columns of the model's own table."""
    return list(model._meta.local_concrete_fields)


def applied_migrations(connection) -> dict[str, list[str]]:
    """The migrations that have run, by app; empty for an empty database."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        found.setdefault(app, []).append(name)
    return found


def encode(value):
    """A column's value as JSON holds it. Moments keep their microseconds and their zone."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, timedelta):
        return value / timedelta(microseconds=1)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value


def decode(field: Field, value):
    """What `encode` wrote, as the field's own Python value."""
    if value is None or isinstance(field, JSONField):
        return value
    if field.is_relation:
        return decode(field.target_field, value)
    if isinstance(field, DurationField):
        return timedelta(microseconds=value)
    if isinstance(field, BinaryField):
        return base64.b64decode(value)
    return field.to_python(value)


def for_database(field: Field, value, connection):
    """A decoded value as the database's driver takes it."""
    if value is None and isinstance(field, JSONField) and not field.null:
        return connection.ops.adapt_json_value(None, None)
    return field.get_db_prep_save(value, connection)
