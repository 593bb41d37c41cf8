"""What readers' pages are made of, by key, so that a change makes stale exactly those it shows in.

A key names one thing that readers see: `page:12` (a published page: its text, trust block and
corrections), `claim:7`, `source:3`, `assessment:5`, `correction:2`; where sentences of one wording
stand, `wording:<key>`; or a list that grows and shrinks: `list:article`, `list:condition`,
`list:therapy`, `list:claim`, `list:source`, `list:assessment`, `list:correction`, `list:rule` (what
the checker looks for), `tag:<slug>`; or `site`, which every page shows.
"""

from collections.abc import Callable, Iterable

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext
from taggit.models import Tag

from . import registry

_listeners: list[Callable[[frozenset[str]], None]] = []


def on_stale(function: Callable[[frozenset[str]], None]) -> Callable:
    """Register `function(keys)`, called in the transaction that made readers' pages stale."""
    if function not in _listeners:
        _listeners.append(function)
    return function


def stale(*keys: str) -> None:
    """Say that every readers' page showing any of these keys must be made anew.

    Must run inside the transaction that changed them: what is rolled back was never stale.
    Raises TransactionManagementError outside one.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(gettext("A change belongs to a transaction."))
    found = frozenset(keys)
    for listener in _listeners:
        listener(found)


def shows(response, *keys: str, params: Iterable[str] = (), answered: dict | None = None):
    """Say what a public answer shows, so that it may be kept and dropped exactly; returns it.

    `params` are the query parameters that the page reads, `answered` those it answered by, such
    as {"page": "2"}. An answer that says nothing is never kept.
    """
    response.page_keys = frozenset(keys) | {"site"}
    response.page_params = frozenset(params)
    response.page_params_answered = answered or {}
    return response


def shows_list(response, page, *keys: str, reads: Iterable[str] = ()):
    """`shows` for one page of a `Paginator`, which is read from `?page=`; `reads` are further
    parameters that the list reads, none of which this answer was asked with."""
    answered = {"page": str(page.number)} if page.number > 1 else {}
    return shows(response, *keys, params=["page", *reads], answered=answered)


def keys_of(prefix: str, ids: Iterable) -> list[str]:
    """`page:1`, `page:2` … for `page` and some primary keys."""
    return [f"{prefix}:{pk}" for pk in ids]


def pages_changed(changes) -> None:
    """Readers see other texts of pages, or none: the pages themselves, the lists they stand in,
    and the pages that they are about, which list them. Listens to `registry.on_page_changed`."""
    revisions = [revision for change in changes for revision in change[1:] if revision]
    pages = [change.page.pk for change in changes]
    names = Q(pk__in=Tag.objects.filter(tagged_pages__content_object__in=pages).values("pk"))
    for name in {name for r in revisions for name in r.content.get("tags", [])}:
        names |= Q(name__iexact=name)
    tags = Tag.objects.filter(names).values_list("slug", flat=True)
    about = {pk for revision in revisions for pk in registry.subjects(revision)}
    stale(
        *keys_of("page", {*about, *(change.page.pk for change in changes)}),
        *(f"list:{change.page.kind}" for change in changes),
        *(f"tag:{slug}" for slug in tags),
    )
