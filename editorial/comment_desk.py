"""What the desk shows of a revision's comments: the threads, where their words stand, and what
this person may do about each."""

from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.utils.translation import gettext

from . import comments, registry, roles
from .comment_marks import Mark, marked
from .models import Comment, CommentPlace
from .text import Document


@dataclass
class Thread:
    """One comment with its answers, where its words stand in the shown text, and the buttons."""

    comment: Comment
    fate: str
    start: int | None
    end: int | None
    words_now: str = ""
    may: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """What its link in the text is called."""
        return gettext("Comment by %(author_name)s: %(text)s") % {
            "author_name": self.comment.author_name,
            "text": self.comment.text[:60],
        }


def threads(user, revision) -> dict:
    """Open threads in the order of the text, and resolved ones, newest first; three queries."""
    places = CommentPlace.objects.filter(revision_id=revision.pk)
    found = (
        revision.page.comments.threads()
        .select_related("revision")
        .defer("revision__content")
        .prefetch_related("replies", Prefetch("places", queryset=places, to_attr="here"))
    )
    page = revision.page
    may_reply = roles.can(user, "comment.add", page)
    may_settle = roles.can(user, "comment.settle", page)
    shown = []
    for comment in found:
        thread = _thread(comment, revision)
        thread.may = {
            name
            for name, allowed in (
                ("reply", may_reply),
                ("settle", may_settle),
                ("resolve", comments.can_resolve(user, comment, page)),
            )
            if allowed
        }
        shown.append(thread)
    waiting = [t for t in shown if t.comment.is_open]
    waiting.sort(key=lambda t: (t.start is None, t.start or 0, t.comment.pk))
    return {
        "open_threads": waiting,
        "resolved_threads": [t for t in reversed(shown) if not t.comment.is_open],
        "must_resolve_count": sum(t.comment.must_resolve for t in waiting),
        "can_comment": may_reply,
    }


def _thread(comment: Comment, revision) -> Thread:
    if comment.revision_id == revision.pk:
        return Thread(comment, "same", comment.start, comment.end)
    place = comment.here[0] if comment.here else None
    if place is None:  # on the whole text, or this revision is not the newest
        return Thread(comment, "", None, None)
    words = "" if place.exact == comment.quote else place.exact
    return Thread(comment, place.fate, place.start, place.end, words)


def beside_form(user, revision) -> dict:
    """Beside the form that edits the text: threads, and every sentence to choose from; three
    queries."""
    choices = _sentences(Document.of(revision.content))
    return threads(user, revision) | {"sentences": choices, "beside_form": True}


def reading(user, revision) -> dict:
    """The reading view: threads, the text with their words marked, and every sentence to choose
    from."""
    context = threads(user, revision)
    document = Document.of(revision.content)
    marks = [
        Mark(t.start, t.end, t.comment.pk, t.name)
        for t in context["open_threads"]
        if t.start is not None and document.text[t.start : t.end].strip()
    ]
    text = marked(revision.content, marks)
    return context | {"text": text, "sentences": _sentences(document)}


def _sentences(document) -> list[tuple[str, str]]:
    """Every sentence: its offsets as the form sends them, and its words."""
    return [
        (f"{start}:{end}", " ".join(document.text[start:end].split()))
        for start, end in registry.carrier().sentences(document)
    ]
