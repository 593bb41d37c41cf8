"""The pages for when something is wrong: plain text put together here, so that neither the
database nor a template can be what is wrong with them as well."""

import sqlite3
import sys
from html import escape

from django.db import InterfaceError, OperationalError, connections
from django.http import HttpResponse

from . import logs

RETRY_AFTER = "10"  # seconds
LEAST_KEPT = 40  # characters from which on a field counts as text that somebody wrote
MOST_KEPT = 2_000_000  # characters of one request that are shown again
_SECRET = ("password", "token", "code", "otp")

_PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{title} · Autoimmune Evidence</title>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
<p><a href="/">To the first page</a></p>
</main>
</body>
</html>
"""


def page(request, status: int, title: str, *paragraphs: str, more: str = "") -> HttpResponse:
    """A whole page of these sentences. `more` is HTML that was made here."""
    body = "\n".join(f"<p>{escape(text)}</p>" for text in paragraphs) + more
    if number := logs.request_id():
        body += f"\n<p>If you write to us about it, name this number: {escape(number)}</p>"
    answer = HttpResponse(_PAGE.format(title=escape(title), body=body), status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def server_error(request) -> HttpResponse:
    """handler500: says that the database is away when that is it, else that we made a mistake."""
    # The database's own error where it was not raised inside Django's queries.
    theirs = connections["default"].Database.OperationalError
    away = (OperationalError, InterfaceError, theirs, sqlite3.Error)
    if isinstance(sys.exc_info()[1], away):
        return database_away(request)
    return page(
        request,
        500,
        "Something went wrong here",
        "The mistake is ours, not yours, and it is written down. Try again in a moment.",
        more=_what_was_written(request),
    )


def database_away(request) -> HttpResponse:
    """503, with all that was written in the form, so that nobody loses a text to a machine."""
    answer = page(
        request,
        503,
        "The database does not answer",
        "Nothing was changed by this. Pages for readers are shown as far as they can be. "
        "Try again in a minute.",
        more=_what_was_written(request),
    )
    answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def bad_request(request, exception=None) -> HttpResponse:
    """handler400."""
    return page(request, 400, "This request cannot be read", "Check the address and try again.")


def forbidden(request, exception=None) -> HttpResponse:
    """handler403. Says nothing of what is there."""
    return page(
        request,
        403,
        "You may not open this",
        "Your roles do not allow it. An administrator can change them.",
    )


def csrf_failure(request, reason="") -> HttpResponse:
    """A form that was open too long, or came from elsewhere; the text in it is kept."""
    return page(
        request,
        403,
        "This form can no longer be sent",
        "It was open for too long, you signed in again in another tab, or your browser sends no "
        "cookies. Nothing was saved. Copy your text from below, reload the form and send it again.",
        more=_what_was_written(request),
    )


def _what_was_written(request) -> str:
    """The longer texts of the form that was sent, ready to be copied; never a secret."""
    if request is None or request.method != "POST":
        return ""
    try:
        fields = list(request.POST.items())
    except Exception:  # what cannot be read cannot be shown
        return ""
    texts, room = [], MOST_KEPT
    for name, value in fields:
        if len(value) < LEAST_KEPT or any(word in name.lower() for word in _SECRET):
            continue
        if (room := room - len(value)) < 0:
            break
        shown = escape(value)
        label = escape(name.replace("_", " ").capitalize())
        texts.append(
            f"<p><label>{label}<br><textarea rows='12' cols='80' readonly>\n{shown}</textarea>"
            "</label></p>"
        )
    if not texts:
        return ""
    return "\n<h2>What you wrote</h2>\n<p>Copy it before you leave this page.</p>" + "".join(texts)
