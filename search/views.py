"""The search page and the suggestions under its field. Anonymous; no cookie is set or read."""

from dataclasses import asdict

from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from . import engine, narrowing
from .query import QueryTooLong


@require_safe
def results(request):
    """`?q=` with optional `page=` and what the results are narrowed by (narrowing.py). A text that
    is too long is answered with why."""
    text = request.GET.get("q", "").strip()
    limits, message = narrowing.limits_of(request.GET), ""
    try:
        found = engine.search(text, page=page_number(request.GET.get("page", "")), limits=limits)
    except QueryTooLong as error:
        found, message = engine.Results(""), str(error)
    context = {
        "query": found.query,
        "found": found,
        "limits": limits,
        "facets": narrowing.linked(found.facets, request.GET),
        "message": message,
        "results": found.results,
        "count": found.count,
        "did_you_mean": found.did_you_mean,
        "number": found.number,
        "pages": found.pages,
        "has_next": found.has_next,
        "has_previous": found.has_previous,
    }
    response = render(request, "search/results.html", context, status=400 if message else 200)
    response["X-Robots-Tag"] = "noindex"  # result pages are no content of their own
    return response


@require_safe
def suggestions(request):
    """A JSON list of {title, url, kind, name} for `?q=`, what was typed so far."""
    found = engine.suggest(request.GET.get("q", ""))
    response = JsonResponse([asdict(s) for s in found], safe=False)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def completions(request):
    """The same offers in the form that browsers ask for: [what was typed, [names], [], [urls]]."""
    typed = request.GET.get("q", "")
    found = engine.suggest(typed)
    urls = [request.build_absolute_uri(s.url) for s in found]
    answer = [typed, [s.name or s.title for s in found], [s.title for s in found], urls]
    response = JsonResponse(
        answer, safe=False, content_type="application/x-suggestions+json; charset=utf-8"
    )
    response["X-Robots-Tag"] = "noindex"
    return response


def page_number(text: str) -> int:
    """The number of a page of results; 1 for anything that is not one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
