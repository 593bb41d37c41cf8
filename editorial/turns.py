"""Whose turn it is with a revision, in one sentence."""

from django.utils import formats, timezone
from django.utils.translation import gettext


def sentence(revision) -> str:
    """Who has to do something about the revision now; empty for one that was superseded."""
    return _SENTENCES.get(revision.state, _nobody)(revision)


def day(moment) -> str:
    """A moment or a date as “3 May 2026”, in the site's time zone."""
    if hasattr(moment, "hour"):
        moment = timezone.localtime(moment)
    return formats.date_format(moment, "j F Y")


def moment(at) -> str:
    """A moment as “3 May 2026, 09:00 BST”: in the site's time zone, which it names."""
    return f"{day(at)}, {clock(at)}"


def clock(at) -> str:
    """A moment as “09:00 BST”. (Django's own format leaves the zone out in the hour that comes
    twice, where it matters most.)"""
    return timezone.localtime(at).strftime("%H:%M %Z")


def _in_review(revision) -> str:
    given = [approval.by_name for approval in revision.approvals.all()]
    before = (
        gettext("Approved by %(and)s; a second reviewer is needed. ") % {"and": " and ".join(given)}
        if given
        else ""
    )
    until = f", wanted by {day(revision.review_by)}" if revision.review_by else ""
    if revision.reviewer:
        who, since = revision.reviewer.display_name, revision.reviewer_since
        return gettext("%(before)sWaits for %(who)s since %(day)s%(until)s.") % {
            "before": before,
            "who": who,
            "day": day(since),
            "until": until,
        }
    since = f" (since {day(revision.submitted_at)}{until})" if revision.submitted_at else ""
    return gettext("%(before)sAnybody in the pool of reviewers may take it%(since)s.") % {
        "before": before,
        "since": since,
    }


def _approved(revision) -> str:
    if revision.scheduled_at:
        return gettext("Goes out by itself on %(moment)s.") % {
            "moment": moment(revision.scheduled_at)
        }
    return gettext("Approved %(day)s; an editor can publish it.") % {
        "day": day(revision.approved_at)
    }


def _nobody(revision) -> str:
    return ""


_SENTENCES = {
    "draft": lambda revision: (
        gettext("With its author, %(author_name)s; not submitted yet.")
        % {"author_name": revision.author_name}
    ),
    "in_review": _in_review,
    "changes_requested": lambda revision: (
        gettext("Back with the author, %(author_name)s.") % {"author_name": revision.author_name}
    ),
    "approved": _approved,
    "published": lambda revision: gettext("Nobody has to do anything; readers see it."),
}
