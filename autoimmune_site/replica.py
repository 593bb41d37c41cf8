"""Readers' pages from a read replica: which request may read there, and when it may not.

A replica is behind its primary by a little, always. So a request reads there only if the replica
has replayed every mark (page_cache/marks.py) that this process has seen on the primary: what an
acknowledged change took away is never shown again. Staff always read the primary.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import contextmanager

from django.db import DatabaseError, connections

from .deadlines import within
from .models import StaleMark
from .observed import ORIGIN, PRIMARY, REPLICA

ALIAS = "replica"
LONGEST_LAG = 1.0  # seconds behind, from which on it is left alone for a while
LEFT_OUT_FOR = 2.0  # seconds without asking it again, once it lagged or failed
STATE_WITHIN = 1.0  # seconds in which it says how far it is
PAGE_WITHIN = 4.0  # seconds in which a page is read there, or it hangs
SEEN = "evidence.seen"  # in a WSGI environ: the newest mark seen on the primary
# Signing in, the desk, and links that can be taken back at any moment.
NOT_READERS = ("/admin/", "/accounts/", "/preview/", "/readyz", "/metrics")
logger = logging.getLogger(__name__)
_thread = threading.local()

# Behind by nothing when all that arrived is replayed, however long ago the last change was.
_STATE = f"""
SELECT CASE WHEN NOT pg_is_in_recovery()
              OR COALESCE(pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn(), true) THEN 0
            ELSE COALESCE(extract(epoch FROM
                 clock_timestamp() - pg_last_xact_replay_timestamp()), 0) END,
       COALESCE((SELECT max(id) FROM {StaleMark._meta.db_table}), 0)
"""


class Router:
    """Sends reads of a reader's request to the replica, and everything else to the primary."""

    def db_for_read(self, model, **hints) -> str:
        """The replica while a reader's request is answered from it, unless it has written."""
        if getattr(_thread, "reads_replica", False) and not connections["default"].in_atomic_block:
            return ALIAS
        return "default"

    def db_for_write(self, model, **hints) -> str:
        """The primary; the rest of the request reads what it wrote there."""
        _thread.reads_replica = False
        return "default"

    def allow_relation(self, one, other, **hints) -> bool:
        """Both are the same database, one a little older."""
        return True

    def allow_migrate(self, db, app_label, **hints) -> bool:
        """A replica gets its tables from the primary."""
        return db != ALIAS


@contextmanager
def _reading():
    _thread.reads_replica = True
    try:
        yield
    finally:
        _thread.reads_replica = False


def _state() -> tuple[float, int]:
    """Seconds behind, and the newest mark replayed."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_STATE)
        return cursor.fetchone()


class Replica:
    """What this process knows of the replica. Every method may be called from any thread."""

    def __init__(self, now: Callable[[], float] = time.monotonic):
        self._now = now
        self._out_until = float("-inf")
        self._has_failed = False
        self._asking = threading.Lock()
        self.lag: float | None = None  # seconds, as last measured; None while it does not answer

    def newest_mark(self) -> int | None:
        """The newest mark that it has replayed; None when it lags, fails or did a moment ago."""
        if self._now() < self._out_until:
            return None
        # Once it failed, whoever asks again may wait seconds for it; the others need not.
        if not self._has_failed:
            return self._ask()
        if not self._asking.acquire(blocking=False):
            return None
        try:
            return self._ask()
        finally:
            self._asking.release()

    def _ask(self) -> int | None:
        was_connected = connections[ALIAS].connection is not None
        try:
            with within(STATE_WITHIN, ALIAS):
                lag, number = _state()
        except DatabaseError as error:
            if was_connected:  # perhaps it was started again since this thread last asked
                connections[ALIAS].close()
                return self._ask()
            self.lag = None
            self._has_failed = True
            self.leave_out(type(error).__name__)
            return None
        self.lag, self._has_failed = float(lag), False
        if self.lag > LONGEST_LAG:
            self.leave_out(f"{self.lag:.1f} s behind")
            return None
        return number

    def leave_out(self, why: str) -> None:
        """Ask the primary instead, for a while."""
        logger.warning("The replica is left out for now: %s.", why)
        self._out_until = self._now() + LEFT_OUT_FOR
        connections[ALIAS].close()


class FromReplica:
    """A WSGI application between the page cache and Django that lets readers read the replica.

    What fails while reading there is asked of the primary once more, so nobody sees the failure.
    """

    def __init__(self, django: Callable, replica: Replica):
        self.django = django
        self.replica = replica

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        number = self._number(environ)
        if number is None:
            return self.django(environ, start_response)
        said: list = []
        environ[ORIGIN] = REPLICA
        with _reading(), within(PAGE_WITHIN, ALIAS):
            response = self.django(environ, lambda *args: said.append(args))
        if said[0][0].startswith("5"):
            response.close()
            environ[ORIGIN] = PRIMARY
            self.replica.leave_out(f"it answered {said[0][0]}")
            return self.django(environ, start_response)
        response.read_at = number
        start_response(*said[0])
        return response

    def _number(self, environ) -> int | None:
        """The mark up to which this request would read; None if it must read the primary."""
        seen = environ.get(SEEN)  # missing where the page cache found no reader
        if seen is None or environ.get("PATH_INFO", "").startswith(NOT_READERS):
            return None
        number = self.replica.newest_mark()
        return None if number is None or number < seen else number
