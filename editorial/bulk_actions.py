"""The bulk actions that this room offers: what each asks, and which action it calls."""

from django import forms

from . import actions, roles
from .bulk import BulkAction, register
from .models import Revision


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


class ReviewerForm(forms.Form):
    """Who is asked, and by when."""

    reviewer = forms.ModelChoiceField(
        label="Reviewer",
        queryset=roles.holders(roles.Role.REVIEWER),
        required=False,
        empty_label="The pool: whoever takes it first",
    )
    due = forms.DateField(
        label="Wanted by (optional)",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class OwnerForm(forms.Form):
    """Whose the pages shall be."""

    owner = forms.ModelChoiceField(
        label="New owner",
        queryset=roles.holders(roles.Role.AUTHOR, roles.Role.EDITOR, roles.Role.ADMINISTRATOR),
    )


class ReviewDateForm(forms.Form):
    """When the pages are to be read again."""

    on = forms.DateField(
        label="To be read again on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label="Why, where that is later than the rules allow",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _assign(page, revision, by, data) -> str:
    actions.assign(revision, by=by, reviewer=data["reviewer"], due=data["due"])
    whom = data["reviewer"] or "the pool"
    return f"Revision {revision.number} waits for {whom}."


def _give(page, revision, by, data) -> str:
    actions.set_owner(page, by=by, owner=data["owner"])
    return f"It belongs to {data['owner']}."


def _set_review_due(page, revision, by, data) -> str:
    actions.set_review_due(page, by=by, on=data["on"], reason=data["reason"])
    return f"It is to be read again on {data['on']:%d.%m.%Y}."


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

OFFERED = (
    BulkAction("tag", "Add tags to the selected pages…", "page.edit", _tag, TagsForm, DRAFTS_ONLY),
    BulkAction(
        "untag", "Take tags off the selected pages…", "page.edit", _untag, TagsForm, DRAFTS_ONLY
    ),
    BulkAction(
        "submit", "Submit the selected drafts for review…", "page.submit", _submit, NoteForm
    ),
    BulkAction(
        "assign", "Ask somebody to review the selected…", "page.assign", _assign, ReviewerForm
    ),
    BulkAction("give", "Give the selected pages to an owner…", "page.assign", _give, OwnerForm),
    BulkAction("publish", "Publish the selected approved pages…", "page.publish", _publish),
    BulkAction(
        "set-review-date",
        "Set when the selected pages are read again…",
        "page.set_review_due",
        _set_review_due,
        ReviewDateForm,
    ),
    BulkAction("withdraw", "Withdraw the selected pages…", "page.withdraw", _withdraw, ReasonForm),
)


def register_all() -> None:
    """Offer them; called once, when the room is ready."""
    for action in OFFERED:
        register(action)
