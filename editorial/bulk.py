"""Doing one thing to many pages: first as a trial that is undone, then for good, item by item.

Both go through the same actions as the buttons, so the trial refuses exactly what the act would.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django import forms
from django.db import transaction

from . import actions
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
            words = "Its text has changed since you looked. Look at it again."
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


# What this room offers


class TagsForm(forms.Form):
    """Tags to add or take away."""

    tags = forms.CharField(label="Tags", max_length=300, help_text="Separate them with commas.")

    def clean_tags(self):
        """A list of names."""
        names = [" ".join(name.split()) for name in self.cleaned_data["tags"].split(",")]
        names = list(dict.fromkeys(filter(None, names)))
        if not names:
            raise forms.ValidationError("Write at least one tag.")
        return names


class ReasonForm(forms.Form):
    """Why; readers see it."""

    reason = forms.CharField(
        label="Why (readers see this)", widget=forms.Textarea(attrs={"rows": 3})
    )


class NoteForm(forms.Form):
    """A word to whoever reviews."""

    note = forms.CharField(
        label="Note for the reviewer (optional)",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _submit(page, revision, by, data) -> str:
    actions.submit(revision, by=by, note=data.get("note", ""))
    return f"Revision {revision.number} goes to review."


def _publish(page, revision, by, data) -> str:
    actions.publish(revision, by=by)
    return f"Readers see revision {revision.number}."


def _withdraw(page, revision, by, data) -> str:
    actions.withdraw(page, by=by, reason=data["reason"])
    return "Readers are told that it is withdrawn, with your reason."


def _tag(page, revision, by, data) -> str:
    before = {tag.lower() for tag in revision.content.get("tags", [])}
    new = [tag for tag in data["tags"] if tag.lower() not in before]
    return _retag(page, revision, by, [*revision.content.get("tags", []), *new])


def _untag(page, revision, by, data) -> str:
    gone = {tag.lower() for tag in data["tags"]}
    kept = [tag for tag in revision.content.get("tags", []) if tag.lower() not in gone]
    return _retag(page, revision, by, kept)


def _retag(page, revision, by, tags) -> str:
    saved = actions.save_draft(
        kind=page.kind,
        content={**revision.content, "tags": tags},
        by=by,
        page=page,
        based_on=(revision.pk, revision.digest),
    )
    if saved.pk == revision.pk and saved.digest == revision.digest:
        return "Nothing changes: its tags are so already."
    if saved.pk == revision.pk:
        return f"Draft {saved.number} takes the tags."
    lapses = revision.state in (Revision.State.IN_REVIEW, Revision.State.APPROVED)
    loses = f" Revision {revision.number} leaves review." if lapses else ""
    return f"Draft {saved.number} begins, with the tags.{loses}"


DRAFTS_ONLY = "A change of tags is a new draft of each page; readers see it once that is published."
for _action in (
    BulkAction("tag", "Add tags to the selected pages…", "page.edit", _tag, TagsForm, DRAFTS_ONLY),
    BulkAction(
        "untag", "Take tags off the selected pages…", "page.edit", _untag, TagsForm, DRAFTS_ONLY
    ),
    BulkAction(
        "submit", "Submit the selected drafts for review…", "page.submit", _submit, NoteForm
    ),
    BulkAction("publish", "Publish the selected approved pages…", "page.publish", _publish),
    BulkAction("withdraw", "Withdraw the selected pages…", "page.withdraw", _withdraw, ReasonForm),
):
    register(_action)
