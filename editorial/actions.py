"""The workflow: one function for each step of a page's way. There is no other way.

Each locks the page, checks the role and the state, writes, records an Event and tells the other
rooms, in one transaction. Refusals are the exceptions of `errors.py`. (SQLite has no row locks;
there every transaction that writes takes the one write lock at its start.)
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from . import audit, comments, forms, gate, registry, restoring, roles
from .errors import InvalidContent, NotAllowed, Stale, WrongState
from .models import Event, Page, Revision

State = Revision.State
AUTOSAVE_EVENT_EVERY = timedelta(minutes=10)  # at most one event of autosaving in this time


def _locked(page_pk) -> Page:
    return Page.objects.select_for_update().get(pk=page_pk)


def _locked_revision(revision, *states) -> tuple[Page, Revision]:
    """The page and revision, locked and read anew; WrongState unless it is in such a state."""
    page = _locked(revision.page_id)
    fresh = Revision.objects.select_for_update().get(pk=revision.pk)
    fresh.page = page
    if states and fresh.state not in states:
        wanted = " or ".join(State(s).label for s in states)
        raise WrongState(
            f"Revision {fresh.number} of “{page}” is {fresh.get_state_display()}, not {wanted}. "
            "Reload the page to see where it stands."
        )
    return page, fresh


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

    Writes on in the author's own open draft, unless somebody commented on it or `new_revision`;
    otherwise begins a new revision, which takes the place of any that was submitted or approved:
    an approval never covers other words. Saving what is there already changes nothing.

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
    kind_ = registry.kinds[kind]
    if page is not None:
        page = _locked(page.pk)
    roles.require(by, "page.edit" if page else "page.add", page)
    form = forms.bound_form(kind_, content, page.specific if page else None)
    if not form.is_valid():
        raise InvalidContent({name: list(map(str, e)) for name, e in form.errors.items()})
    frozen = form.frozen()
    digest = forms.digest(frozen)
    current = page.current_revision() if page else None
    newest = current or (page and page.live_revision)
    if newest and newest.digest == digest:
        if not newest.is_told and not is_autosave:
            _saved_by_hand(newest, page, by)
        return newest, None
    if page and (newer := _newer_than(based_on, page)):
        return _keep_aside(page, newer, frozen, digest, by), newer
    if page is None:
        page = kind_.model(title=frozen["title"], slug=frozen["slug"], created_by=by, kind=kind)
        page.save()
        audit.record("page.created", by=by, page=page)
    elif page.status == Page.Status.DRAFT:
        page.title, page.slug = frozen["title"], frozen["slug"]
        page.save(update_fields=["title", "slug"])
    if _goes_on(current, by) and not new_revision:
        revision = _write_on(current, page, frozen, digest, by, note, is_autosave)
    else:
        revision = _begin(page, current, frozen, digest, by, note, is_autosave)
    comments.carry_along(revision)
    if not is_autosave:
        tell_rooms(revision)
    return revision, None


def _goes_on(current, by) -> bool:
    """Whether this person's next words are written into the current revision."""
    own_draft = current and current.state == State.DRAFT and current.author_id == by.pk
    return bool(own_draft) and not current.comments.exists()


def _saved_by_hand(revision, page, by) -> None:
    """What was autosaved already is now meant to stand as it is."""
    audit.record("revision.saved", by=by, page=page, subject=revision, digest=revision.digest)
    tell_rooms(revision)


