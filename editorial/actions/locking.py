"""What every step begins with: the page locked, its revision read anew, a reason that says
something."""

from collections.abc import Sequence

from django.utils.translation import gettext

from ..errors import WrongState
from ..models import Page, Revision

State = Revision.State


def locked(page_pk) -> Page:
    return Page.objects.select_for_update().get(pk=page_pk)


def locked_revision(revision, *states) -> tuple[Page, Revision]:
    """The page and revision, locked and read anew; WrongState unless it is in such a state."""
    (fresh,) = locked_revisions([revision], *states)
    return fresh.page, fresh


def locked_revisions(revisions: Sequence[Revision], *states) -> list[Revision]:
    """The same for revisions of different pages, each with its page; pages are always locked in
    the order of their keys, so that two of these never wait for each other."""
    pages = {revision.page_id for revision in revisions}
    pages = {p.pk: p for p in Page.objects.select_for_update().filter(pk__in=pages).order_by("pk")}
    keys = [revision.pk for revision in revisions]
    found = Revision.objects.select_for_update().order_by("pk").in_bulk(keys)
    for given_ in revisions:
        fresh = found[given_.pk]
        fresh.page = pages[fresh.page_id]
        fresh.share_document(given_)
        if states and fresh.state not in states:
            wanted = " or ".join(str(State(s).label) for s in states)
            raise WrongState(
                gettext(
                    "Revision %(number)s of “%(page)s” is %(state)s, not %(wanted)s. Reload "
                    "the page to see where it stands."
                )
                % {
                    "number": fresh.number,
                    "page": fresh.page,
                    "state": fresh.get_state_display(),
                    "wanted": wanted,
                }
            )
    return [found[key] for key in keys]


def given(reason: str, wanted: str) -> str:
    reason = (reason or "").strip()
    if not reason:
        raise WrongState(wanted)
    return reason
