"""The publish gate: every reason why a revision may not go out, asked in the same transaction."""

from django.utils.translation import gettext

from . import comments, registry
from .errors import Blocked
from .models import Revision
from .registry import Obstacle


def obstacles(revision) -> list[Obstacle]:
    """All that stands between this revision and its readers; empty when it may go out."""
    return [
        *_own_obstacles(revision),
        *comments.obstacles(revision),
        *registry.obstacles(revision),
    ]


def require_open(revision) -> None:
    """Raise Blocked with every obstacle unless there is none."""
    found = obstacles(revision)
    if found:
        registry.blocked(revision, found)
        raise Blocked(found)


def _own_obstacles(revision):
    state = revision.state
    if state == Revision.State.PUBLISHED:
        yield Obstacle(
            "published",
            gettext("Revision %(number)s is published already.") % {"number": revision.number},
        )
    elif state == Revision.State.SUPERSEDED:
        yield Obstacle(
            "superseded",
            gettext(
                "The text has changed since revision %(number)s. Have the newest revision"
                " approved, then publish that."
            )
            % {"number": revision.number},
        )
    elif state != Revision.State.APPROVED:
        yield Obstacle(
            "approval",
            gettext("Revision %(number)s is %(state)s; a medical reviewer has not approved it.")
            % {"number": revision.number, "state": revision.get_state_display()},
        )
