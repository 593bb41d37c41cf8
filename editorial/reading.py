"""What readers are shown of a page: the way to it, and what upper rooms add to it.

A page is public, withdrawn (410, saying why), moved (301) or not there at
all (404). Upper rooms register what they add, as in registry.py: the text with its claims marked,
the corrections, the trust block.
"""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from .freshness import keys_of, shows
from .models import Page, Redirect

_additions: list[Callable] = []
_views: dict[type, Callable] = {}


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


def related(page, name: str):
    """What the page is related to by this field: as its row says, or, where a revision is shown
    that is not live, as that revision says (see previewing.py). Tags may be unsaved there."""
    drawn = getattr(page, "drawn", None)
    return getattr(page, name).all() if drawn is None else drawn.get(name, [])


def tags_of(page) -> list:
    """The page's tags by name."""
    return sorted(related(page, "tags"), key=lambda tag: tag.name)


def show_unpublished(request, page):
    """The readers' view of a page made from a revision that they do not see; never to be kept."""
    response = _views[type(page)](request, page)
    response.page_keys = frozenset()
    response["Cache-Control"] = "no-store"
    return response


def public_page(model):
    """Decorate `view(request, page)` into `view(request, slug)` for published pages of a model.

    A withdrawn page answers 410 with the date, the reason and what takes its place; an address
    that such a page once had answers 301; anything else answers 404.
    """

    def decorate(view):
        _views[model] = view

        @require_safe
        @wraps(view)
        def answer(request, slug):
            pages = model.objects.published() | model.objects.withdrawn()
            page = pages.filter(slug=slug).select_related("live_revision").first()
            if page is None:
                return _moved(model, slug)
            if page.status == Page.Status.WITHDRAWN:
                return _gone(request, page)
            return view(request, page)

        return answer

    return decorate


def _moved(model, slug) -> HttpResponsePermanentRedirect:
    """To where the page is now that once had this address; Http404 when readers know of none."""
    redirects = Redirect.objects.filter(kind=model.KIND, slug=slug).select_related("page")
    redirect = redirects.exclude(page__status=Page.Status.DRAFT).first()
    if redirect is None:
        raise Http404(f"There is no {model.KIND} at this address.")
    return HttpResponsePermanentRedirect(redirect.page.get_absolute_url())


def _gone(request, page):
    """That the page was withdrawn and why; what takes its place is linked if readers can see it."""
    successor = Page.objects.published().filter(pk=page.replaced_by_id).first()
    answer = render(request, "410.html", {"page": page, "successor": successor}, status=410)
    return shows(answer, f"page:{page.pk}", *keys_of("page", filter(None, [page.replaced_by_id])))
