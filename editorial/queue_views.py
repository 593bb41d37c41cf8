"""The reviewers' queue: what waits for whom, and the numbers of it on the desk's first page."""

from collections.abc import Iterable
from datetime import timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

from . import roles
from .dashboard import desk_url
from .models import Appointment, Page, Revision
from .registry import Card

PER_PAGE = 50
SOON_DAYS = 7


def _mine(user):
    return Revision.objects.in_review().filter(reviewer=user)


def _pool(user):
    return Revision.objects.in_pool().exclude(author=user).exclude(approvals__by=user)


def _soon(user):
    return Revision.objects.in_review().filter(
        review_by__lte=timezone.localdate() + timedelta(days=SOON_DAYS)
    )


def _all(user):
    return Revision.objects.in_review()


QUEUES = {
    "mine": (gettext_lazy("Waiting for my review"), _mine),
    "pool": (gettext_lazy("In the pool of reviewers"), _pool),
    "soon": (
        format_lazy(gettext_lazy("Review wanted within {days} days, or earlier"), days=SOON_DAYS),
        _soon,
    ),
    "all": (gettext_lazy("Everything in review"), _all),
}


def queue(request):
    """One of the queues, the most pressing first."""
    if not roles.can(request.user, "page.view"):
        raise PermissionDenied
    name = request.GET.get("list")
    name = name if name in QUEUES else "mine" if _reviews(request.user) else "all"
    title, rows = QUEUES[name]
    found = (
        rows(request.user)
        .defer("content")
        .select_related("page", "reviewer")
        .prefetch_related("approvals")
        .order_by(F("review_by").asc(nulls_last=True), "submitted_at", "pk")
    )
    pages = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": title,
        "queues": [(key, label) for key, (label, _) in QUEUES.items()],
        "list": name,
        "pages": pages,
        "rows": [{"revision": r, "url": desk_url(r.page)} for r in pages],
        "today": timezone.localdate(),
    }
    return render(request, "admin/editorial/queue.html", context)


def cards(user) -> Iterable[Card]:
    """What concerns this person: reviews, what was refused, reviews overdue."""
    address = reverse("admin:review-queue")
    if _reviews(user):
        yield Card(
            gettext("Waiting for my review"), _mine(user).count(), f"{address}?list=mine", 5, True
        )
        yield Card(
            gettext("In the pool of reviewers"), _pool(user).count(), f"{address}?list=pool", 15
        )
    if _oversees(user):
        title = gettext("Review wanted within %(SOON_DAYS)s days") % {"SOON_DAYS": SOON_DAYS}
        yield Card(title, _soon(user).count(), f"{address}?list=soon", 20)
        yield Card(
            gettext("Refused by the gate when their time came"),
            Appointment.objects.refused().count(),
            reverse("admin:schedule"),
            8,
            True,
        )
        yield Card(
            gettext("Reviews overdue"),
            Page.objects.published().filter(review_due__lt=timezone.localdate()).count(),
            reverse("admin:clocks"),
            60,
        )


def _reviews(user) -> bool:
    return roles.can(user, "page.approve")


def _oversees(user) -> bool:
    return roles.can(user, "page.publish")


def menu_entry(user) -> dict | None:
    """The desk's own lists in the admin's list of rooms, for those who may see them."""
    if not roles.can(user, "page.view"):
        return None
    lists = [
        (gettext("Review queue"), "review-queue"),
        ("Schedule", "schedule"),
        (gettext("Review clocks"), "clocks"),
    ]
    return {
        "name": gettext("Review and schedule"),
        "app_label": "desk",
        "app_url": reverse("admin:review-queue"),
        "has_module_perms": True,
        "models": [
            {
                "name": name,
                "object_name": name.replace(" ", ""),
                "admin_url": reverse(f"admin:{view}"),
                "add_url": None,
                "view_only": True,
                "perms": {"view": True},
            }
            for name, view in lists
        ],
    }


def urls(wrap) -> list:
    """The address of the queue, for the admin site; `wrap` is its admin_view."""
    return [path("review-queue/", wrap(queue), name="review-queue")]
