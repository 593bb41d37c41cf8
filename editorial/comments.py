"""Comments on a span of a revision's text: made, answered, resolved, and carried along.

Staff comment under their role; an outside expert, who holds a signed link, by a name. Open
comments marked “must be resolved” stop publication (see gate.py).
"""

from collections import defaultdict
from itertools import chain

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from . import audit, mail, registry, roles
from .errors import NotAllowed, WrongState
from .models import Comment, CommentPlace, Page, Revision, User
from .quoting import Quote, find_quote, quote_at
from .registry import Obstacle
from .text import Document

LONGEST = 5000  # characters of a comment
_CHANGED = gettext_lazy("The text was saved again after you opened it.")


@transaction.atomic
def add(
    revision,
    *,
    text: str,
    quote: str = "",
    prefix: str = "",
    suffix: str = "",
    span: tuple[int, int] | None = None,
    digest: str = "",
    by=None,
    outside_name: str = "",
    must_resolve: bool = False,
) -> Comment:
    """Comment on words of this revision, or on the whole text when neither span nor quote is given.

    `span` are offsets in `Document.of(revision.content).text`, and `digest` the revision's when
    it was shown; `quote` are words as somebody selected them, told from others alike by what
    stood around them. `by` is a member of staff;
    without one, `outside_name` says who speaks, and nothing of theirs stops publication. From
    here on the revision's content cannot be changed: the next save begins another.
    Raises NotAllowed, and WrongState when the words do not stand in the revision.
    """
    page = _locked(revision.page_id)
    revision = Revision.objects.select_for_update().get(pk=revision.pk)
    name = _speaker(page, by, outside_name)
    if span and digest and digest != revision.digest:
        raise WrongState(
            gettext("%(CHANGED)s Choose the sentence again; your comment is still there.")
            % {"CHANGED": _CHANGED}
        )
    place = _place(revision, span, quote, prefix, suffix)
    comment = Comment.objects.create(
        page=page,
        revision=revision,
        text=_words(text),
        quote=place.exact if place else "",
        prefix=place.prefix if place else "",
        suffix=place.suffix if place else "",
        start=place.start if place else None,
        author=by,
        author_name=name,
        is_outside=by is None,
        must_resolve=must_resolve and by is not None,
    )
    newest = page.latest_revision()
    if newest.pk != revision.pk:
        _carry([comment], newest)
    _record("comment.added", comment, by, must_resolve=comment.must_resolve)
    _tell(
        comment,
        [revision.author, newest.author],
        by,
        gettext("%(name)s commented on “%(page)s”") % {"name": name, "page": page},
        text,
    )
    return comment


@transaction.atomic
def reply(comment, *, text: str, by=None, outside_name: str = "") -> Comment:
    """Answer in a comment's thread; an answer to an answer joins the same thread."""
    page = _locked(comment.page_id)
    thread = Comment.objects.get(pk=comment.parent_id or comment.pk)
    name = _speaker(page, by, outside_name)
    answer = Comment.objects.create(
        page=page,
        revision_id=thread.revision_id,
        parent=thread,
        text=_words(text),
        author=by,
        author_name=name,
        is_outside=by is None,
    )
    _record("comment.replied", thread, by, name=name)
    _tell(
        thread,
        _concerned(thread),
        by,
        gettext("%(name)s answered a comment on “%(page)s”") % {"name": name, "page": page},
        text,
    )
    return answer


@transaction.atomic
def resolve(comment, *, by) -> Comment:
    """Say that a comment is dealt with.

    The page's own author may do so, unless it must be resolved: then only who made it, or
    somebody who may settle comments. Raises NotAllowed, and WrongState if it is resolved.
    """
    page, thread = _locked_thread(comment)
    _require_resolver(by, page, thread)
    if not thread.is_open:
        raise WrongState(
            gettext("%(resolved_by_name)s has resolved that comment already.")
            % {"resolved_by_name": thread.resolved_by_name}
        )
    thread.resolved_at = timezone.now()
    thread.resolved_by, thread.resolved_by_name = by, by.display_name
    thread.save(update_fields=["resolved_at", "resolved_by", "resolved_by_name"])
    _record("comment.resolved", thread, by)
    subject = gettext("%(display_name)s resolved a comment on “%(page)s”") % {
        "display_name": by.display_name,
        "page": page,
    }
    _tell(thread, _concerned(thread), by, subject, thread.text)
    return thread


@transaction.atomic
def reopen(comment, *, by) -> Comment:
    """Open a resolved comment again, at its place in the newest text."""
    page, thread = _locked_thread(comment)
    _require_resolver(by, page, thread)
    if thread.is_open:
        raise WrongState(gettext("That comment is open already."))
    thread.resolved_at = thread.resolved_by = None
    thread.resolved_by_name = ""
    thread.save(update_fields=["resolved_at", "resolved_by", "resolved_by_name"])
    newest = page.latest_revision()
    if newest.pk != thread.revision_id:
        _carry([thread], newest)
    _record("comment.reopened", thread, by)
    subject = gettext("%(display_name)s opened a comment on “%(page)s” again") % {
        "display_name": by.display_name,
        "page": page,
    }
    _tell(thread, _concerned(thread), by, subject, thread.text)
    return thread


