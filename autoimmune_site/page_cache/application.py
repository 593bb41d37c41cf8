"""The WSGI application that stands before Django and answers readers from memory.

Everybody without a session gets the same bytes, so they are made once and kept: identity and
gzip, each with a strong ETag. Staff, other methods, addresses with unknown parts and answers that
did not say what they show go to Django and leave nothing behind.
"""

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpResponse

from ..deadlines import AWAY
from ..middleware import UNSAID
from ..observed import MEMORY, ORIGIN
from ..replica import SEEN
from .negotiate import accepts_gzip, known_query, matches
from .store import Copy, Entry, Store, finish
from .watch import Watch

LONGEST_LIFE = 600  # seconds, after which a page is made anew whatever happened
LONGEST_WAIT = 5  # seconds that a reader waits while another one's request makes the same page
KEPT_STATUS = (200, 410)
NOT_KEPT = ("content-length", "cache-control", "vary", "etag", "date", "x-request-id")
REFUSED = ("set-cookie", "content-encoding", "www-authenticate")


class PageCache:
    """Wraps Django's WSGI application. `limit` is in bytes, for the pages of one process."""

    def __init__(self, django: Callable, limit: int, now: Callable[[], float] = time.monotonic):
        self.django = django
        self.store = Store(limit)
        self.watch = Watch(self.store.stale, self.store.clear)
        self._now = now
        self._session = f"{settings.SESSION_COOKIE_NAME}="
        self._making: dict[tuple, threading.Lock] = {}
        self._guard = threading.Lock()

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        if not self._is_readers(environ):
            environ[AWAY] = self._session in environ.get("HTTP_COOKIE", "") and not (
                self.watch.catch_up()
            )
            return self.django(environ, start_response)
        is_certain = self.watch.catch_up()
        environ[SEEN] = self.watch.number or 0
        address = self._address(environ)
        if address is None:
            return self.django(environ, start_response)
        entry = self.store.get(address, self._now())
        if entry is not None:
            environ[ORIGIN] = MEMORY
            return _answer(entry, environ, start_response)
        if not is_certain or environ["REQUEST_METHOD"] != "GET":
            return self.django(environ, start_response)
        with self._one_at_a_time(address):
            entry = self.store.get(address, self._now())
            if entry is not None:
                environ[ORIGIN] = MEMORY
                return _answer(entry, environ, start_response)
            return self._make(address, environ, start_response)

    def _is_readers(self, environ) -> bool:
        """Whether anybody may be answered so: reading, no session, the public scheme."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return False
        if self._session in environ.get("HTTP_COOKIE", "") or "HTTP_AUTHORIZATION" in environ:
            return False
        return not settings.HTTPS or "https" in (
            environ.get("HTTP_X_FORWARDED_PROTO"),
            environ["wsgi.url_scheme"],
        )

    def _address(self, environ) -> tuple | None:
        """Under what a page is kept; None for a query that cannot be told to be harmless."""
        host = environ.get("HTTP_HOST", "")
        bare = (host, environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", ""))
        query = environ.get("QUERY_STRING", "")
        if not query:
            return bare
        known = self.store.get(bare, self._now())
        if known is None:
            return None
        read = known_query(query, known.params)
        return None if read is None else bare + read

    @contextmanager
    def _one_at_a_time(self, address):
        """One request makes a page; others for the same address wait for it, but not for ever."""
        with self._guard:
            lock = self._making.setdefault(address, threading.Lock())
        mine = lock.acquire(timeout=LONGEST_WAIT)
        try:
            yield
        finally:
            if mine:
                with self._guard:
                    self._making.pop(address, None)
                lock.release()

    def _make(self, address, environ, start_response) -> Iterable[bytes]:
        """Ask Django; keep the answer if it says what it shows and is the same for everybody."""
        number = self.watch.number or 0
        said: list = []
        response = self.django(environ, lambda *args: said.append(args))
        status, headers, *more = said[0]
        if not _can_be_kept(response, headers, address):
            start_response(status, headers, *more)
            return response
        try:
            body = response.content
        finally:
            response.close()
        entry = finish(
            status,
            [*_kept(headers), *_for_caches(response.page_keys)],
            body,
            keys=response.page_keys,
            params=frozenset(response.page_params),
            number=getattr(response, "read_at", number),
            expires=self._now() + LONGEST_LIFE,
        )
        self.store.put(address, entry)
        return _answer(entry, environ, start_response)


def _can_be_kept(response, headers, address) -> bool:
    """Whether an answer is finished, public and what its address asks for."""
    if not isinstance(response, HttpResponse) or response.status_code not in KEPT_STATUS:
        return False
    if not getattr(response, "page_keys", None):
        return False
    for name, value in headers:
        if name.lower() in REFUSED or (name.lower() == "vary" and "cookie" in value.lower()):
            return False
        if name.lower() == "content-security-policy" and "'nonce-" in value:
            return False
        if name.lower() == "cache-control" and value != UNSAID:
            return False
    # A list asked for its page 99 of 3 answers with page 3; that is not what 99 stands for.
    return dict(address[3:]) == response.page_params_answered


def _kept(headers) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in NOT_KEPT]


def _for_caches(keys: frozenset[str]) -> list[tuple[str, str]]:
    """What tells caches between us and the reader how long, and by which keys, to keep a page.

    A browser always asks again, which costs a 304. A shared cache keeps it one second, or, where
    PURGE_URL says that it is told of changes, for a day.
    """
    shared = (
        "s-maxage=86400, stale-while-revalidate=30, stale-if-error=86400"
        if settings.PURGE_URL
        else "s-maxage=1"
    )
    return [
        ("Cache-Control", f"public, max-age=0, must-revalidate, {shared}"),
        ("Vary", "Accept-Encoding"),
        ("Surrogate-Key", " ".join(sorted(keys))),
    ]


def _answer(entry: Entry, environ, start_response) -> Iterable[bytes]:
    copy: Copy = entry.gzip if _wants_gzip(environ) else entry.identity
    asked = environ.get("HTTP_IF_NONE_MATCH")
    if asked is not None and matches(asked, copy.etag) and entry.status.startswith("200"):
        start_response("304 Not Modified", copy.unchanged.copy())
        return []
    start_response(entry.status, copy.headers.copy())
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [copy.body]


def _wants_gzip(environ) -> bool:
    header = environ.get("HTTP_ACCEPT_ENCODING")
    return header is not None and accepts_gzip(header)
