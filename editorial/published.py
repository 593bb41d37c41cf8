"""The versions of a page that readers saw: which, from when, and what differs between two."""

from dataclasses import dataclass
from datetime import datetime

from .compare import Comparison, compare
from .models import Event, Page, Revision
from .text import rich_names

PUBLISHED = ("page.published", "page.published_by_override")
State = Revision.State


@dataclass(frozen=True)
class Version:
    """One revision that readers saw, and since when. `is_live`: they see it now."""

    revision: Revision
    since: datetime
    is_live: bool

    @property
    def number(self) -> int:
        """The revision's number."""
        return self.revision.number


def versions_of(page: Page) -> list[Version]:
    """Every version that was published, the newest first; two queries.

    A revision counts when the audit log says that exactly its words were published.
    """
    events = Event.objects.filter(page_id=page.pk, verb__in=PUBLISHED).order_by("pk")
    since: dict[str, datetime] = {}
    for at, data in events.values_list("at", "data"):
        since.setdefault(data.get("digest"), at)
    shown = page.revisions.filter(state__in=[State.PUBLISHED, State.SUPERSEDED])
    shown = shown.filter(digest__in=since).order_by("number")
    found = {}
    for revision in shown:
        # The same words kept twice were published once; the live one bears the name.
        if revision.digest not in found or revision.pk == page.live_revision_id:
            found[revision.digest] = revision
    versions = [Version(r, since[r.digest], r.pk == page.live_revision_id) for r in found.values()]
    return sorted(versions, key=lambda version: version.number, reverse=True)


def changes(before: Revision, after: Revision, labels: dict[str, str]) -> Comparison:
    """What differs in the words that readers read. No database."""
    names = ("title", "summary", *rich_names())
    first, second = ({n: r.content.get(n, "") for n in names} for r in (before, after))
    return compare(first, second, labels=labels)
