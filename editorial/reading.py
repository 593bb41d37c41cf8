"""What readers are shown of a page: the way to it, and what upper rooms add to it.

A page is public, withdrawn (410, saying why), moved (301) or not there at
all (404). Upper rooms register what they add, as in registry.py: the text with its claims marked,
the corrections, the trust block.
"""

from collections.abc import Callable
from functools import partial, wraps

from django.db.models import OuterRef
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from taggit.models import Tag

from .freshness import keys_of, shows
from .gathering import Gathered
from .models import Page, Redirect
from .prepared import Prepared
from .text import rich_names

_additions: list[Callable] = []
_counts: list[Callable] = []
_finders: dict[type, Prepared] = {}
_views: dict[type, Callable] = {}
# What readers are never told of the revision whose text they read.
_OF_EDITORS = (
    "note author state created_at saved_at submitted_at approved_at approved_by "
    "approved_by_name reviewer reviewer_since review_by override_reason scheduled_at is_told"
).split()


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


def tags_of(page) -> list[Tag]:
    """The page's tags by name, which came with it; of a page made from a revision, as that says."""
    drawn = getattr(page, "drawn", None)
    if drawn is not None:
        return sorted(drawn.get("tags", []), key=lambda tag: tag.name)
    return [Tag(name=name, slug=slug) for name, slug in sorted(page.tags_at_hand)]


def show_unpublished(request, page):
    """The readers' view of a page made from a revision that they do not see; never to be kept."""
    response = _views[type(page)](request, page)
    response.page_keys = frozenset()
    response["Cache-Control"] = "no-store"
    return response


def public_page(model, gathers: Callable[[], dict] = dict):
    """Decorate `view(request, page)` into `view(request, slug)` for published pages of a model;
    `gathers` answers annotations that the view wants with the page.

    A withdrawn page answers 410 with the date, the reason and what takes its place; an address
    that such a page once had answers 301; anything else answers 404.
    """

    def decorate(view):
        _views[model] = view

        @require_safe
        @wraps(view)
        def answer(request, slug):
            page = _found(model, gathers, slug)
            if page is None:
                return _moved(model, slug)
            if page.status == Page.Status.WITHDRAWN:
                return _gone(request, page)
            page.live_revision.page = page
            return view(request, page)

        return answer

    return decorate


def _found(model, gathers, slug):
    """The page at this address that is or was public, with its live text and what is counted of
    it; one query. (The row's own text is not read: it is the live revision's.)"""
    finder = _finders.get(model)
    if finder is None:
        finder = _finders[model] = Prepared(partial(_at_address, model, gathers))
    return next(iter(finder(slug=slug)), None)


def _at_address(model, gathers, slug):
    counts = {name: count for function in _counts for name, count in function().items()}
    tags = Tag.objects.filter(tagged_pages__content_object=OuterRef("pk")).order_by()
    tags_at_hand = Gathered(tags.values_list("name", "slug"))
    pages = model.objects.filter(slug=slug, kind=model.KIND)
    pages = pages.annotate(tags_at_hand=tags_at_hand, **counts, **gathers())
    pages = pages.filter(status__in=[Page.Status.PUBLISHED, Page.Status.WITHDRAWN])
    text = {field.name for field in model._meta.fields} & {"body", *rich_names()}
    unread = (f"live_revision__{name}" for name in _OF_EDITORS)
    return pages.select_related("live_revision").defer(*sorted(text), *unread)


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
