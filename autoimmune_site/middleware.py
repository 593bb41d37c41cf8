"""What every answer goes through."""

from . import observed
from .page_cache.watch import wait_until_seen

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