@transaction.atomic
def settle(comment, *, by, must_resolve: bool) -> Comment:
    """Say whether a comment stops publication until it is resolved."""
    page, thread = _locked_thread(comment)
    roles.require(by, "comment.settle", page)
    if thread.must_resolve == must_resolve:
        says = "must be resolved" if must_resolve else "need not be resolved"
        raise WrongState(
            gettext("That comment %(says)s before publication already.") % {"says": says}
        )
    thread.must_resolve = must_resolve
    thread.save(update_fields=["must_resolve"])
    _record("comment.settled", thread, by, must_resolve=must_resolve)
    return thread


def can_resolve(user, comment, page) -> bool:
    """Whether this person may resolve this comment, or open it again."""
    if comment.author_id is not None and comment.author_id == user.pk:
        return roles.can(user, "comment.add", page)
    action = "comment.settle" if comment.must_resolve else "comment.resolve"
    return roles.can(user, action, page)


def carry_along(revision) -> None:
    """Find the words of the page's open comments in a revision that was just saved.

    Each is looked for from the revision it was made on, so that the way in between does not
    matter, and a sentence that returns has its comment back. Part of the saving transaction.
    """
    threads = Comment.objects.open().filter(page_id=revision.page_id, start__isnull=False)
    threads = threads.exclude(revision_id=revision.pk).select_related("revision")
    _carry(list(threads), revision)


def obstacles(revision):
    """Open comments that must be resolved stop the publication of any revision of their page."""
    waiting = Comment.objects.must_resolve().filter(page_id=revision.page_id)
    for comment in waiting.select_related("page"):
        about = f"on “{_short(comment.quote)}”" if comment.quote else "on the whole text"
        yield Obstacle(
            "comment",
            gettext("A comment by %(author_name)s %(about)s must be resolved first: %(short)s")
            % {
                "author_name": comment.author_name,
                "about": about,
                "short": _short(comment.text, 200),
            },
            address(comment),
        )


def address(comment) -> str:
    """Where on the desk a comment is read and answered."""
    meta = registry.kinds[comment.page.kind].model._meta
    path = reverse(f"admin:{meta.app_label}_{meta.model_name}_review", args=[comment.page_id])
    return f"{path}#comment-{comment.parent_id or comment.pk}"


# Inside


def _locked(page_pk) -> Page:
    return Page.objects.select_for_update().get(pk=page_pk)


def _locked_thread(comment) -> tuple[Page, Comment]:
    page = _locked(comment.page_id)
    thread = Comment.objects.select_for_update().get(pk=comment.parent_id or comment.pk)
    thread.page = page
    return page, thread


def _speaker(page, by, outside_name: str) -> str:
    """The name a comment is signed with."""
    if by is not None:
        roles.require(by, "comment.add", page)
        return by.display_name
    name = " ".join(outside_name.replace("\0", "").split())[:150]
    if not name:
        raise NotAllowed(gettext("Say who you are, so that the editors know who speaks."))
    return name


def _place(revision, span, quote, prefix, suffix) -> Quote | None:
    if span is None and not quote.strip():
        return None
    document = Document.of(revision.content)
    return quote_at(document, *span) if span else find_quote(document, quote, prefix, suffix)


def _words(text: str) -> str:
    words = (text or "").replace("\0", "").replace("\r\n", "\n").strip()
    if not words:
        raise WrongState(gettext("Write what you want to say about the text."))
    if len(words) > LONGEST:
        raise WrongState(
            gettext("That is %(count)s characters long. Say it in at most %(LONGEST)s.")
            % {"count": len(words), "LONGEST": LONGEST}
        )
    return words


def _require_resolver(by, page, thread) -> None:
    if not can_resolve(by, thread, page):
        roles.require(by, "comment.settle" if thread.must_resolve else "comment.resolve", page)
        raise NotAllowed(gettext("You may not resolve this comment."))


def _carry(threads: list[Comment], revision) -> None:
    """Write where these comments stand in this revision."""
    made_on = defaultdict(list)
    for thread in threads:
        if thread.start is not None:
            made_on[thread.revision].append(thread)
    if not made_on:
        return
    after, carrier = Document.of(revision.content), registry.carrier()
    places = []
    for origin, group in made_on.items():
        spans = [(thread.start, thread.end) for thread in group]
        found = carrier.carry(Document.of(origin.content), spans, after)
        places += (
            CommentPlace(
                comment=thread,
                revision=revision,
                fate=stands.fate,
                start=stands.start,
                exact="" if stands.start is None else after.text[stands.start : stands.end],
            )
            for thread, stands in zip(group, found, strict=True)
        )
    CommentPlace.objects.bulk_create(
        places,
        update_conflicts=True,
        unique_fields=["comment", "revision"],
        update_fields=["fate", "start", "exact"],
    )


def _record(verb, comment, by, **data) -> None:
    audit.record(
        verb,
        by=by,
        page=comment.page,
        subject=f"comment {comment.pk} on {comment.revision}",
        comment=comment.pk,
        note=_short(comment.text, 200),
        **({} if by else {"outside_name": comment.author_name}),
        **data,
    )


def _concerned(thread) -> list[User]:
    """The writer of the text and everybody who wrote in the thread."""
    answers = thread.replies.select_related("author")
    newest = thread.page.latest_revision()
    return [newest.author, thread.author, *(answer.author for answer in answers)]


def _tell(thread, people, by, subject: str, text: str) -> None:
    others = {p.pk: p for p in people if p and (by is None or p.pk != by.pk)}
    about = [gettext("On the words “%(quote)s”:") % {"quote": thread.quote}] if thread.quote else []
    mail.tell(
        others.values(),
        subject=subject,
        text="\n\n".join(chain(about, [text.strip()])),
        path=address(thread),
    )


def _short(text: str, longest: int = 80) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
