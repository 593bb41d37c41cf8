"""What SQLite knows of how large its tables are, without which it takes wrong ways through large
ones: among 100,000 pages it read every open question to publish one of them, a second instead of
thirty milliseconds. PostgreSQL looks by itself."""

from django.db import connection, transaction

SAMPLED = 1000  # rows of an index that are looked at
FEW = 2000  # sentences up to which any way will do
_GROWS = "claims_anchor"  # the table with most rows


def learn() -> None:
    """Look at all tables; a second or two at 100,000 pages, in which nobody else can write."""
    if connection.vendor != "sqlite":
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit = {SAMPLED}")
        cursor.execute("ANALYZE")


def learn_if_grown(now=None) -> None:
    """Part of the site's round: look again when the library has doubled since."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {_GROWS}")
        rows = cursor.fetchone()[0]
        if rows > FEW and rows > 2 * _known(cursor):
            learn()


def _known(cursor) -> int:
    """The number of rows that SQLite believes in."""
    cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
    if cursor.fetchone() is None:
        return 0
    cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = %s LIMIT 1", [_GROWS])
    row = cursor.fetchone()
    return int(row[0].split()[0]) if row else 0
