"""Text kept while it is typed. Whatever was acknowledged is there when the form is opened again.

A form that validates is saved as the person's working revision, by `actions.save_draft`. One that
does not validate yet, or came too late, is kept as it was typed, for that person alone.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from . import actions, presence
from .errors import Refused, Stale
from .models import FormTab, Page, Revision, UnsavedText, User

QUIET_FOR = timedelta(minutes=2)  # after which the other rooms read what was autosaved
RELIED_ON = (Revision.State.IN_REVIEW, Revision.State.APPROVED)
NO_CONTENT = {"csrfmiddlewaretoken", "tab", "tab_number", "unsaved", "_save", "_submit"}
Basis = tuple[int, str]


@dataclass(frozen=True)
class Tab:
    """What a form says of itself: its tab's token, the number of this save in that tab (they
    count up), the text it was opened from, and the unsaved text that was restored into it."""

    token: str
    number: int
    based_on: Basis
    restored: int = 0


@dataclass(frozen=True)
class Outcome:
    """What became of an autosave.

    `saved` as the working revision; `kept` as typed, since it does not validate, was refused or
    would end a review (`message` says why); `stale`: kept aside, since a newer text stands;
    `late`: a later save of the same tab was here first, so that this one is passed over.
    """

    state: str
    revision: Revision | None = None
    message: str = ""


@transaction.atomic
def autosave(
    *, kind: str, content: dict | None, why_not: str, fields: list, by: User, page, tab: Tab
) -> Outcome:
    """Keep what a form holds now. `content` is None when it does not validate, `why_not` says so.

    `fields` are the names and values as they were typed. Raises nothing that the person could
    have caused: a refusal is an Outcome, and the text is kept all the same.
    """
    row = presence.tab_of(by, tab.token, kind, page)
    if tab.number <= row.last_number:
        return Outcome("late", row.saved_revision)
    row.last_number, row.seen_at, row.heard_at = tab.number, timezone.now(), timezone.now()
    if row.kept_aside_id:
        outcome = Outcome("stale", row.kept_aside, _too_late(row.kept_aside))
    elif content is None:
        outcome = Outcome("kept", message=why_not)
    else:
        outcome = _save(row, kind, content, by, page, tab)
    row.save()
    if outcome.state == "saved":
        drop_unsaved(by, tab)
    elif outcome.state == "kept" or row.kept_aside_id and outcome.revision.content != content:
        _keep_unsaved(row, fields, by, tab)
    return outcome


def _save(row: FormTab, kind, content, by, page, tab) -> Outcome:
    if relied_on := _relied_on(page):
        return Outcome(
            "kept",
            message=gettext(
                "Revision %(number)s is %(state)s, and a new draft would take its place. "
                "Press “Save draft” if you want to begin one."
            )
            % {"number": relied_on.number, "state": relied_on.get_state_display()},
        )
    try:
        revision = actions.save_draft(
            kind=kind,
            content=content,
            by=by,
            page=page,
            based_on=_newest_basis(row, tab) if page else None,
            is_autosave=True,
        )
    except Stale as stale:
        row.kept_aside = stale.kept
        return Outcome("stale", stale.kept, str(stale))
    except Refused as refusal:
        return Outcome("kept", message=str(refusal))
    row.page_id = revision.page_id
    row.saved_revision, row.saved_digest = revision, revision.digest
    return Outcome("saved", revision)


def _relied_on(page) -> Revision | None:
    """The revision whose review, approval or schedule a new draft would end: that is for the
    person to say, and not for a key pressed by mistake."""
    if page is None:
        return None
    Page.objects.select_for_update().get(pk=page.pk)
    current = page.current_revision()
    return current if current and current.state in RELIED_ON else None


def _too_late(kept: Revision) -> str:
    return gettext(
        "Somebody saved while you were writing. Your text is kept as revision "
        "%(number)s; what you have typed since is kept beside it, for you alone."
    ) % {"number": kept.number}


def _newest_basis(row: FormTab | None, tab: Tab) -> Basis:
    """What the form is based on: what its tab saved last, should the answer have been lost."""
    if row and row.saved_revision_id:
        return row.saved_revision_id, row.saved_digest
    return tab.based_on


# Saving by the button


def basis_of(by: User, tab: Tab, *, lock: bool = False) -> Basis:
    """What a form sent by its button is based on. `lock` keeps an autosave that is still on its
    way from coming in between, until the transaction ends."""
    rows = FormTab.objects.filter(person=by, token=tab.token)
    rows = rows.select_for_update() if lock else rows
    return _newest_basis(rows.first() if tab.token else None, tab)


def saved_by_hand(revision: Revision, by: User, tab: Tab) -> None:
    """The form was saved by its button, and this tab of it is done with."""
    if tab.token:
        row = presence.tab_of(by, tab.token, revision.page.kind, revision.page)
        row.last_number = max(row.last_number, tab.number)
        row.seen_at, row.page_id = None, revision.page_id
        row.saved_revision, row.saved_digest = revision, revision.digest
        row.save()
    drop_unsaved(by, tab)


def kept_by_hand(by: User, tab: Tab) -> None:
    """The form was sent by its button too late, and kept aside as a revision of its own."""
    presence.leave(by=by, token=tab.token)
    drop_unsaved(by, tab)


def page_made_by(by: User, token: str) -> Page | None:
    """The page that this tab of an add form has made by autosaving; None if there is none."""
    rows = FormTab.objects.filter(person=by, token=token, page__isnull=False)
    row = rows.select_related("page").first() if token else None
    return row.page if row else None


# Text that is not saved


def _keep_unsaved(row: FormTab, fields: list, by: User, tab: Tab) -> None:
    """The text as typed, once a tab; restored text goes on in the row that it came from."""
    own = UnsavedText.objects.filter(person=by)
    text = own.filter(Q(token=tab.token) | Q(pk=tab.restored)).first()
    if text is None:
        text = UnsavedText(person=by, token=tab.token, kind=row.kind)
    text.page_id, text.fields = row.page_id, fields
    text.save()


def keep_refused(*, kind: str, page_pk: int | None, fields: list, by: User, tab: Tab) -> None:
    """What was sent by the button and refused, once a tab; without script each is a tab."""
    text, _ = UnsavedText.objects.get_or_create(
        person=by,
        token=tab.token or secrets.token_hex(12),
        defaults={"kind": kind, "page_id": page_pk, "fields": fields},
    )
    text.fields = fields
    text.save(update_fields=["fields", "kept_at"])


def drop_unsaved(by: User, tab: Tab) -> None:
    """What was typed is saved now."""
    mine = Q(pk=tab.restored)
    if tab.token:
        mine |= Q(token=tab.token)
    UnsavedText.objects.filter(mine, person=by).delete()


def unsaved_texts(by: User, kind: str, page: Page | None):
    """This person's texts for this page, or for a new page of this kind, newest first."""
    return UnsavedText.objects.filter(person=by, kind=kind, page=page)


