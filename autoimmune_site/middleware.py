"""What every answer goes through."""

import json
from functools import cache
from http import HTTPStatus

from django.http import HttpResponse
from django.middleware.http import ConditionalGetMiddleware
from django.templatetags.static import static

from . import observed
from .page_cache.watch import wait_until_seen

API = "/api/"
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Expose-Headers": "ETag",
    "Access-Control-Max-Age": "86400",
    "Allow": "GET, HEAD, OPTIONS",
}
UNSAID = "private, no-cache"  # how an answer may be kept that does not say so itself


def head_without_body(get_response):
    """An answer to HEAD says how long the body would be and leaves it out, as RFC 9110 asks."""

    def answer(request):
        response = get_response(request)
        if request.method == "HEAD" and not response.streaming:
            length = response.headers.get("Content-Length", str(len(response.content)))
            response.content = b""
            response.headers["Content-Length"] = length
        return response

    return answer


def acknowledge(get_response):
    """A change is acknowledged only once no process shows readers what it took away; and what
    does not say how it may be kept is kept by nobody else."""

    def answer(request):
        response = get_response(request)
        observed.note_route(request)
        wait_until_seen()
        response.headers.setdefault("Cache-Control", UNSAID)
        return response

    return answer


def fetch_ahead(get_response):
    """Readers' pages name their stylesheet and script before their first byte, so that a browser,
    or a proxy that sends early hints, asks for them at once."""

    def answer(request):
        response = get_response(request)
        is_readers = not request.path_info.startswith(("/admin/", "/accounts/"))
        if is_readers and response.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Link", _needed_by_every_page())
        return response

    return answer


@cache
def _needed_by_every_page() -> str:
    needed = (("css/site.css", "style"), ("js/suggest.js", "script"))
    return ", ".join(f"<{static(path)}>; rel=preload; as={kind}" for path, kind in needed)


def open_to_machines(get_response):
    """The read API answers any site (CORS), 304 where nothing changed, and errors as JSON."""
    conditional = ConditionalGetMiddleware(get_response)

    def answer(request):
        if not request.path_info.startswith(API):
            return get_response(request)
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
        else:
            response = conditional(request)
            if response.status_code >= 400:
                _as_json(response)
            response.headers["Cache-Control"] = "public, no-cache"
        for name, value in CORS.items():
            response.headers[name] = value
        return response

    return answer


def _as_json(response) -> None:
    """What went wrong as `{"detail": …}`, whoever said it and however."""
    if response.get("Content-Type", "").startswith("application/json"):
        return
    detail = HTTPStatus(response.status_code).phrase
    response.content = json.dumps({"detail": detail}).encode()
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    response.headers["Content-Length"] = str(len(response.content))
