"""The outermost WSGI application: gives each request its number, times it, counts it, and writes
one line about it. What the page cache answers is counted and not written down: a proxy does that.
"""

import time
from collections.abc import Callable, Iterable

from . import logs, metrics

ROUTE, ORIGIN = "evidence.route", "evidence.origin"
MEMORY, REPLICA, PRIMARY = metrics.ORIGINS


class Observed:
    """Wraps the whole site."""

    def __init__(self, site: Callable):
        self.site = site

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        began = time.perf_counter()
        number = logs.begin(environ.get("HTTP_X_REQUEST_ID", ""))
        statuses: list[str] = []

        def start(status, headers, *more):
            statuses.append(status)
            return start_response(status, [*headers, (logs.HEADER, number)], *more)

        try:
            response = self.site(environ, start)
        finally:
            status = int(statuses[-1].split(" ", 1)[0]) if statuses else 500
            self._note(environ, status, time.perf_counter() - began)
        return response

    def _note(self, environ: dict, status: int, seconds: float) -> None:
        origin = environ.get(ORIGIN, PRIMARY)
        metrics.numbers().request(origin, status, seconds)
        if origin == MEMORY and status < 500:
            return
        fields = {
            "method": environ["REQUEST_METHOD"][:10],
            "route": environ.get(ROUTE, ""),
            "status": status,
            "ms": round(seconds * 1000, 1),
            "origin": origin,
        }
        logs.requests.info("A request", extra={"fields": fields})


def note_route(request) -> None:
    """Let the line about the request name the pattern that answered it, not the address."""
    match = request.resolver_match
    request.META[ROUTE] = f"/{match.route}" if match else ""
