"""Rules that the database itself keeps, by triggers, on SQLite and on PostgreSQL.

They hold even against direct SQL and against code that forgets `actions.py`:

- an event is never changed or deleted;
- the content of a revision never changes once it has left the draft state or somebody has
  commented on it;
- a page is published only with a revision of its own that was approved (or overridden by an
  administrator), and shows exactly that revision's title and body.
"""

from dataclasses import dataclass

from django.db import connections


@dataclass(frozen=True)
class Guard:
    """One trigger. `when` is the SQL condition under which the write is refused."""

    name: str
    table: str
    on: str
    when: dict[str, str]
    message: str


_ALWAYS = {"sqlite": "1", "postgresql": "true"}

_LIVE = """NEW.status = 'published' AND NOT EXISTS (
    SELECT 1 FROM editorial_revision r
    WHERE r.id = NEW.live_revision_id AND r.page_id = NEW.id AND r.state = 'published'
      AND (r.approved_at IS NOT NULL OR r.override_reason <> '')
      AND {title} = NEW.title AND {body} = NEW.body)"""
_LIVE_WHEN = {
    "sqlite": _LIVE.format(
        title="json_extract(r.content, '$.title')", body="json_extract(r.content, '$.body')"
    ),
    "postgresql": _LIVE.format(title="r.content->>'title'", body="r.content->>'body'"),
}
_LIVE_MESSAGE = "a page is published only as an approved revision says"

_CHANGED = (
    "(OLD.state <> 'draft' "
    "OR EXISTS (SELECT 1 FROM editorial_comment c WHERE c.revision_id = OLD.id)) "
    "AND (NEW.content {differs} OLD.content "
    "OR NEW.page_id <> OLD.page_id OR NEW.number <> OLD.number)"
)

GUARDS = [
    Guard("event_no_update", "editorial_event", "UPDATE", _ALWAYS, "events are append-only"),
    Guard("event_no_delete", "editorial_event", "DELETE", _ALWAYS, "events are append-only"),
    Guard(
        "revision_frozen",
        "editorial_revision",
        "UPDATE",
        {
            "sqlite": _CHANGED.format(differs="<>"),
            "postgresql": _CHANGED.format(differs="IS DISTINCT FROM"),
        },
        "a submitted revision, or one commented on, cannot be changed",
    ),
    Guard("page_live_insert", "editorial_page", "INSERT", _LIVE_WHEN, _LIVE_MESSAGE),
    Guard("page_live_update", "editorial_page", "UPDATE", _LIVE_WHEN, _LIVE_MESSAGE),
]


def _create_sql(guard: Guard, vendor: str) -> str:
    if vendor == "sqlite":
        return (
            f"CREATE TRIGGER {guard.name} BEFORE {guard.on} ON {guard.table} FOR EACH ROW "
            f"WHEN {guard.when[vendor]} BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
        )
    row = "OLD" if guard.on == "DELETE" else "NEW"
    return (
        f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ "
        f"BEGIN IF {guard.when[vendor]} THEN RAISE EXCEPTION '{guard.message}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $guard$; "
        f"CREATE TRIGGER {guard.name} BEFORE {guard.on} ON {guard.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {guard.name}()"
    )


def _drop_sql(guard: Guard, vendor: str) -> str:
    on = f" ON {guard.table}" if vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {guard.name}{on}"


_TRUNCATE = [
    "CREATE OR REPLACE FUNCTION event_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $guard$ "
    "BEGIN RAISE EXCEPTION 'events are append-only' "
    "USING ERRCODE = 'integrity_constraint_violation'; END $guard$",
    "CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON editorial_event "
    "FOR EACH STATEMENT EXECUTE FUNCTION event_no_truncate()",
]


def install(connection) -> None:
    """Put every guard up; replaces those that stand."""
    remove(connection)
    with connection.cursor() as cursor:
        for guard in GUARDS:
            cursor.execute(_create_sql(guard, connection.vendor))
        if connection.vendor == "postgresql":
            for statement in _TRUNCATE:
                cursor.execute(statement)


def remove(connection) -> None:
    """Take every guard down whose table exists."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in GUARDS:
            if guard.table in tables:
                cursor.execute(_drop_sql(guard, connection.vendor))
        if connection.vendor == "postgresql" and "editorial_event" in tables:
            cursor.execute("DROP TRIGGER IF EXISTS event_no_truncate ON editorial_event")


def before_migrate(*, using, **kwargs) -> None:
    """Free the tables for the migrations."""
    remove(connections[using])


def after_migrate(*, using, **kwargs) -> None:
    """Guard the tables again, once all of them exist."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if all(guard.table in tables for guard in GUARDS):
        install(connection)
