"""Writing: drafts saved, late texts kept aside, old ones restored."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from .. import audit, comments, forms, letters, many, registry, restoring, roles
from ..errors import Stale, WrongState
from ..models import Appointment, Event, Page, Revision
from ..rows import create
from . import appointments
from .locking import locked, locked_revision

State = Revision.State
AUTOSAVE_EVENT_EVERY = timedelta(minutes=10)  # at most one event of autosaving in this time


def save_draft(
    *,
    kind: str,
    content: dict,
    by,
    page=None,
    note: str = "",
    new_revision: bool = False,
    based_on: tuple[int, str] | None = None,
    is_autosave: bool = False,
) -> Revision:
    """Keep content as the page's working revision; a new page is made when none is given.

    Writes on in the author's own open draft, unless somebody commented on it, it was shown to
    somebody outside, or `new_revision`; otherwise begins a new revision, which takes the place of
    any that was submitted or approved: an approval never covers other words. Saving what is there
    already changes nothing.

    `is_autosave`: the text may stop in the middle of a word, so that the other rooms are not
    told of it yet (see `tell_rooms`), and the audit log not each time.

    `based_on` is the primary key and digest of the revision that the writer began from. When the
    page's newest text is another one by now, nothing is overwritten: the content is kept as a
    revision of its own, superseded from the start, and Stale is raised after that is committed.
    A caller inside a transaction of its own must let it commit. Raises InvalidContent,
    NotAllowed, Stale.
    """
    with transaction.atomic():
        revision, newer = _save(
            kind, content, by, page, note, new_revision, based_on, is_autosave=is_autosave
        )
    if newer:
        raise Stale(kept=revision, newest=newer)
    return revision


def _save(kind, content, by, page, note, new_revision, based_on, *, is_autosave=False):
    """The revision that holds the content, and the newer one if it had to be kept aside."""
    if page is None:
        new = NewPage(content, note)
        return begin_pages([new], kind=kind, by=by, is_autosave=is_autosave)[0], None
    page = locked(page.pk)
    roles.require(by, "page.edit", page)
    (cleaned,) = forms.clean_many(registry.kinds[kind], [content], [page.specific])
    frozen = cleaned.frozen()
    digest = forms.digest(frozen)
    current = page.current_revision()
    newest = current or page.live_revision
    if newest and newest.digest == digest:
        if not newest.is_told and not is_autosave:
            _saved_by_hand(newest, page, by)
        return newest, None
    if newer := _newer_than(based_on, page):
        return _keep_aside(page, newer, frozen, digest, by), newer
    if page.status == Page.Status.DRAFT:
        page.title, page.slug = frozen["title"], frozen["slug"]
        page.save(update_fields=["title", "slug"])
    if _goes_on(current, by) and not new_revision:
        revision = _write_on(current, page, frozen, digest, by, note, is_autosave)
    else:
        revision = _begin(page, current, frozen, digest, by, note, is_autosave)
    comments.carry_along(revision)
    if not is_autosave:
        tell_rooms([revision])
    return revision, None


class NewPage(NamedTuple):
    """The content of a page that is to be made, and the note of its first revision."""

    content: dict
    note: str = ""


@transaction.atomic
def begin_pages(new: Sequence[NewPage], *, kind: str, by, is_autosave=False) -> list[Revision]:
    """Make new pages of one kind, each with its first draft, in a few statements however many.

    All or none. Raises InvalidContent for the first that is not valid, NotAllowed, and
    IntegrityError where two of them want one address.
    """
    roles.require(by, "page.add")
    kind_ = registry.kinds[kind]
    cleaned = forms.clean_many(kind_, [row.content for row in new], [None] * len(new))
    contents = [row.frozen() for row in cleaned]
    pages = [
        kind_.model(title=content["title"], slug=content["slug"], created_by=by, kind=kind)
        for content in contents
    ]
    many.insert_pages(pages)
    revisions = create(
        _unsaved_revision(page, 1, content, by, note=row.note, is_told=not is_autosave)
        for page, content, row in zip(pages, contents, new, strict=True)
    )
    events = []
    for revision in revisions:
        page, data = revision.page, {"digest": revision.digest}
        events.append(audit.Entry("page.created", page))
        events.append(audit.Entry("revision.started", page, revision, data))
    audit.record_all(events, by=by)
    if not is_autosave:
        tell_rooms(revisions)
    return revisions


def _goes_on(current, by) -> bool:
    """Whether this person's next words are written into the current revision."""
    if current is None or current.state != State.DRAFT or current.author_id != by.pk:
        return False
    # Somebody else relies on these very words.
    return not (current.comments.exists() or current.preview_links.exists())


def _saved_by_hand(revision, page, by) -> None:
    """What was autosaved already is now meant to stand as it is."""
    audit.record("revision.saved", by=by, page=page, subject=revision, digest=revision.digest)
    tell_rooms([revision])


