"""For commands that write thousands of rows: the database and the collector of waste hold still."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from .. import table_sizes

_CACHE = 40_000  # kB of pages an import's indexes are written in; 2,000 are SQLite's own
_LOG = 8_000  # pages in the log before they are moved to the file, where they lie scattered


@contextmanager
def much_to_write() -> Iterator[Callable[[], None]]:
    """Within it SQLite keeps more in memory and moves its log less often, which by 10,000 articles
    was a quarter of an import; what is committed is as safe as ever.

    The function that is answered is to be called between batches, when their thousands of objects
    have been let go of: only then the collector of waste looks, and SQLite at what has grown.
    """
    before = _tell(_CACHE, _LOG) if connection.vendor == "sqlite" else None
    gc.freeze()
    gc.disable()
    try:
        yield _between
    finally:
        gc.enable()
        gc.unfreeze()
        if before:
            _tell(*before)


def _between() -> None:
    gc.collect()
    gc.freeze()
    table_sizes.learn_if_grown()


def _tell(cache: int, log: int) -> tuple[int, int]:
    """Set both; answers what they were."""
    with connection.cursor() as cursor:
        was = -cursor.execute("PRAGMA cache_size").fetchone()[0]
        logged = cursor.execute("PRAGMA wal_autocheckpoint").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = {-cache}")
        cursor.execute(f"PRAGMA wal_autocheckpoint = {log}")
    return was, logged
