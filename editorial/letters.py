"""What the desk writes to people: the words of every letter, and who gets it."""

from django.urls import reverse

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
        f"Please review “{revision.content['title']}”",
        f"{by.display_name} asks you to review revision {revision.number} of "
        f"“{revision.content['title']}”.{until}{note}",
        desk_url(page),
    )


def changes_requested(page, revision, reason, *, by) -> None:
    """To who wrote the text."""
    _tell(
        [revision.author],
        by,
        About.CHANGES,
        f"Changes requested: “{revision.content['title']}”",
        f"{by.display_name} sent revision {revision.number} of “{revision.content['title']}” "
        f"back to you:\n\n{reason}",
        desk_url(page),
    )


def approved(page, revision, *, by) -> None:
    """To who wrote the text."""
    _tell(
        [revision.author],
        by,
        About.APPROVED,
        f"Approved: “{revision.content['title']}”",
        f"{by.display_name} approved revision {revision.number} of "
        f"“{revision.content['title']}”. An editor can publish it now.",
        desk_url(page),
    )


def published(page, revision, *, by) -> None:
    """To who wrote the text and who began the page."""
    who = by.display_name if by else "The schedule"
    _tell(
        [revision.author, page.created_by],
        by,
        About.PUBLISHED,
        f"Published: “{page.title}”",
        f"{who} published revision {revision.number} of “{page.title}”. Readers see it now.",
        page.get_absolute_url(),
    )


def withdrawn(page, reason, *, by) -> None:
    """To who began the page."""
    who = by.display_name if by else "The schedule"
    _tell(
        [page.created_by],
        by,
        About.PUBLISHED,
        f"Withdrawn: “{page.title}”",
        f"{who} withdrew “{page.title}”. Readers are told so, and why:\n\n{reason}",
        desk_url(page),
    )


def appointment_closed(appointment, page, *, is_refused: bool, by=None) -> None:
    """To who scheduled it; when it was refused, to the author and all editors as well."""
    people = [appointment.by]
    if is_refused:
        people += [appointment.revision.author, *roles.holders(roles.Role.EDITOR)]
    what = "publication" if appointment.does == appointment.Does.PUBLISH else "withdrawal"
    became = "was refused" if is_refused else "will not take place"
    _tell(
        people,
        by,
        About.BLOCKED,
        f"The scheduled {what} {became}: “{page.title}”",
        f"The {what} of revision {appointment.revision.number} of “{page.title}”, scheduled for "
        f"{moment(appointment.at)}, {became}:\n\n{appointment.outcome}",
        desk_url(page),
    )


def reviews_due(people, pages, *, rung) -> None:
    """One letter about all pages of theirs whose review is due, or long overdue."""
    lines = [f"– “{page.title}”, due {day(page.review_due)}" for page in pages]
    is_first = rung == pages[0].Rung.OWNER
    title = "Due for review" if is_first else "Review overdue"
    _tell(
        people,
        None,
        About.REVIEW_DUE,
        f"{title}: “{pages[0].title}”" + (f" and {len(pages) - 1} more" if len(pages) > 1 else ""),
        "These pages ought to be read again by a medical reviewer:\n\n" + "\n".join(lines),
        reverse("admin:clocks"),
    )


def given(page, owner, *, by) -> None:
    """To whom a page was given."""
    _tell(
        [owner],
        by,
        About.ASSIGNED,
        f"“{page}” is yours now",
        f"{by.display_name} gave you the page “{page}”. You can edit it and submit it.",
        desk_url(page),
    )


def _tell(people, by, about, subject, text, path) -> None:
    """Nobody is written to about what they did themselves."""
    others = [p for p in people if p and (by is None or p.pk != by.pk)]
    tell(others, subject=subject, text=text, path=path, about=about)
