"""What the desk writes to people: the words of every letter, and who gets it."""

from django.urls import reverse
from django.utils.translation import gettext

from . import roles
from .dashboard import desk_url
from .mail import About, tell
from .turns import day, moment


def asked_for_review(page, revision, *, by) -> None:
    """To the reviewer whom somebody named."""
    until = f" It is wanted by {day(revision.review_by)}." if revision.review_by else ""
    note = f"\n\nTheir note: {revision.note}" if revision.note else ""
    _tell(
        [revision.reviewer],
        by,
        About.ASSIGNED,
        gettext("Please review “%(title)s”") % {"title": revision.content["title"]},
        gettext(
            "%(display_name)s asks you to review revision %(number)s of "
            "“%(title)s”.%(until)s%(note)s"
        )
        % {
            "display_name": by.display_name,
            "number": revision.number,
            "title": revision.content["title"],
            "until": until,
            "note": note,
        },
        desk_url(page),
    )


def changes_requested(page, revision, reason, *, by) -> None:
    """To who wrote the text."""
    _tell(
        [revision.author],
        by,
        About.CHANGES,
        gettext("Changes requested: “%(title)s”") % {"title": revision.content["title"]},
        gettext(
            "%(display_name)s sent revision %(number)s of “%(title)s” back to you:\n\n%(reason)s"
        )
        % {
            "display_name": by.display_name,
            "number": revision.number,
            "title": revision.content["title"],
            "reason": reason,
        },
        desk_url(page),
    )


def approved(page, revision, *, by) -> None:
    """To who wrote the text."""
    _tell(
        [revision.author],
        by,
        About.APPROVED,
        gettext("Approved: “%(title)s”") % {"title": revision.content["title"]},
        gettext(
            "%(display_name)s approved revision %(number)s of “%(title)s”. An editor "
            "can publish it now."
        )
        % {
            "display_name": by.display_name,
            "number": revision.number,
            "title": revision.content["title"],
        },
        desk_url(page),
    )


def published(page, revision, *, by) -> None:
    """To who wrote the text and who began the page."""
    who = by.display_name if by else gettext("The schedule")
    _tell(
        [revision.author, page.created_by],
        by,
        About.PUBLISHED,
        gettext("Published: “%(title)s”") % {"title": page.title},
        gettext("%(who)s published revision %(number)s of “%(title)s”. Readers see it now.")
        % {"who": who, "number": revision.number, "title": page.title},
        page.get_absolute_url(),
    )


def withdrawn(page, reason, *, by) -> None:
    """To who began the page."""
    who = by.display_name if by else gettext("The schedule")
    _tell(
        [page.created_by],
        by,
        About.PUBLISHED,
        gettext("Withdrawn: “%(title)s”") % {"title": page.title},
        gettext("%(who)s withdrew “%(title)s”. Readers are told so, and why:\n\n%(reason)s")
        % {"who": who, "title": page.title, "reason": reason},
        desk_url(page),
    )


def appointment_closed(appointment, page, *, is_refused: bool, by=None) -> None:
    """To who scheduled it; when it was refused, to the author and all editors as well."""
    people = [appointment.by]
    if is_refused:
        people += [appointment.revision.author, *roles.holders(roles.Role.EDITOR)]
    what = (
        gettext("publication")
        if appointment.does == appointment.Does.PUBLISH
        else gettext("withdrawal")
    )
    became = gettext("was refused") if is_refused else gettext("will not take place")
    _tell(
        people,
        by,
        About.BLOCKED,
        gettext("The scheduled %(what)s %(became)s: “%(title)s”")
        % {"what": what, "became": became, "title": page.title},
        gettext(
            "The %(what)s of revision %(number)s of “%(title)s”, scheduled for %(moment)s, "
            "%(became)s:\n\n%(outcome)s"
        )
        % {
            "what": what,
            "number": appointment.revision.number,
            "title": page.title,
            "moment": moment(appointment.at),
            "became": became,
            "outcome": appointment.outcome,
        },
        desk_url(page),
    )


def reviews_due(people, pages, *, rung) -> None:
    """One letter about all pages of theirs whose review is due, or long overdue."""
    lines = [f"– “{page.title}”, due {day(page.review_due)}" for page in pages]
    is_first = rung == pages[0].Rung.OWNER
    title = gettext("Due for review") if is_first else gettext("Review overdue")
    _tell(
        people,
        None,
        About.REVIEW_DUE,
        f"{title}: “{pages[0].title}”" + (f" and {len(pages) - 1} more" if len(pages) > 1 else ""),
        gettext("These pages ought to be read again by a medical reviewer:\n\n") + "\n".join(lines),
        reverse("admin:clocks"),
    )


def given(page, owner, *, by) -> None:
    """To whom a page was given."""
    _tell(
        [owner],
        by,
        About.ASSIGNED,
        gettext("“%(page)s” is yours now") % {"page": page},
        gettext("%(display_name)s gave you the page “%(page)s”. You can edit it and submit it.")
        % {"display_name": by.display_name, "page": page},
        desk_url(page),
    )


def _tell(people, by, about, subject, text, path) -> None:
    """Nobody is written to about what they did themselves."""
    others = [p for p in people if p and (by is None or p.pk != by.pk)]
    tell(others, subject=subject, text=text, path=path, about=about)
