"""An end to waiting for a database server that hangs.

A server that dies is noticed at once, and a machine that dies after some seconds (connections.py).
One that is frozen keeps its connections open and says nothing, so whoever asks it would wait for
ever, and soon every thread with them. Here one thread of the process cuts the connection of whoever
has waited too long: their query raises OperationalError, as if the server had died.
"""

import os
import socket
import threading
import time
from contextlib import closing, contextmanager

from django.db import OperationalError, connections

LOOKS_EVERY = 0.2  # seconds, while anybody waits
LONGEST_REQUEST = 30  # seconds; a proxy in front gives up soon after (deploy/nginx)
AWAY = "evidence.primary_away"  # in a WSGI environ: the primary did not answer a moment ago
_waiting: dict[object, tuple[float, object]] = {}
_changed = threading.Condition()
_watcher: threading.Thread | None = None


@contextmanager
def within(seconds: float, alias: str):
    """Cut this thread's connection to a PostgreSQL database if the block lasts longer.

    SQLite has nobody to wait for but other writers, and a time-out of its own.
    """
    connection = connections[alias]
    if connection.vendor != "postgresql":
        yield
        return
    waiter = object()
    with _changed:
        _waiting[waiter] = time.monotonic() + seconds, connection
        _watch()
        _changed.notify()
    try:
        yield
    finally:
        with _changed:
            del _waiting[waiter]


def keep_from_waiting(get_response):
    """No request waits for the database without end. While it is known not to answer, those that
    need it are told so at once: their threads are for readers, who do not need it."""

    def answer(request):
        if request.META.get(AWAY):
            raise OperationalError("The primary database does not answer.")
        with within(LONGEST_REQUEST, "default"):
            return get_response(request)

    return answer


def _watch() -> None:
    """See that the thread runs: in each process its own, begun when there is something to watch."""
    global _watcher
    if _watcher is None or not _watcher.is_alive():
        _watcher = threading.Thread(target=_cut_who_is_late, name="deadlines", daemon=True)
        _watcher.start()


def _cut_who_is_late() -> None:
    while True:
        with _changed:
            _changed.wait_for(lambda: _waiting)
            now = time.monotonic()
            for until, connection in _waiting.values():
                if now >= until:
                    _cut(connection)
        time.sleep(LOOKS_EVERY)


def _cut(wrapper) -> None:
    """End Django's connection from outside of its thread; one that is still being made has a
    time-out of its own."""
    connection = wrapper.connection
    if connection is None or connection.closed:
        return
    try:
        with closing(socket.socket(fileno=os.dup(connection.fileno()))) as own:
            own.shutdown(socket.SHUT_RDWR)
    except (OSError, wrapper.Database.Error):
        return  # it has ended by itself meanwhile
