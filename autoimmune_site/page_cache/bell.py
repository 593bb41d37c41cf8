"""A bell beside the SQLite file that every process of the site hears without asking anybody.

Eight bytes of memory that the processes share by a file. Whoever made readers' pages stale writes
a new number there once it is committed, so before it is acknowledged. To compare eight bytes takes
no system call; to ask SQLite takes several, and in each of them another thread may take the turn.
"""

import mmap
import os
import random
import threading
from functools import lru_cache
from pathlib import Path

SIZE = 8


class Bell:
    """One shared number; raises OSError where the file cannot be made."""

    def __init__(self, path: Path):
        self._guard = threading.Lock()
        with path.open("a+b") as file:
            # All of it on the disk now: a hole that cannot be filled later would end us.
            os.posix_fallocate(file.fileno(), 0, SIZE)
            self._map = mmap.mmap(file.fileno(), SIZE)

    def ring(self) -> None:
        """Let every process know that something was committed."""
        # A number of its own, not the next one: two that ring at once must both be heard.
        with self._guard:
            self._map[:] = random.randbytes(SIZE)

    def heard(self) -> bytes:
        """What changes with each ring."""
        return self._map[:]


def bell_of(connection) -> Bell | None:
    """The bell of a database; None where there is no SQLite file, or none can stand beside it."""
    if connection.vendor != "sqlite" or connection.is_in_memory_db():
        return None
    return _bell(str(connection.settings_dict["NAME"]))


@lru_cache(maxsize=8)
def _bell(database: str) -> Bell | None:
    try:
        return Bell(Path(f"{database}-bell"))
    except OSError:
        return None