def tell_rooms(revision) -> None:
    """Have the other rooms read this text: claims, citations, flags follow from it."""
    registry.revision_saved(revision)
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
        digest,
        by,
        state=State.SUPERSEDED,
        note=f"Kept aside: revision {newer.number} was saved meanwhile.",
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
        page, revision = _locked_revision(revision)
        roles.require(by, "page.edit", page)
        if newer := _newer_than(based_on, page):
            raise Stale(kept=revision, newest=newer)
        newest = page.current_revision() or page.live_revision
        content, left_out = restoring.fit_for_today(revision.content, page)
        note = " ".join([f"Restored from revision {revision.number}.", *left_out])
        restored, _ = _save(page.kind, content, by, page, note, True, None)
        if newest and restored.pk == newest.pk:
            raise WrongState(
                f"Revision {revision.number} says what revision {newest.number} says; "
                "there is nothing to restore."
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
    elif not audit.was_active(by, page, within=AUTOSAVE_EVENT_EVERY):
        audit.record("revision.autosaved", by=by, page=page, subject=draft, digest=digest)
    return draft


def _begin(page, current, frozen, digest, by, note, is_autosave) -> Revision:
    """A new revision, which takes the place of the current one."""
    if current:
        current.state, current.scheduled_at = State.SUPERSEDED, None
        current.save(update_fields=["state", "scheduled_at"])
    revision = _new_revision(page, frozen, digest, by, note=note, is_told=not is_autosave)
    audit.record("revision.started", by=by, page=page, subject=revision, digest=digest)
    return revision


def _new_revision(page, frozen, digest, by, **fields) -> Revision:
    last = page.revisions.order_by("-number").values_list("number", flat=True).first() or 0
    return Revision.objects.create(
        page=page,
        number=last + 1,
        content=frozen,
        digest=digest,
        author=by,
        author_name=by.display_name,
        **fields,
    )


@transaction.atomic
def submit(revision, *, by, note: str = "") -> Revision:
    """Ask for review of a draft. From here on its content cannot be changed."""
    page, revision = _locked_revision(revision, State.DRAFT)
    roles.require(by, "page.submit", page)
    revision.state, revision.submitted_at = State.IN_REVIEW, timezone.now()
    revision.note = note or revision.note
    revision.save(update_fields=["state", "submitted_at", "note"])
    audit.record(
        "revision.submitted", by=by, page=page, subject=revision, digest=revision.digest, note=note
    )
    tell_rooms(revision)  # what the site knows may have grown since it was saved
    return revision


@transaction.atomic
def request_changes(revision, *, by, reason: str) -> Revision:
    """Send a submitted or approved revision back to its author, saying why."""
    page, revision = _locked_revision(revision, State.IN_REVIEW, State.APPROVED)
    roles.require(by, "page.request_changes", page)
    reason = _reason(reason, "Say what should change, so that the author can act on it.")
    revision.state, revision.scheduled_at = State.CHANGES_REQUESTED, None
    revision.save(update_fields=["state", "scheduled_at"])
    audit.record("revision.changes_requested", by=by, page=page, subject=revision, reason=reason)
    return revision


@transaction.atomic
def approve(revision, *, by, note: str = "") -> Revision:
    """Approve exactly this text. Nobody approves a text that holds words of their own."""
    page, revision = _locked_revision(revision, State.IN_REVIEW)
    roles.require(by, "page.approve", page)
    if by.pk in _contributors(page, revision):
        raise NotAllowed("You wrote part of this text. Somebody else must approve it.")
    revision.state, revision.approved_at = State.APPROVED, timezone.now()
    revision.approved_by, revision.approved_by_name = by, by.display_name
    revision.save(update_fields=["state", "approved_at", "approved_by", "approved_by_name"])
    audit.record(
        "revision.approved", by=by, page=page, subject=revision, digest=revision.digest, note=note
    )
    return revision


def _contributors(page, revision) -> set[int]:
    """Who wrote any revision since the one that readers see, up to this one, and what was
    restored on the way."""
    since = page.live_revision.number if page.live_revision_id else 0
    authors = _authors(page, since, revision.number)
    restored = Event.objects.filter(page_id=page.pk, verb="revision.restored")
    for data in restored.values_list("data", flat=True):
        if since < data["number"] <= revision.number:
            approved = page.revisions.filter(number__lt=data["source"], approved_at__isnull=False)
            before = approved.values_list("number", flat=True).first() or 0
            authors |= _authors(page, before, data["source"])
    return authors


def _authors(page, after: int, upto: int) -> set[int]:
    rows = page.revisions.filter(number__gt=after, number__lte=upto)
    return set(rows.values_list("author_id", flat=True)) - {None}


@transaction.atomic
def publish(revision, *, by) -> Page:
    """Show exactly this approved revision to readers. Raises Blocked with every obstacle.

    `by` may be None only for a publication that a person scheduled.
    """
    page, revision = _locked_revision(revision)
    if by is not None or revision.scheduled_at is None:
        roles.require(by, "page.publish", page)
    gate.require_open(revision)
    return _make_live(page, revision, by=by, verb="page.published")


@transaction.atomic
def publish_override(revision, *, by, reason: str, first_published_at=None) -> Page:
    """Publish without review here: an administrator's act for a library published elsewhere.

    Recorded as an Event; readers see “not yet reviewed here”; its flags stay open.
    `first_published_at` is when it first appeared, elsewhere; a moment in the future is ignored.
    """
    page, revision = _locked_revision(revision, State.DRAFT)
    roles.require(by, "page.override", page)
    revision.override_reason = _reason(reason, "Say why this goes out without review here.")
    revision.save(update_fields=["override_reason"])
    if not revision.is_told:
        tell_rooms(revision)
    if first_published_at and first_published_at < timezone.now():
        page.first_published_at = page.first_published_at or first_published_at
    return _make_live(page, revision, by=by, verb="page.published_by_override", reason=reason)


@transaction.atomic
def schedule(revision, *, by, at) -> Revision:
    """Publish this approved revision at a future moment, if the gate is open then."""
    page, revision = _locked_revision(revision, State.APPROVED)
    roles.require(by, "page.schedule", page)
    if at <= timezone.now():
        raise WrongState("That moment has passed. Choose one in the future, or publish now.")
    revision.scheduled_at = at
    revision.save(update_fields=["scheduled_at"])
    audit.record(
        "revision.scheduled", by=by, page=page, subject=revision, scheduled_at=at.isoformat()
    )
    return revision


@transaction.atomic
def withdraw(page, *, by, reason: str) -> Page:
    """Take a page away from readers, who are told so and why."""
    page = _locked(page.pk)
    roles.require(by, "page.withdraw", page)
    if page.status != Page.Status.PUBLISHED:
        raise WrongState(f"“{page}” is {page.get_status_display()}, so it cannot be withdrawn.")
    reason = _reason(reason, "Say why the page is withdrawn; readers see this.")
    before = page.live_revision
    before.state = State.SUPERSEDED
    before.save(update_fields=["state"])
    page.status, page.live_revision = Page.Status.WITHDRAWN, None
    page.withdrawn_at, page.withdrawn_reason = timezone.now(), reason
    page.save(update_fields=["status", "live_revision", "withdrawn_at", "withdrawn_reason"])
    audit.record("page.withdrawn", by=by, page=page, reason=reason)
    registry.page_changed(page, before, None)
    return page


def _make_live(page, revision, *, by, verb, **data) -> Page:
    """Write the revision through its form into the page's row; the one place that does."""
    kind = registry.kinds[page.kind]
    before = page.live_revision
    specific = page.specific
    form = forms.bound_form(kind, revision.content, specific)
    if not form.is_valid():
        raise InvalidContent({name: list(map(str, e)) for name, e in form.errors.items()})
    now = timezone.now()
    if before:
        before.state = State.SUPERSEDED
        before.save(update_fields=["state"])
    revision.state, revision.scheduled_at = State.PUBLISHED, None
    revision.save(update_fields=["state", "scheduled_at"])
    specific.status, specific.live_revision = Page.Status.PUBLISHED, revision
    specific.published_at = now
    specific.first_published_at = page.first_published_at or now
    specific.withdrawn_at, specific.withdrawn_reason = None, ""
    specific.reviewed_at = revision.approved_at
    specific.reviewed_by_name = revision.approved_by_name
    specific.reviewed_by_title = revision.approved_by.title if revision.approved_by else ""
    form.save()
    audit.record(
        verb,
        by=by,
        page=specific,
        subject=revision,
        digest=revision.digest,
        before=before.number if before else None,
        **data,
    )
    registry.page_changed(specific, before, revision)
    return specific


def _reason(reason: str, wanted: str) -> str:
    reason = (reason or "").strip()
    if not reason:
        raise WrongState(wanted)
    return reason
