"""What the editor asks while somebody writes: check this text, keep what I say against it."""

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from editorial import roles
from editorial.addresses import address
from editorial.errors import NotAllowed, WrongState
from editorial.models import Page
from editorial.text import rich_names

from . import writing
from .rule_pages import address_of


@require_POST
def check(request):
    """What would be found if this text were saved now, as JSON; nothing is kept."""
    page = _page(request)
    fields = ("title", "summary", *rich_names())
    texts = {name: request.POST.get(name, "") for name in fields}
    if sum(map(len, texts.values())) > writing.MOST_CHARACTERS:
        why = gettext(
            "This text is too long to be checked while you write. It is checked when it is saved."
        )
        return JsonResponse({"message": why}, status=413)
    return JsonResponse(_told(writing.check_text(**texts, page=page)))


@require_POST
def dismiss(request):
    """Keep a writer's word against the findings on a sentence, for the moderator; as JSON."""
    page, post = _page(request), request.POST
    if page is None:
        why = gettext(
            "Give the page a title and a summary first: this is kept with the saved draft."
        )
        return JsonResponse({"message": why}, status=409)
    try:
        said = writing.dismiss(
            page,
            by=request.user,
            sentence=post.get("sentence", ""),
            rules=post.getlist("rule"),
            reason=post.get("reason", ""),
        )
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    except WrongState as refusal:
        return JsonResponse({"message": str(refusal)}, status=409)
    return JsonResponse(_said(said))


def _page(request) -> Page | None:
    """The page that is written, or None for one that is not made yet; PermissionDenied to those
    who may not write it."""
    number = request.POST.get("page", "")
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        if not roles.can_sometimes(request.user, "page.edit"):
            raise PermissionDenied
        return None
    page = get_object_or_404(Page, pk=int(number))
    if not roles.can(request.user, "page.edit", page):
        raise PermissionDenied
    return page


def _told(checked: writing.Checked) -> dict:
    """An answer as the script reads it. Offsets count characters (code points) of `text`."""
    stops = checked.stops
    return {
        "text": checked.document.text,
        "fields": _fields(checked.document),
        "stops": [_stop(stop) for stop in stops],
        "to_settle": sum(stop.is_to_settle for stop in stops),
        "blocking": sum(stop.is_to_settle and stop.blocks for stop in stops),
    }


def _fields(document) -> dict[str, list[int]]:
    """Where each field's text begins and ends."""
    fields: dict[str, list[int]] = {}
    for block in document.blocks:
        fields.setdefault(block.place, [block.start, block.end])[1] = block.end
    return fields


def _stop(stop: writing.Stop) -> dict:
    return {
        "start": stop.start,
        "end": stop.end,
        "field": stop.field,
        "severity": "block" if stop.blocks else "advise",
        "is_to_settle": stop.is_to_settle,
        "decided": stop.decided,
        "dismissal": _said(stop.dismissal) if stop.dismissal else None,
        "findings": [_finding(f) for f in stop.findings],
    }


def _finding(finding) -> dict:
    return {
        "rule": finding.rule,
        "category": finding.category,
        "severity": finding.severity,
        "reason": finding.reason,
        "remedy": finding.remedy,
        "rewording": finding.rewording,
        "triggers": finding.triggers,
        "url": address_of(finding.rule),
        "assessment": _assessment(finding),
    }


def _assessment(finding) -> dict | None:
    """The link to the assessment that the sentence goes beyond, where the finding is of one."""
    if not (finding.therapy and finding.condition):
        return None
    return {
        "url": address("assessment-detail", finding.therapy, finding.condition),
        "title": gettext("What the evidence says"),
    }


def _said(dismissal) -> dict:
    return {"by": dismissal.by_name, "reason": dismissal.reason}


def urls(wrap) -> list:
    """The addresses of this part of the desk, for the admin site."""
    return [
        path("claims/check/", wrap(check), name="claims-check"),
        path("claims/check/dismiss/", wrap(dismiss), name="claims-dismiss"),
    ]