def discard(pk: int, *, by: User) -> bool:
    """Throw an unsaved text of this person's away; whether there was one."""
    return bool(UnsavedText.objects.filter(pk=pk, person=by).delete()[0])


def typed_in(post: QueryDict) -> list[list[str]]:
    """Names and values of a sent form that are a person's text."""
    return [[name, v] for name in post if name not in NO_CONTENT for v in post.getlist(name)]


def initial_of(form_class, text: UnsavedText) -> dict:
    """What opens a form with an unsaved text."""
    data = _as_data(text)
    return {
        name: field.widget.value_from_datadict(data, {}, name)
        for name, field in form_class.base_fields.items()
        if not field.widget.value_omitted_from_data(data, {}, name)
    }


def basis_text(text: UnsavedText) -> str:
    """What the form said it was opened from when the text was typed."""
    return _as_data(text).get("based_on", "")


def _as_data(text: UnsavedText) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in text.fields:
        data.appendlist(name, value)
    return data


# The round


def tell_of_quiet_drafts(now) -> None:
    """Have the other rooms read drafts that were autosaved and then left; part of every round."""
    quiet = Revision.objects.filter(
        is_told=False, state=Revision.State.DRAFT, saved_at__lt=now - QUIET_FOR
    )
    for pk in list(quiet.values_list("pk", flat=True)):
        _tell_if_still_quiet(quiet, pk)


@transaction.atomic
def _tell_if_still_quiet(quiet, pk: int) -> None:
    page_pk = Revision.objects.values_list("page_id", flat=True).get(pk=pk)
    page = Page.objects.select_for_update().get(pk=page_pk)
    revision = quiet.filter(pk=pk).first()
    if revision:
        revision.page = page
        actions.tell_rooms([revision])
