"""Counts and times of all processes on this machine, in one small file that they share.

Each process adds to a row of its own, so nobody waits and nothing is lost to a race; a reader adds
the rows up. A row whose process has ended is taken over with its counts, so a sum never falls,
whatever is killed or reloaded. docs/decisions/0032 says why it is built so.
"""

import fcntl
import hashlib
import logging
import mmap
import os
import struct
import threading
import time
from bisect import bisect_left
from pathlib import Path

ROWS = 256  # processes that may count at once
BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
ORIGINS = ("memory", "replica", "primary")
ANSWERS = ("2xx", "3xx", "4xx", "5xx")
COUNTERS = {
    "gate_refusals": "Publications that the gate refused.",
    "rounds": "Rounds of publish_scheduled that ran.",
    "slow_queries": "Queries slower than SLOW_QUERY_MS.",
    "log_errors": "Lines of the log at level error.",
}
LAST_ROUND = "last_round"  # a moment, not a count: the latest of all rows
_NAMES = [
    *(f"requests:{origin}:{answer}" for origin in ORIGINS for answer in ANSWERS),
    *(f"bucket:{origin}:{bound}" for origin in ORIGINS for bound in BUCKETS),
    *(f"seconds:{origin}" for origin in ORIGINS),
    *COUNTERS,
    LAST_ROUND,
]
_PLACE = {name: 8 * (1 + number) for number, name in enumerate(_NAMES)}  # the first is the pid
# The same places as a request asks for them: by the hundreds of its status, by its bucket.
_ANSWERED = {o: {int(a[0]): _PLACE[f"requests:{o}:{a}"] for a in ANSWERS} for o in ORIGINS}
_TOOK = {o: [_PLACE[f"bucket:{o}:{bound}"] for bound in BUCKETS] for o in ORIGINS}
_SECONDS = {o: _PLACE[f"seconds:{o}"] for o in ORIGINS}
_NUMBER = struct.Struct("d")
_ROW = 8 * (1 + len(_NAMES))
_SIZE = _ROW * ROWS


class Numbers:
    """The shared file. Without one that can be written, each process counts for itself."""

    def __init__(self, folder: Path):
        # Another release may count other things: its rows must not be read as ours.
        layout = hashlib.sha256(repr((_NAMES, ROWS)).encode()).hexdigest()[:12]
        self.path = Path(folder) / f"metrics-{layout}"
        self._lock = threading.Lock()
        self._map = None
        self._row, self._pid = 0, None

    def add(self, name: str, amount: float = 1.0) -> None:
        """Add to a number."""
        with self._lock:
            place = self._mine() + _PLACE[name]
            (old,) = struct.unpack_from("d", self._map, place)
            struct.pack_into("d", self._map, place, old + amount)

    def put(self, name: str, value: float) -> None:
        """Note a moment."""
        with self._lock:
            struct.pack_into("d", self._map, self._mine() + _PLACE[name], value)

    def request(self, origin: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        answer = min(max(status // 100, 2), 5)
        counted = [(_ANSWERED[origin][answer], 1.0), (_SECONDS[origin], seconds)]
        if (bucket := bisect_left(BUCKETS, seconds)) < len(BUCKETS):
            counted.append((_TOOK[origin][bucket], 1.0))
        with self._lock:
            row = self._mine()
            for place, amount in counted:
                place += row
                (old,) = _NUMBER.unpack_from(self._map, place)
                _NUMBER.pack_into(self._map, place, old + amount)

    def read(self) -> dict[str, float]:
        """Every number, of all processes together."""
        with self._lock:
            self._mine()
            whole = bytes(self._map)
        rows = [whole[start : start + _ROW] for start in range(0, _SIZE, _ROW)]
        found = {}
        for name, place in _PLACE.items():
            values = [struct.unpack_from("d", row, place)[0] for row in rows]
            found[name] = max(values) if name == LAST_ROUND else sum(values)
        return found

    def _mine(self) -> int:
        """Where this process's row begins; a process that was forked takes one of its own."""
        if self._pid != os.getpid():
            self._open()
            self._pid = os.getpid()
        return self._row

    def _open(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a+b") as file:
                fcntl.lockf(file, fcntl.LOCK_EX)
                # All of it on the disk now: a hole that cannot be filled later would end us.
                os.posix_fallocate(file.fileno(), 0, _SIZE)
                self._map = mmap.mmap(file.fileno(), _SIZE)
                self._row = self._take_row()
        except OSError as error:
            logging.getLogger(__name__).warning("Counts are not shared: %s", error.strerror)
            self._map, self._row = mmap.mmap(-1, _SIZE), 0

    def _take_row(self) -> int:
        """The first row that nobody alive owns; the last one is shared when all are taken."""
        for start in range(0, _SIZE, _ROW):
            (owner,) = struct.unpack_from("q", self._map, start)
            if owner == 0 or owner == os.getpid() or not _is_alive(owner):
                struct.pack_into("q", self._map, start, os.getpid())
                return start
        return _SIZE - _ROW


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class CountErrors(logging.Handler):
    """Counts lines of the log at level error."""

    def __init__(self):
        super().__init__(logging.ERROR)

    def emit(self, record: logging.LogRecord) -> None:
        """Count it."""
        numbers().add("log_errors")


_numbers: Numbers | None = None


def numbers() -> Numbers:
    """This machine's numbers."""
    global _numbers
    if _numbers is None:
        from django.conf import settings  # the log may call before settings are read

        _numbers = Numbers(settings.METRICS_FOLDER)
    return _numbers


def count_refusal(revision, obstacles) -> None:
    """Listens to `registry.on_blocked`."""
    numbers().add("gate_refusals")


def count_round(now) -> None:
    """A round of `publish_scheduled` came by."""
    numbers().add("rounds")
    numbers().put(LAST_ROUND, time.time())
