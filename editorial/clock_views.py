"""What is to be read again and when: by month, the pages of a month, and spreading them."""

from datetime import date

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from . import actions, roles
from .dashboard import desk_url
from .errors import Refused
from .models import Page

PER_PAGE = 50
SHOWN_MOVES = 100


class SpreadForm(forms.Form):
    """Over how many weeks, and why."""

    weeks = forms.IntegerField(
        label=gettext_lazy("Over how many weeks"), min_value=1, max_value=52, initial=8
    )
    reason = forms.CharField(
        label=gettext_lazy("Why (kept for each page; needed to move them)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def clocks(request):
    """The months with how many pages are due in each, and the pages of the one chosen."""
    if not roles.can(request.user, "page.view"):
        raise PermissionDenied
    return _render(request, SpreadForm(auto_id="%s-spread", label_suffix=""))


def spread(request):
    """POST: spread what is overdue and bunched; without `_move` only tell what would move."""
    if not roles.can(request.user, "page.view"):
        raise PermissionDenied
    form = SpreadForm(request.POST, auto_id="%s-spread", label_suffix="")
    if request.method != "POST" or not form.is_valid():
        return redirect("admin:clocks") if request.method != "POST" else _render(request, form)
    is_dry = "_move" not in request.POST
    try:
        moves = actions.spread_reviews(by=request.user, dry_run=is_dry, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _render(request, form)
    if is_dry:
        return _render(request, form, moves)
    messages.success(
        request, gettext("Moved the next review of %(count)s pages.") % {"count": len(moves)}
    )
    return redirect("admin:clocks")


def _render(request, form, moves=None):
    today = timezone.localdate()
    month = request.GET.get("month", "overdue")
    pages = Paginator(_of_month(month, today), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": gettext("Review clocks"),
        "months": _months(today),
        "month": month,
        "pages": pages,
        "rows": [{"page": page, "url": desk_url(page) + "?live"} for page in pages],
        "form": form,
        "can_spread": roles.can(request.user, "page.spread_reviews"),
        "moves": moves and moves[:SHOWN_MOVES],
        "count": None if moves is None else len(moves),
    }
    return render(request, "admin/editorial/clocks.html", context)


def _months(today) -> list[dict]:
    """Overdue first, then each month in which a page is due; two queries."""
    overdue = Page.objects.published().filter(review_due__lt=today).count()
    coming = Page.objects.published().filter(review_due__gte=today)
    by_month = coming.annotate(month=TruncMonth("review_due")).values("month").order_by("month")
    counted = by_month.annotate(count=Count("pk"))
    months = [
        {"key": f"{row['month']:%Y-%m}", "day": row["month"], "count": row["count"]}
        for row in counted
    ]
    return [{"key": "overdue", "day": None, "count": overdue}, *months]


def _of_month(month: str, today):
    pages = Page.objects.published().order_by("review_due", "title")
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        return pages.filter(review_due__lt=today)
    return pages.filter(
        review_due__year=first.year, review_due__month=first.month, review_due__gte=today
    )


def urls(wrap) -> list:
    """The addresses of the worklist, for the admin site; `wrap` is its admin_view."""
    return [
        path("review-clocks/", wrap(clocks), name="clocks"),
        path("review-clocks/spread/", wrap(spread), name="clocks-spread"),
    ]
