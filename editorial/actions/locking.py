"""What every step begins with: the page locked, its revision read anew, a reason that says
something."""

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
        wanted = " or ".join(State(s).label for s in states)
        raise WrongState(
            f"Revision {fresh.number} of “{page}” is {fresh.get_state_display()}, not {wanted}. "
            "Reload the page to see where it stands."
        )
    return page, fresh


def given(reason: str, wanted: str) -> str:
    reason = (reason or "").strip()
    if not reason:
        raise WrongState(wanted)
    return reason
