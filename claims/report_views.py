"""Readers ask: the form at /report/ and the page that shows what became of a question."""

import re
from functools import wraps

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from editorial.errors import Refused
from editorial.models import Page

from . import report_guards, reporting
from .models import Anchor, Report
from .outcomes import outcome_words
from .reasons import REASONS
from .report_forms import ReportForm, sentences_to_ask

_MARKS = re.compile(r"\s*\[(?:Source )?\d+(?:, retracted)?\]|\s*[?!]\s*(?=$)")  # of citations
TOO_LARGE = gettext_lazy(
    "What you sent is far larger than this form. Shorten the text and send it again."
)
FROM_ELSEWHERE = gettext_lazy(
    "Your browser says that this form was not sent from this site, so nothing"
    " was kept. Here is the form: please fill it in here."
)
UNKNOWN_TOKEN = gettext_lazy(
    "This form was not made for this page. Here is a fresh one with your words in it."
)
OLD_TOKEN = gettext_lazy(
    "The form had been open for more than 12 hours, so it was not taken. Your"
    " words are still here: look them over and send it again."
)
TOO_OFTEN = gettext_lazy(
    "Many questions came from your network in a short time, so this one was "
    "not taken. Your words are still here: please send the form again in an "
    "hour."
)


def _for_one_reader(view):
    """Keep an answer out of caches and search engines: it is one reader's."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


# Without Django's CSRF cookie, so that no reader ever gets a cookie. report_guards says why that
# is sound, and takes its place.
@csrf_exempt
@_for_one_reader
@require_http_methods(["GET", "HEAD", "POST"])
def report_form(request):
    """Ask about a sentence of ?page=<pk>, chosen by ?quote= if given, or about ?claim=<pk>."""
    page, sentence = _asked_about(request)
    if page is None:
        return render(request, "claims/report_where.html")
    if page.status == Page.Status.WITHDRAWN:
        return render(request, "410.html", {"page": page}, status=410)
    if request.method == "POST":
        return _receive(request, page)
    return _show(request, page, ReportForm(page=page, initial={"sentence": sentence}))


def _asked_about(request):
    """The page that is asked about, and the sentence if the link named one; (None, "") when the
    address names neither. Raises Http404 when it is not public."""
    if "claim" in request.GET:
        anchors = Anchor.objects.live().select_related("revision__live_on__live_revision")
        anchor = get_object_or_404(anchors, claim_id=_number(request.GET["claim"]))
        return anchor.revision.live_on, anchor.exact
    if "page" in request.GET:
        pages = Page.objects.published() | Page.objects.withdrawn()
        pages = pages.select_related("live_revision")
        page = get_object_or_404(pages, pk=_number(request.GET["page"]))
        return page, _quoted(page, request.GET.get("quote", ""))
    return None, ""


def _quoted(page, words: str) -> str:
    """The page's sentence that holds the words a reader selected, or that they begin in."""
    wanted = " ".join(_MARKS.sub("", words).split())[:300]
    if not wanted or not page.is_published:
        return ""
    rows = [(" ".join(s.split()), s) for group in sentences_to_ask(page) for s in group]
    for is_it in (
        lambda flat: wanted in flat,
        lambda flat: flat in wanted,
        lambda flat: wanted[:40] in flat,
    ):
        for flat, sentence in rows:
            if is_it(flat):
                return sentence
    return ""


def _number(value: str) -> int:
    if not (value.isdecimal() and len(value) <= 18):
        raise Http404(gettext("Pages and claims have numbers."))
    return int(value)


def _receive(request, page):
    """Take a report, or show the form again saying why it was not taken."""
    if report_guards.is_too_large(request):
        return _show(request, page, ReportForm(page=page), TOO_LARGE, status=413)
    if not report_guards.came_from_here(request):
        return _show(request, page, ReportForm(page=page), FROM_ELSEWHERE, status=403)
    form = ReportForm(request.POST, page=page)
    token = report_guards.read_token(request.POST.get("token", ""), page)
    if token is None or not token.is_fresh:
        return _show(request, page, form, UNKNOWN_TOKEN if token is None else OLD_TOKEN)
    if not form.is_valid():
        return _show(request, page, form)
    if not report_guards.may_ask(request):
        response = _show(request, page, form, TOO_OFTEN, status=429)
        response["Retry-After"] = "3600"
        return response
    try:
        report = reporting.report(page, form_key=token.key, **_said(form))
    except Refused as refusal:
        return _show(request, page, form, str(refusal))
    response = HttpResponseRedirect(report.get_absolute_url())
    response.status_code = 303  # the next page is to be fetched, not sent to
    return response


def _said(form) -> dict:
    names = ("sentence", "reason", "text", "source", "email")
    return {name: form.cleaned_data[name] for name in names}


def _show(request, page, form, message="", status=200):
    """The form, with a message above it if there is one, and always with a fresh token."""
    context = {
        "page": page,
        "form": form,
        "message": message,
        "token": report_guards.new_token(page),
    }
    return render(request, "claims/report.html", context, status=status)


@_for_one_reader
@require_safe
def report_outcome(request, token):
    """What became of a question, for whoever has its address."""
    reports = Report.objects.select_related("claim__page", "flag__decision")
    report = get_object_or_404(reports.defer("email"), token=token)
    decision = report.flag.decision
    context = {
        "report": report,
        "page": report.claim.page,
        "words": outcome_words(report),
        "decision": decision,
        "correction": decision.corrections.first() if decision else None,
        "others": Report.objects.filter(flag=report.flag_id).count() - 1,
        "reason": REASONS[report.reason].asked,
    }
    return render(request, "claims/report_outcome.html", context)
