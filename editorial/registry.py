"""What upper rooms register here so that this room can ask them, without importing them.

Each is filled in an `AppConfig.ready()`, as Django's system checks are.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Kind:
    """One kind of page: its model, its form (dotted path), where readers find it, and
    what they call one."""

    name: str
    model: type
    form_path: str
    plural: str
    label: str  # one of them, in words

    @property
    def form(self):
        """The form class that validates and freezes this kind's content."""
        return import_string(self.form_path)


@dataclass(frozen=True)
class Obstacle:
    """A reason why a revision may not be published: a code, a sentence, and where it is."""

    code: str
    message: str
    url: str = ""


@dataclass(frozen=True)
class Card:
    """One number on the desk's first page: what it counts, how many, and the list behind it.

    `order` sorts the cards; `is_urgent` marks one that should not wait.
    """

    title: str
    count: int
    url: str
    order: int = 50
    is_urgent: bool = False


class PageChange(NamedTuple):
    """Readers see revision `after` of a page, where they saw `before`; either may be None."""

    page: object
    before: object
    after: object


@dataclass(frozen=True)
class Stands:
    """What became of a passage in an edited text: `same`, `reworded` or `gone`, and its offsets
    there; a passage that is gone has none."""

    fate: str
    start: int | None = None
    end: int | None = None


class Carrier(Protocol):
    """Reads texts as sentences and finds passages of one in another. The claims room has one."""

    def sentences(self, document) -> list[tuple[int, int]]:
        """Offsets of every sentence of an `editorial.text.Document`, in order."""

    def carry(self, before, spans: Sequence[tuple[int, int]], after) -> list[Stands]:
        """What became in document `after` of each passage of document `before`."""


kinds: dict[str, Kind] = {}
_carriers: list[Carrier] = []
_gate_checks: list[Callable] = []
_saved_listeners: list[Callable] = []
_changed_listeners: list[Callable] = []
_panels: list[Callable] = []
_cards: list[Callable] = []
_blocked_listeners: list[Callable] = []
_rounds: list[Callable] = []
_subjects: list[Callable] = []
_review_days: list[Callable] = []
_overdue_listeners: list[Callable] = []
_reviewed_listeners: list[Callable] = []


def register_kind(kind: Kind) -> None:
    """Make a kind of page known; a second one of the same name is a programming error."""
    if kind.name in kinds and kinds[kind.name] != kind:
        raise ValueError(f"Two kinds of page are called {kind.name}.")
    kinds[kind.name] = kind


def register_carrier(carrier: Carrier) -> None:
    """Make known who finds passages again in an edited text; there is one."""
    _carriers[:] = [carrier]


def gate_check(function: Callable) -> Callable:
    """Register `function(revision) -> iterable of Obstacle`, asked inside every publication."""
    return _add(_gate_checks, function)


def on_revision_saved(function: Callable) -> Callable:
    """Register `function(revisions)`, called in the transaction that saved them: one, or as many
    as an import writes at once. Each is of another page."""
    return _add(_saved_listeners, function)


def on_page_changed(function: Callable) -> Callable:
    """Register `function(changes)`, called in the transaction in which what readers see changed:
    a `PageChange` for each page, of one or of as many as an import publishes at once."""
    return _add(_changed_listeners, function)


def on_review_panel(function: Callable) -> Callable:
    """Register `function(revision) -> (template, context)`, shown beside a revision at work."""
    return _add(_panels, function)


def on_dashboard(function: Callable) -> Callable:
    """Register `function(user) -> iterable of Card` for the desk's first page; one query each."""
    return _add(_cards, function)


def on_blocked(function: Callable) -> Callable:
    """Register `function(revision, obstacles)`, called whenever the publish gate refuses; the
    transaction is about to be rolled back, so what it writes must lie outside the database."""
    return _add(_blocked_listeners, function)


def on_round(function: Callable) -> Callable:
    """Register `function(now)`, called by every run of `publish_scheduled`. It must be safe to
    run again, and on several machines at once; an error in it does not stop the others."""
    return _add(_rounds, function)


def on_subjects(function: Callable) -> Callable:
    """Register `function(revision) -> primary keys of pages` that the revision is about; who has
    declared an interest in one of them cannot approve it."""
    return _add(_subjects, function)


def on_review_days(function: Callable) -> Callable:
    """Register `function(pages) -> days by primary key`: within how many days of its last review
    a page must be read again because of what it rests on. The least that any room says counts;
    pages that a room says nothing of are left out."""
    return _add(_review_days, function)


def on_review_overdue(function: Callable) -> Callable:
    """Register `function(page)`, called once in the transaction in which readers begin to be
    told that a page's review is overdue."""
    return _add(_overdue_listeners, function)


def on_reviewed(function: Callable) -> Callable:
    """Register `function(page)`, called in the transaction in which a reviewer's explicit review
    of the live text was recorded."""
    return _add(_reviewed_listeners, function)


def _add(functions: list[Callable], function: Callable) -> Callable:
    if function not in functions:
        functions.append(function)
    return function


def carrier() -> Carrier:
    """Who finds passages again. LookupError when no room has registered one."""
    if not _carriers:
        raise LookupError("No room has registered a carrier of passages.")
    return _carriers[0]


def obstacles(revision) -> Iterable[Obstacle]:
    """Every obstacle any room sees to publishing this revision."""
    for check in _gate_checks:
        yield from check(revision)


def revisions_saved(revisions: Sequence) -> None:
    """Tell the rooms that revisions were saved, each of another page."""
    for listener in _saved_listeners:
        listener(revisions)


def pages_changed(changes: Sequence[PageChange]) -> None:
    """Tell the rooms that readers now see other revisions of these pages, or none."""
    for listener in _changed_listeners:
        listener(changes)


def review_panels(revision) -> list[tuple[str, dict]]:
    """Template and context of every panel that the rooms show beside a revision."""
    return [panel(revision) for panel in _panels]


def cards(user) -> list[Card]:
    """Every card that any room shows this person, in order."""
    found = [card for function in _cards for card in function(user)]
    return sorted(found, key=lambda card: (card.order, card.title))


def subjects(revision) -> set[int]:
    """Primary keys of all pages that the rooms say the revision is about."""
    return {pk for function in _subjects for pk in function(revision)}


def review_days(pages: Sequence) -> dict[int, int]:
    """How soon each page must be read again, in days: the least that a room says of it."""
    least: dict[int, int] = {}
    for function in _review_days:
        for pk, days in function(pages).items():
            least[pk] = min(days, least.get(pk, days))
    return least


def blocked(revision, obstacles) -> None:
    """Tell the rooms that the gate refused a revision."""
    for listener in _blocked_listeners:
        listener(revision, obstacles)


def review_overdue(page) -> None:
    """Tell the rooms that readers are told now that the page's review is overdue."""
    for listener in _overdue_listeners:
        listener(page)


def reviewed(page) -> None:
    """Tell the rooms that a reviewer has read the live text of a page again."""
    for listener in _reviewed_listeners:
        listener(page)


def rounds() -> list[Callable]:
    """What is done again and again, besides publishing what is due."""
    return list(_rounds)
