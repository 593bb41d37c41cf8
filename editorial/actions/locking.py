"""What every step begins with: the page locked, its revision read anew, a reason that says
something."""

from django.utils.translation import gettext

from ..errors import WrongState
from ..models import Page, Revision

State = Revision.State


def locked(page_pk) -> Page:
    return Page.objects.select_for_update().get(pk=page_pk)


def locked_revision(revision, *states) -> tuple[Page, Revision]:
    """The page and revision, locked and read anew; WrongState unless it is in such a state."""
    page = locked(revision.page_id)
    fresh = Revision.objects.select_for_update().get(pk=revision.pk)
    fresh.page = page
    if states and fresh.state not in states:
        wanted = " or ".join(str(State(s).label) for s in states)
        raise WrongState(
            gettext(
                "Revision %(number)s of “%(page)s” is %(state)s, not %(wanted)s. Reload "
                "the page to see where it stands."
            )
            % {
                "number": fresh.number,
                "page": page,
                "state": fresh.get_state_display(),
                "wanted": wanted,
            }
        )
    return page, fresh


def given(reason: str, wanted: str) -> str:
    reason = (reason or "").strip()
    if not reason:
        raise WrongState(wanted)
    return reason
