"""How a process learns, before each answer from memory, what became stale since the last one.

On SQLite whoever made pages stale rings a bell (bell.py) once it is committed. SQLite itself is
asked when it rang, and every LEASE seconds, whether any other connection, in any process, has
committed (`PRAGMA data_version`). Elsewhere the marks are asked for at most every LEASE seconds,
and whoever made a change waits that long before it is acknowledged (`wait_until_seen`). So no
process can show what an acknowledged change took away.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from urllib.parse import quote

from django.db import DatabaseError, connections, transaction

from ..deadlines import within
from ..models import StaleMark
from .bell import bell_of

LEASE = 0.25  # seconds
ANSWER_WITHIN = 2.0  # seconds, or the database hangs
logger = logging.getLogger(__name__)
_changed = threading.local()


class Watch:
    """Calls `on_stale(key, number)` for every new mark; `number` is the newest mark seen.

    Calls `on_restored()` when the database is an older one than before: a copy was put back.
    """

    def __init__(
        self,
        on_stale: Callable[[str, int], None],
        on_restored: Callable[[], None],
        now: Callable[[], float] = time.monotonic,
    ):
        self.on_stale = on_stale
        self.on_restored = on_restored
        self.number: int | None = None
        self._now = now
        self._lock = threading.Lock()
        self._bell = bell_of(connections["default"])
        self._heard = None
        self._probe = None
        self._version = None
        self._asked = float("-inf")
        self._failed = False

    def catch_up(self) -> bool:
        """See every mark acknowledged before this call, or, not on SQLite, before the lease began.

        False while the database does not answer; nothing changes there then either.
        """
        # Without the lock: only a look that came to its end says what it has heard.
        if self._bell and self._bell.heard() == self._heard and not self._is_due():
            return True
        # Once it failed, whoever asks again may wait seconds for it; the others need not.
        if not self._lock.acquire(blocking=not self._failed):
            return False
        try:
            heard = self._bell.heard() if self._bell else None
            self._look()
            self._heard = heard
            self._failed = False
        except (DatabaseError, sqlite3.Error) as error:
            logger.warning("What became stale is unknown for now: %s", type(error).__name__)
            # The counter of another connection does not go on from this one's.
            self._probe = self._version = self._heard = None
            self._asked = float("-inf")
            self._failed = True
            _close_connection()
            return False
        finally:
            self._lock.release()
        return True

    def _look(self) -> None:
        if not self._may_have_changed():
            return
        was_connected = connections["default"].connection is not None
        try:
            self._read()
        except DatabaseError:
            # A server that was started again cut the connection that this thread still held.
            # Nobody else mends it: what is answered from memory never reaches Django.
            if not (was_connected and _close_connection()):
                raise
            self._read()

    def _may_have_changed(self) -> bool:
        if self.number is None:
            self._version = self._data_version()
            return True
        asked = self._now()
        if (version := self._data_version()) is not None:
            changed, self._version, self._asked = version != self._version, version, asked
            return changed
        return self._is_due()

    def _is_due(self) -> bool:
        return self._now() - self._asked >= LEASE

    def _data_version(self) -> int | None:
        """SQLite's counter of commits by others; None where there is none to ask."""
        if self._probe is None:
            self._probe = _probe(connections["default"])
        if self._probe is False:
            return None
        return self._probe.execute("PRAGMA data_version").fetchone()[0]

    def _read(self) -> None:
        # The moment before asking: what commits while we ask may be missed and is asked again.
        asked = self._now()
        marks = StaleMark.objects.using("default").order_by("pk").values_list("pk", "key")
        with within(ANSWER_WITHIN, "default"):
            if self.number is None:
                self.number = next((number for number, _ in marks.reverse()[:1]), 0)
            else:
                self._see(list(marks.filter(pk__gte=self.number)))
        self._asked = asked

    def _see(self, found: list[tuple[int, str]]) -> None:
        """Marks from the last one seen on; where that one is missing, this is another database,
        or one so much later that marks between are gone."""
        if self.number and (not found or found[0][0] != self.number):
            self.on_restored()
            self.number = found[-1][0] if found else 0
        for number, key in found:
            if number > self.number:
                self.number = number
                self.on_stale(key, number)


def _close_connection() -> bool:
    """Let this thread's next query open a connection of its own; False inside a transaction."""
    if connections["default"].in_atomic_block:
        return False
    connections["default"].close()
    return True


def _probe(connection):
    """A read-only connection to the SQLite file, for its counter; False where that is no use."""
    if connection.vendor != "sqlite" or connection.is_in_memory_db():
        return False
    path = quote(str(connection.settings_dict["NAME"]))
    return sqlite3.connect(
        f"file:{path}?mode=ro", uri=True, check_same_thread=False, isolation_level=None
    )


def note_change(keys: frozenset[str]) -> None:
    """Ring once it is committed, and remember that this thread made readers' pages stale.

    Listens to `freshness.stale`.
    """
    _changed.at = time.monotonic()
    if bell := bell_of(connections["default"]):
        transaction.on_commit(bell.ring)


def wait_until_seen() -> None:
    """Return once no process can answer with what this thread made stale. At once on SQLite."""
    changed = getattr(_changed, "at", None)
    _changed.at = None
    if changed is not None and connections["default"].vendor != "sqlite":
        time.sleep(LEASE)
