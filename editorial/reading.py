"""What readers are shown of a page: the way to it, and what upper rooms add to it.

A page is public, withdrawn (410, saying why), moved (301) or not there at
all (404). Upper rooms register what they add, as in registry.py: the text with its claims marked,
the corrections, the trust block.
"""

from collections.abc import Callable
from functools import partial, wraps

from django.db.models import CharField, Value
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from taggit.models import Tag

from .freshness import keys_of, shows
from .models import Page, Redirect
from .prepared import Prepared

_additions: list[Callable] = []
_counts: list[Callable] = []
_TAG = "tag"  # no kind of page
_finders: dict[type, Prepared] = {}
_views: dict[type, Callable] = {}


def on_reading(function: Callable) -> Callable:
    """Register `function(page) -> dict`: names and values that the page's template may use."""
    if function not in _additions:
        _additions.append(function)
    return function


def on_counting(function: Callable) -> Callable:
    """Register `function() -> dict`: annotations by name, asked for in the query that finds the
    page that a reader opens. A page that was not found so (a preview) has none of them."""
    if function not in _counts:
        _counts.append(function)
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


_TAGS = Prepared(lambda page: Tag.objects.filter(tagged_pages__content_object=page))


def tags_of(page) -> list[Tag]:
    """The page's tags by name; one query."""
    drawn = getattr(page, "drawn", None)
    tags = _TAGS(page=page.pk) if drawn is None else drawn.get("tags", [])
    return sorted(tags, key=lambda tag: tag.name)


def links_query(pages: Callable) -> Prepared:
    """For `links_of`: `pages(**values)` answers the pages to be linked to, published or not."""

    def build(page, **values):
        found = pages(**values).filter(status=Page.Status.PUBLISHED).order_by()
        tags = Tag.objects.filter(tagged_pages__content_object=page).order_by()
        tags = tags.annotate(kind=Value(_TAG, output_field=CharField()))
        rows = found.values_list("kind", "title", "slug")
        return rows.union(tags.values_list("kind", "name", "slug"), all=True)

    return Prepared(build)


def links_of(page, query: Prepared, **values) -> tuple[list[Page], list[Tag]]:
    """(The pages of a `links_query` that readers see, by kind and title; the page's tags by name);
    one query for both, and no more of each than a link to it needs."""
    found = sorted(query(page=page.pk, **values))
    tags = [Tag(name=name, slug=slug) for kind, name, slug in found if kind == _TAG]
    drawn = getattr(page, "drawn", None)
    if drawn is not None:
        tags = sorted(drawn.get("tags", []), key=lambda tag: tag.name)
    return [Page(kind=k, title=t, slug=s) for k, t, s in found if k != _TAG], tags


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
            page = _found(model, slug)
            if page is None:
                return _moved(model, slug)
            if page.status == Page.Status.WITHDRAWN:
                return _gone(request, page)
            page.live_revision.page = page
            return view(request, page)

        return answer

    return decorate


def _found(model, slug):
    """The page at this address that is or was public, with its live text and what is counted of
    it; one query. (The row's own body is not read: it is the live revision's.)"""
    finder = _finders.get(model)
    if finder is None:
        finder = _finders[model] = Prepared(partial(_at_address, model))
    return next(iter(finder(slug=slug)), None)


def _at_address(model, slug):
    counts = {name: count for function in _counts for name, count in function().items()}
    pages = model.objects.filter(slug=slug, kind=model.KIND).annotate(**counts)
    pages = pages.filter(status__in=[Page.Status.PUBLISHED, Page.Status.WITHDRAWN])
    return pages.select_related("live_revision").defer("body")


def _moved(model, slug) -> HttpResponsePermanentRedirect:
    """To where the page is now that once had this address; Http404 when readers know of none."""
    redirects = Redirect.objects.filter(kind=model.KIND, slug=slug).select_related("page")
    redirect = redirects.exclude(page__status=Page.Status.DRAFT).first()
    if redirect is None:
        raise Http404(gettext("There is no %(KIND)s at this address.") % {"KIND": model.KIND})
    return HttpResponsePermanentRedirect(redirect.page.get_absolute_url())


def _gone(request, page):
    """That the page was withdrawn and why; what takes its place is linked if readers can see it."""
    successor = Page.objects.published().filter(pk=page.replaced_by_id).first()
    answer = render(request, "410.html", {"page": page, "successor": successor}, status=410)
    return shows(answer, f"page:{page.pk}", *keys_of("page", filter(None, [page.replaced_by_id])))