def tell_rooms(revisions: Sequence[Revision]) -> None:
    """Have the other rooms read these texts: claims, citations and flags follow from them."""
    registry.revisions_saved(revisions)
    for revision in revisions:
        if not revision.is_told:
            revision.is_told = True
            revision.save(update_fields=["is_told"])


def _newer_than(based_on, page) -> Revision | None:
    """The page's newest revision, if it is not the text that the writer began from."""
    latest = page.latest_revision()
    if based_on is None or latest is None or (latest.pk, latest.digest) == tuple(based_on):
        return None
    return latest


def _keep_aside(page, newer, frozen, digest, by) -> Revision:
    """A text that came too late, kept to compare and restore. The same one is kept once.

    No other room is told of it: claims and citations stay with the text that stands.
    """
    kept = page.revisions.filter(state=State.SUPERSEDED, author=by, digest=digest).first()
    if kept:
        return kept
    kept = _new_revision(
        page,
        frozen,
        by,
        state=State.SUPERSEDED,
        note=gettext("Kept aside: revision %(number)s was saved meanwhile.")
        % {"number": newer.number},
    )
    audit.record(
        "revision.kept_aside", by=by, page=page, subject=kept, digest=digest, newest=newer.number
    )
    return kept


def restore(revision, *, by, based_on: tuple[int, str] | None = None) -> Revision:
    """Begin a new draft with the content of an older revision of the same page.

    What it points to that no longer exists is left out, and an address that another page has
    taken since stays as it is now; the new draft's note says so. `based_on` as in `save_draft`;
    the old revision is there already, so nothing is kept aside. Raises InvalidContent,
    NotAllowed, Stale, and WrongState if the newest text says the same.
    """
    with transaction.atomic():
        page, revision = locked_revision(revision)
        roles.require(by, "page.edit", page)
        if newer := _newer_than(based_on, page):
            raise Stale(kept=revision, newest=newer)
        newest = page.current_revision() or page.live_revision
        content, left_out = restoring.fit_for_today(revision.content, page)
        note = " ".join(
            [gettext("Restored from revision %(number)s.") % {"number": revision.number}, *left_out]
        )
        restored, _ = _save(page.kind, content, by, page, note, True, None)
        if newest and restored.pk == newest.pk:
            raise WrongState(
                gettext(
                    "Revision %(number)s says what revision %(number_2)s says; there is "
                    "nothing to restore."
                )
                % {"number": revision.number, "number_2": newest.number}
            )
        audit.record(
            "revision.restored",
            by=by,
            page=page,
            subject=restored,
            number=restored.number,
            source=revision.number,
            note=note,
        )
    return restored


def _write_on(draft, page, frozen, digest, by, note, is_autosave) -> Revision:
    """The author's own open draft with this content."""
    draft.content, draft.digest, draft.note = frozen, digest, note or draft.note
    draft.is_told = not is_autosave
    draft.save(update_fields=["content", "digest", "note", "saved_at", "is_told"])
    if not is_autosave:
        audit.record("revision.saved", by=by, page=page, subject=draft, digest=digest)
    elif not _has_event_of_writing(by, page):
        audit.record("revision.autosaved", by=by, page=page, subject=draft, digest=digest)
    return draft


def _has_event_of_writing(by, page) -> bool:
    """Whether the log tells already that this person is writing on this page just now."""
    verbs = ["revision.started", "revision.saved", "revision.autosaved"]
    events = Event.objects.filter(page_id=page.pk, actor_id=by.pk, verb__in=verbs)
    return events.filter(at__gt=timezone.now() - AUTOSAVE_EVENT_EVERY).exists()


def _begin(page, current, frozen, digest, by, note, is_autosave) -> Revision:
    """A new revision, which takes the place of the current one."""
    if current:
        _supersede(page, current, by)
    revision = _new_revision(page, frozen, by, note=note, is_told=not is_autosave)
    audit.record("revision.started", by=by, page=page, subject=revision, digest=digest)
    return revision


def _supersede(page, current, by) -> None:
    """The text at work gives way to a newer one; what was scheduled for it lapses, and is told."""
    outcome = gettext(
        "%(display_name)s saved a newer text meanwhile; it must be approved first."
    ) % {"display_name": by.display_name}
    lapsed = appointments.close(current, Appointment.State.CANCELLED, outcome)
    appointments.settle_refused(current, outcome)
    current.state = State.SUPERSEDED
    current.save(update_fields=["state"])
    if lapsed:
        letters.appointment_closed(lapsed, page, is_refused=False, by=by)


def _new_revision(page, frozen, by, **fields) -> Revision:
    last = page.revisions.order_by("-number").values_list("number", flat=True).first() or 0
    revision = _unsaved_revision(page, last + 1, frozen, by, **fields)
    revision.save(force_insert=True)
    return revision


def _unsaved_revision(page, number, frozen, by, **fields) -> Revision:
    return Revision(
        page=page,
        number=number,
        content=frozen,
        digest=forms.digest(frozen),
        author=by,
        author_name=by.display_name,
        **fields,
    )
