"""Doing one thing to many pages: first as a trial that is undone, then for good, item by item.

Both go through the same actions as the buttons, so the trial refuses exactly what the act would.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django import forms
from django.db import transaction
from django.utils.translation import gettext

from .errors import Refused
from .models import Page, Revision

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class BulkAction:
    """One thing that can be done to many pages.

    `act(page, revision, by, data)` does it to one, through an action, and answers what happened in
    a few words; `revision` is the page's newest text as it was shown, `data` what `form` asked.
    It is offered to those who have `permission` for some page, and asked again for each.
    """

    name: str
    label: str
    permission: str
    act: Callable[[Page, Revision, object, dict], str]
    form: type[forms.Form] | None = None
    hint: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became, or would become, of one page."""

    page: Page
    is_done: bool
    words: str
    revision: Revision | None = None


@dataclass
class Report:
    """The outcomes of one run."""

    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many were done, or would be."""
        return sum(outcome.is_done for outcome in self.outcomes)

    @property
    def refused(self) -> int:
        """How many were refused, or would be."""
        return len(self.outcomes) - self.done


class _Undo(Exception):
    """Takes a trial back."""


known: dict[str, BulkAction] = {}


def register(action: BulkAction) -> None:
    """Make a bulk action known; one of the same name takes its place."""
    known[action.name] = action


def try_out(action: BulkAction, pages, *, by, data: dict) -> Report:
    """What would happen to each page. Everything is done and taken back again, letters too."""
    return Report(
        [_attempt(action, page, page.latest_revision(), by, data, True) for page in pages]
    )


def run(action: BulkAction, pages, *, by, data: dict, shown: dict[int, int]) -> Report:
    """Do it, each page in a transaction of its own. `shown` is, by page, the primary key of the
    revision that the trial showed; a page whose text has changed since is left alone."""
    outcomes = []
    for page in pages:
        revision = page.latest_revision()
        if revision is None or shown.get(page.pk) != revision.pk:
            words = gettext("Its text has changed since you looked. Look at it again.")
            outcomes.append(Outcome(page, False, words, revision))
        else:
            outcomes.append(_attempt(action, page, revision, by, data, False))
    return Report(outcomes)


def _attempt(action, page, revision, by, data, is_trial) -> Outcome:
    words = ""
    try:
        with transaction.atomic():
            words = action.act(page, revision, by, data)
            if is_trial:
                raise _Undo
    except _Undo:
        pass
    except Refused as refusal:
        return Outcome(page, False, str(refusal), revision)
    return Outcome(page, True, words, revision)
