"""Review clocks: when a page was last read by a reviewer, and when it is to be read again.

An edit moves neither. Publishing an approved text starts the clock at its approval; otherwise
only a reviewer's explicit review does.
"""

from collections import defaultdict
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from .. import audit, freshness, letters, policy, registry, roles
from ..errors import Blocked, NotAllowed, WrongState
from ..models import Page
from .locking import given, locked

Rung = Page.Rung
# So many days after the due date each is told.
RUNGS = {Rung.OWNER: 0, Rung.EDITORS: 14, Rung.READERS: 30}
BATCH = 200
WORKING_DAYS = 5


@transaction.atomic
def confirm_review(page, *, by, note: str) -> Page:
    """A reviewer says: I have read this live text again, and it still holds.

    `note` is what was checked. Nobody confirms words of their own, or where they have declared
    an interest. Raises Blocked while a room sees an obstacle, such as an open flag.
    """
    page = locked(page.pk)
    roles.require(by, "page.confirm_review", page)
    if not page.is_published:
        raise WrongState(
            gettext("“%(page)s” is %(status)s; only a live text is reviewed.")
            % {"page": page, "status": page.get_status_display()}
        )
    note = given(note, gettext("Say what you checked, in a sentence; it is kept with your name."))
    if refusal := policy.why_not(by, page, page.live_revision):
        raise NotAllowed(refusal)
    if found := list(registry.obstacles(page.live_revision)):
        raise Blocked(found)
    now = timezone.now()
    before, is_first = page.review_due, not page.is_reviewed_here
    page.reviewed_at, page.reviewed_by_name, page.reviewed_by_title = (
        now,
        by.display_name,
        by.title,
    )
    page.reviewed_interests, page.reviewed_checked = by.interests, note
    page.review_due = policy.latest_due(page, timezone.localdate(now))
    page.review_rung = Rung.NOBODY
    page.save(
        update_fields=[
            "reviewed_at",
            "reviewed_by_name",
            "reviewed_by_title",
            "reviewed_interests",
            "reviewed_checked",
            "review_due",
            "review_rung",
        ]
    )
    audit.record(
        "page.reviewed",
        by=by,
        page=page,
        note=note,
        digest=page.live_revision.digest,
        before=_text(before),
        due=_text(page.review_due),
    )
    registry.reviewed(page)
    if is_first:  # lists say of a page that nobody has reviewed it here
        freshness.pages_changed([registry.PageChange(page, None, page.live_revision)])
    else:
        freshness.stale(f"page:{page.pk}")
    return page


@transaction.atomic
def set_review_due(page, *, by, on: date, reason: str = "") -> Page:
    """Say when a live page is to be read again. A day later than the rules allow needs a reason.

    What readers are told already stays until somebody has read the page.
    """
    page = locked(page.pk)
    roles.require(by, "page.set_review_due", page)
    if not page.is_published:
        raise WrongState(
            gettext("“%(page)s” is %(status)s, so no review of it is due.")
            % {"page": page, "status": page.get_status_display()}
        )
    if on < timezone.localdate():
        raise WrongState(gettext("That day has passed. Choose today or a day to come."))
    if on > latest_due(page):
        reason = given(
            reason,
            gettext(
                "“%(page)s” is to be read again by %(latest_due)s at the latest. Choose "
                "an earlier day, or say why this one may be later."
            )
            % {"page": page, "latest_due": f"{latest_due(page):%d.%m.%Y}"},
        )
    _move(page, on, by=by, reason=reason)
    return page


def latest_due(page) -> date:
    """The last day that the rules allow for the page's next review."""
    last = page.reviewed_at or page.published_at
    return policy.latest_due(page, timezone.localdate(last))


def _move(page, on, *, by, reason) -> None:
    before, page.review_due = page.review_due, on
    if page.review_rung < Rung.READERS and on > timezone.localdate():
        page.review_rung = Rung.NOBODY
    page.save(update_fields=["review_due", "review_rung"])
    audit.record(
        "page.review_due_set", by=by, page=page, before=_text(before), due=_text(on), reason=reason
    )


def spread_reviews(*, by, weeks: int, reason: str = "", dry_run: bool = False) -> list[tuple]:
    """Spread what is overdue or falls due in the coming weeks evenly over them.

    Answers (page, day before, day after) for each page that moves, the most overdue first; with
    `dry_run` nothing is moved. Page by page as `set_review_due`, so the reason stands in the
    log of each. Raises NotAllowed, and WrongState for fewer than 1 or more than 52 weeks.
    """
    roles.require(by, "page.spread_reviews")
    if not 1 <= weeks <= 52:
        raise WrongState(gettext("Choose a number of weeks from 1 to 52."))
    if not dry_run:
        reason = given(reason, gettext("Say why the reviews are moved; it is kept for each page."))
    moves = _plan(weeks)
    for page, _, after in [] if dry_run else moves:
        with transaction.atomic():
            fresh = locked(page.pk)
            if fresh.is_published:
                _move(
                    fresh,
                    after,
                    by=by,
                    reason=gettext("Spread over %(weeks)s weeks: %(reason)s")
                    % {"weeks": weeks, "reason": reason},
                )
    return moves


def _plan(weeks: int) -> list[tuple]:
    """Each page that is due by the end of these weeks gets a working day, in order of due date."""
    today = timezone.localdate()
    days = [
        day
        for offset in range(1, weeks * 7 + 1)
        if (day := today + timedelta(days=offset)).weekday() < WORKING_DAYS
    ]
    last = today + timedelta(days=weeks * 7)
    pages = list(Page.objects.review_due(last).order_by("review_due", "pk"))
    moves = []
    for number, page in enumerate(pages):
        day = days[number * len(days) // len(pages)]
        if day != page.review_due:
            moves.append((page, page.review_due, day))
    return moves


def climb_ladder(now) -> int:
    """Tell the owner, later the editors, later readers, that a review is due: each once.

    Run again and again, on several machines at once; a run that was missed is made up for.
    Answers how many rungs were climbed.
    """
    climbed = 0
    today = timezone.localdate(now)
    for rung, days in RUNGS.items():
        while batch := _climb(rung, today - timedelta(days=days)):
            climbed += batch
    return climbed


@transaction.atomic
def _climb(rung, due_by: date) -> int:
    """One batch of pages one rung up; each page stands on the rung before."""
    waiting = Page.objects.review_due(due_by).filter(review_rung=rung - 1)
    locking = waiting.select_for_update(of=("self",)).select_related("created_by")
    pages = list(locking.order_by("review_due", "pk")[:BATCH])
    for page in pages:
        page.review_rung = rung
        page.save(update_fields=["review_rung"])
        audit.record(
            "page.review_overdue", by=None, page=page, rung=int(rung), due=_text(page.review_due)
        )
        if rung == Rung.READERS:
            registry.review_overdue(page)
    _tell(rung, pages)
    return len(pages)


def _tell(rung, pages) -> None:
    if not pages:
        return
    if rung == Rung.READERS:
        freshness.stale(*freshness.keys_of("page", [page.pk for page in pages]))
    elif rung == Rung.EDITORS:
        letters.reviews_due(roles.holders(roles.Role.EDITOR), pages, rung=rung)
    else:
        owners = defaultdict(list)
        for page in pages:
            owners[page.created_by].append(page)
        for owner, theirs in owners.items():
            letters.reviews_due([owner], theirs, rung=rung)


def _text(day) -> str | None:
    return day.isoformat() if day else None
