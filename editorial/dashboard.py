"""The desk's first page: numbers, short lists with reasons, and the whole list behind each.

Rooms register lists of pages here and single numbers through `registry.on_dashboard`. What stops
a page that is being worked on is told by the rooms that know (`register_blocker`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from . import registry
from .models import Page, Revision
from .registry import Card


def _everybody(user) -> bool:
    return True


@dataclass(frozen=True)
class PageList:
    """A list of pages that a person should see: `rows(user)` gives them, most pressing first.

    `notes(pages)` says by primary key what is to be said of each page; one query a caller.
    `short` titles of it stand on the first page; none when it is 0.
    """

    name: str
    title: str
    empty: str
    rows: Callable[[object], QuerySet]
    order: int = 50
    short: int = 0
    is_urgent: bool = False
    is_for: Callable[[object], bool] = _everybody
    notes: Callable[[list[Page]], dict[int, list[str]]] | None = None

    @property
    def url(self) -> str:
        """Where the whole list is."""
        return reverse("admin:desk-list", args=[self.name])


@dataclass(frozen=True)
class Blocker:
    """What one room says stops pages: a condition on Page, and the reasons by primary key."""

    name: str
    condition: Exists | Q
    reasons: Callable[[list[Page]], dict[int, list[str]]]


_lists: dict[str, PageList] = {}
_blockers: dict[str, Blocker] = {}


def register_list(page_list: PageList) -> None:
    """Make a list known; one of the same name takes its place."""
    _lists[page_list.name] = page_list


def register_blocker(blocker: Blocker) -> None:
    """Make known what stops pages; one of the same name takes its place."""
    _blockers[blocker.name] = blocker


def lists_for(user) -> list[PageList]:
    """The lists that concern this person, in order."""
    found = [page_list for page_list in _lists.values() if page_list.is_for(user)]
    return sorted(found, key=lambda page_list: (page_list.order, page_list.title))


def list_for(name: str, user) -> PageList | None:
    """The list of this name if it concerns this person."""
    page_list = _lists.get(name)
    return page_list if page_list and page_list.is_for(user) else None


def cards_of_lists(user) -> Iterable[Card]:
    """One card for each list; registered with the others."""
    for page_list in lists_for(user):
        yield Card(
            title=page_list.title,
            count=page_list.rows(user).count(),
            url=page_list.url,
            order=page_list.order,
            is_urgent=page_list.is_urgent,
        )


def first_page(user) -> dict:
    """`cards` and `sections` (a list, its first rows, how many there are) for this person."""
    cards = registry.cards(user)
    counts = {card.url: card.count for card in cards}
    sections = [
        {
            "list": page_list,
            "count": counts.get(page_list.url, 0),
            "rows": rows_of(page_list, page_list.rows(user)[: page_list.short]),
        }
        for page_list in lists_for(user)
        if page_list.short
    ]
    return {"cards": cards, "sections": sections}


def rows_of(page_list: PageList, pages: Iterable[Page]) -> list[dict]:
    """Each page with its address on the desk and what is to be said of it."""
    pages = list(pages)
    notes = page_list.notes(pages) if page_list.notes and pages else {}
    return [
        {"page": page, "url": desk_url(page), "notes": notes.get(page.pk, [])} for page in pages
    ]


def desk_url(page, view: str = "review") -> str:
    """Where the desk shows this page."""
    meta = registry.kinds[page.kind].model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{view}", args=[page.pk])


def with_newest(pages: QuerySet) -> QuerySet:
    """The pages with `newest_state`, `newest_author` and `newest_at` of their newest revision."""
    newest = Revision.objects.filter(page=OuterRef("pk")).order_by("-number")
    return pages.annotate(
        newest_state=Subquery(newest.values("state")[:1]),
        newest_author=Subquery(newest.values("author_name")[:1]),
        newest_at=Subquery(newest.values("saved_at")[:1]),
    )


def blocked() -> QuerySet:
    """Pages with a text at work that could not be published as it stands, by any room's word."""
    condition = Q(pk__in=[])
    for blocker in _blockers.values():
        condition |= Q(blocker.condition)
    return Page.objects.filter(condition)


def why_blocked(pages: list[Page]) -> dict[int, list[str]]:
    """The rooms' reasons for each of these pages; each room's own queries, however many pages."""
    found: dict[int, list[str]] = {}
    for blocker in _blockers.values():
        for pk, reasons in blocker.reasons(pages).items():
            found.setdefault(pk, []).extend(reasons)
    return found
