"""What readers are shown of a page: the way to it, and what upper rooms add to it.

A page is public, withdrawn (410, saying why) or not there at all (404). Upper rooms register
what they add, as in registry.py: the text with its claims marked, the corrections, the trust
block.
"""

from collections.abc import Callable
from functools import wraps

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .freshness import shows
from .models import Page

_additions: list[Callable] = []


def on_reading(function: Callable) -> Callable:
    """Register `function(page) -> dict`: names and values that the page's template may use."""
    if function not in _additions:
        _additions.append(function)
    return function


def context_of(page) -> dict:
    """The page and all that the rooms add to it; `keys` names all it shows (see freshness.py)."""
    context = {"page": page}
    keys = {f"page:{page.pk}"}
    for addition in _additions:
        added = addition(page)
        keys |= added.pop("keys", set())
        context |= added
    return context | {"keys": keys}


def render_reading(request, template: str, context: dict):
    """Answer with a page made of `context_of`, which may be kept as long as its keys hold."""
    return shows(render(request, template, context), *context["keys"])


def public_page(model):
    """Decorate `view(request, page)` into `view(request, slug)` for published pages of a model.

    A withdrawn page answers 410 with the date and the reason; anything else answers 404.
    """

    def decorate(view):
        @require_safe
        @wraps(view)
        def answer(request, slug):
            pages = model.objects.published() | model.objects.withdrawn()
            page = pages.filter(slug=slug).select_related("live_revision").first()
            if page is None:
                raise Http404(f"There is no {model.KIND} at this address.")
            if page.status == Page.Status.WITHDRAWN:
                gone = render(request, "410.html", {"page": page}, status=410)
                return shows(gone, f"page:{page.pk}")
            return view(request, page)

        return answer

    return decorate
