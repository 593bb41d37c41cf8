"""The bulk actions that this room offers: what each asks, and which action it calls."""

from django import forms
from django.utils.translation import gettext, gettext_lazy

from . import actions, roles
from .bulk import BulkAction, register
from .models import Revision


class TagsForm(forms.Form):
    """Tags to add or take away."""

    tags = forms.CharField(
        label=gettext_lazy("Tags"),
        max_length=300,
        help_text=gettext_lazy("Separate them with commas."),
    )

    def clean_tags(self):
        """A list of names."""
        names = [" ".join(name.split()) for name in self.cleaned_data["tags"].split(",")]
        names = list(dict.fromkeys(filter(None, names)))
        if not names:
            raise forms.ValidationError(gettext("Write at least one tag."))
        return names


class ReasonForm(forms.Form):
    """Why; readers see it."""

    reason = forms.CharField(
        label=gettext_lazy("Why (readers see this)"), widget=forms.Textarea(attrs={"rows": 3})
    )


class NoteForm(forms.Form):
    """A word to whoever reviews."""

    note = forms.CharField(
        label=gettext_lazy("Note for the reviewer (optional)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReviewerForm(forms.Form):
    """Who is asked, and by when."""

    reviewer = forms.ModelChoiceField(
        label=gettext_lazy("Reviewer"),
        queryset=roles.holders(roles.Role.REVIEWER),
        required=False,
        empty_label=gettext_lazy("The pool: whoever takes it first"),
    )
    due = forms.DateField(
        label=gettext_lazy("Wanted by (optional)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class OwnerForm(forms.Form):
    """Whose the pages shall be."""

    owner = forms.ModelChoiceField(
        label=gettext_lazy("New owner"),
        queryset=roles.holders(roles.Role.AUTHOR, roles.Role.EDITOR, roles.Role.ADMINISTRATOR),
    )


class ReviewDateForm(forms.Form):
    """When the pages are to be read again."""

    on = forms.DateField(
        label=gettext_lazy("To be read again on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why, where that is later than the rules allow"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def _assign(page, revision, by, data) -> str:
    actions.assign(revision, by=by, reviewer=data["reviewer"], due=data["due"])
    whom = data["reviewer"] or "the pool"
    return gettext("Revision %(number)s waits for %(whom)s.") % {
        "number": revision.number,
        "whom": whom,
    }


def _give(page, revision, by, data) -> str:
    actions.set_owner(page, by=by, owner=data["owner"])
    return gettext("It belongs to %(owner)s.") % {"owner": data["owner"]}


def _set_review_due(page, revision, by, data) -> str:
    actions.set_review_due(page, by=by, on=data["on"], reason=data["reason"])
    return gettext("It is to be read again on %(on)s.") % {"on": f"{data['on']:%d.%m.%Y}"}


def _submit(page, revision, by, data) -> str:
    actions.submit(revision, by=by, note=data.get("note", ""))
    return gettext("Revision %(number)s goes to review.") % {"number": revision.number}


def _publish(page, revision, by, data) -> str:
    actions.publish(revision, by=by)
    return gettext("Readers see revision %(number)s.") % {"number": revision.number}


def _withdraw(page, revision, by, data) -> str:
    actions.withdraw(page, by=by, reason=data["reason"])
    return gettext("Readers are told that it is withdrawn, with your reason.")


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
        return gettext("Nothing changes: its tags are so already.")
    if saved.pk == revision.pk:
        return gettext("Draft %(number)s takes the tags.") % {"number": saved.number}
    lapses = revision.state in (Revision.State.IN_REVIEW, Revision.State.APPROVED)
    loses = f" Revision {revision.number} leaves review." if lapses else ""
    return gettext("Draft %(number)s begins, with the tags.%(loses)s") % {
        "number": saved.number,
        "loses": loses,
    }


DRAFTS_ONLY = gettext_lazy(
    "A change of tags is a new draft of each page; readers see it once that is published."
)

OFFERED = (
    BulkAction(
        "tag",
        gettext_lazy("Add tags to the selected pages…"),
        "page.edit",
        _tag,
        TagsForm,
        DRAFTS_ONLY,
    ),
    BulkAction(
        "untag",
        gettext_lazy("Take tags off the selected pages…"),
        "page.edit",
        _untag,
        TagsForm,
        DRAFTS_ONLY,
    ),
    BulkAction(
        "submit",
        gettext_lazy("Submit the selected drafts for review…"),
        "page.submit",
        _submit,
        NoteForm,
    ),
    BulkAction(
        "assign",
        gettext_lazy("Ask somebody to review the selected…"),
        "page.assign",
        _assign,
        ReviewerForm,
    ),
    BulkAction(
        "give",
        gettext_lazy("Give the selected pages to an owner…"),
        "page.assign",
        _give,
        OwnerForm,
    ),
    BulkAction(
        "publish", gettext_lazy("Publish the selected approved pages…"), "page.publish", _publish
    ),
    BulkAction(
        "set-review-date",
        gettext_lazy("Set when the selected pages are read again…"),
        "page.set_review_due",
        _set_review_due,
        ReviewDateForm,
    ),
    BulkAction(
        "withdraw",
        gettext_lazy("Withdraw the selected pages…"),
        "page.withdraw",
        _withdraw,
        ReasonForm,
    ),
)


def register_all() -> None:
    """Offer them; called once, when the room is ready."""
    for action in OFFERED:
        register(action)
