"""The search page and the suggestions under its field. Anonymous; no cookie is set or read."""

from dataclasses import asdict

from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from . import engine
from .query import QueryTooLong


@require_safe
def results(request):
    """`?q=` with optional `kind=` and `page=`. A text that is too long is answered with why."""
    text = request.GET.get("q", "").strip()
    kind = request.GET.get("kind", "")
    kind = kind if kind in engine.kinds() else None
    message = ""
    try:
        found = engine.search(text, kind=kind, page=page_number(request.GET.get("page", "")))
    except QueryTooLong as error:
        found, message = engine.Results(""), str(error)
    context = {
        "query": found.query,
        "kind": kind,
        "kinds": [(name, engine.kind_label(name)) for name in engine.kinds()],
        "results": found.results,
        "count": found.count,
        "did_you_mean": found.did_you_mean,
        "is_partial": found.is_partial,
        "message": message,
        "number": found.number,
        "pages": found.pages,
        "has_next": found.has_next,
        "has_previous": found.has_previous,
    }
    status = 400 if message else 200
    response = render(request, "search/results.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"  # result pages are no content of their own
    return response


@require_safe
def suggestions(request):
    """A JSON list of {title, url, kind, name} for `?q=`, what was typed so far."""
    found = engine.suggest(request.GET.get("q", ""))
    response = JsonResponse([asdict(s) for s in found], safe=False)
    response["X-Robots-Tag"] = "noindex"
    return response


def page_number(text: str) -> int:
    """The number of a page of results; 1 for anything that is not one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
