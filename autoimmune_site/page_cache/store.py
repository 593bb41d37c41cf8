"""The pages a process holds in memory: bounded in bytes, the longest unused go first."""

import threading
import zlib
from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from hashlib import blake2b

OVERHEAD = 1_500  # bytes counted for an entry besides its bodies
MAX_KEYS_REMEMBERED = 50_000


@dataclass(frozen=True)
class Copy:
    """One encoding of a page: its bytes, its strong ETag and the headers that go with them."""

    body: bytes
    etag: str
    headers: list[tuple[str, str]]
    unchanged: list[tuple[str, str]]  # headers of a 304


@dataclass(frozen=True)
class Entry:
    """A finished page: what it shows (`keys`), which query parameters it reads, when it ends."""

    status: str
    identity: Copy
    gzip: Copy
    keys: frozenset[str]
    params: frozenset[str]
    number: int
    expires: float

    @property
    def size(self) -> int:
        """Bytes of memory it takes, about."""
        return len(self.identity.body) + len(self.gzip.body) + OVERHEAD


def finish(status, headers, body, *, keys, params, number, expires) -> Entry:
    """Make an Entry of an answer: compress it, give each copy its ETag."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = packer.compress(body) + packer.flush()
    tag = blake2b(body, digest_size=12).hexdigest()
    return Entry(
        status,
        _copy(body, f'"{tag}"', headers, None),
        _copy(packed, f'"{tag}-gzip"', headers, "gzip"),
        keys,
        params,
        number,
        expires,
    )


def _copy(body, etag, headers, encoding) -> Copy:
    always = [(name, value) for name, value in headers if name != "Content-Type"]
    about = [("ETag", etag), *always]
    content = [(name, value) for name, value in headers if name == "Content-Type"]
    if encoding:
        content.append(("Content-Encoding", encoding))
    content.append(("Content-Length", str(len(body))))
    return Copy(body, etag, [*content, *about], about)


@dataclass
class Store:
    """Entries by address. Every method may be called from any thread."""

    limit: int  # bytes
    entries: OrderedDict = field(default_factory=OrderedDict)
    showing: defaultdict = field(default_factory=lambda: defaultdict(set))  # key -> addresses
    stale_since: dict[str, int] = field(default_factory=dict)  # key -> number of its last mark
    forgotten: int = 0  # marks up to this number are not remembered any more
    size: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, address, now: float) -> Entry | None:
        """The page at an address, unless it is not there or too old."""
        entry = self.entries.get(address)
        if entry is None:
            return None
        if entry.expires <= now:
            self.drop(address)
            return None
        with self.lock:
            if address in self.entries:
                self.entries.move_to_end(address)
        return entry

    def put(self, address, entry: Entry) -> bool:
        """Keep a page, unless something it shows became stale while it was made."""
        with self.lock:
            if entry.number < self.forgotten or any(
                self.stale_since.get(key, -1) > entry.number for key in entry.keys
            ):
                return False
            self._remove(address)
            if entry.size > self.limit // 2:
                return False
            self.entries[address] = entry
            self.size += entry.size
            for key in entry.keys:
                self.showing[key].add(address)
            while self.size > self.limit:
                self._remove(next(iter(self.entries)))
        return True

    def stale(self, key: str, number: int) -> None:
        """Drop every page that shows this key."""
        with self.lock:
            if len(self.stale_since) >= MAX_KEYS_REMEMBERED:
                self.forgotten = max(self.stale_since.values())
                self.stale_since.clear()
            self.stale_since[key] = number
            for address in list(self.showing.get(key, ())):
                self._remove(address)

    def drop(self, address) -> None:
        """Forget one page."""
        with self.lock:
            self._remove(address)

    def clear(self) -> None:
        """Forget every page."""
        with self.lock:
            self.entries.clear()
            self.showing.clear()
            self.size = 0

    def _remove(self, address) -> None:
        entry = self.entries.pop(address, None)
        if entry is None:
            return
        self.size -= entry.size
        for key in entry.keys:
            holders = self.showing[key]
            holders.discard(address)
            if not holders:
                del self.showing[key]
