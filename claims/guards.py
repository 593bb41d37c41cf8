"""What the database itself keeps of this room, by triggers: corrections are append-only."""

from django.db import connections

from editorial.guards import ALWAYS, Guard, create_sql, drop_sql

TABLE = "claims_correction"
_MESSAGE = "corrections are append-only"
GUARDS = [
    Guard("correction_no_update", TABLE, "UPDATE", ALWAYS, _MESSAGE),
    Guard("correction_no_delete", TABLE, "DELETE", ALWAYS, _MESSAGE),
]
_TRUNCATE = [
    "CREATE OR REPLACE FUNCTION correction_no_truncate() RETURNS trigger LANGUAGE plpgsql AS "
    f"$guard$ BEGIN RAISE EXCEPTION '{_MESSAGE}' "
    "USING ERRCODE = 'integrity_constraint_violation'; END $guard$",
    f"CREATE TRIGGER correction_no_truncate BEFORE TRUNCATE ON {TABLE} "
    "FOR EACH STATEMENT EXECUTE FUNCTION correction_no_truncate()",
]


def install(connection) -> None:
    """Put every guard up; replaces those that stand."""
    remove(connection)
    with connection.cursor() as cursor:
        for guard in GUARDS:
            cursor.execute(create_sql(guard, connection.vendor))
        for statement in _TRUNCATE if connection.vendor == "postgresql" else ():
            cursor.execute(statement)


def remove(connection) -> None:
    """Take every guard down, if the table exists."""
    if TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for guard in GUARDS:
            cursor.execute(drop_sql(guard, connection.vendor))
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER IF EXISTS correction_no_truncate ON {TABLE}")


def before_migrate(*, using, **kwargs) -> None:
    """Free the table for the migrations."""
    remove(connections[using])


def after_migrate(*, using, **kwargs) -> None:
    """Guard the table again, once it exists."""
    connection = connections[using]
    if TABLE in connection.introspection.table_names():
        install(connection)
