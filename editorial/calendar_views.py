"""The calendar of what goes out and comes down when; each entry can be moved or cancelled."""

from datetime import timedelta
from itertools import groupby

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from . import actions, roles, turns
from .dashboard import desk_url
from .errors import Refused
from .models import Appointment
from .moments import MomentField, zone_name

PER_PAGE = 50
PAST_DAYS = 7


class MoveForm(forms.Form):
    """Another moment."""

    at = MomentField(label=gettext_lazy("New moment"))


def schedule(request):
    """What was refused and waits for somebody; what is to come, by day; what was done lately."""
    if not roles.can(request.user, "page.view"):
        raise PermissionDenied
    found = Appointment.objects.select_related("revision__page", "replaced_by").defer(
        "revision__content"
    )
    since = timezone.now() - timedelta(days=PAST_DAYS)
    pages = Paginator(found.waiting(), PER_PAGE).get_page(request.GET.get("page"))
    closed = found.filter(state__in=["done", "cancelled"], closed_at__gte=since)
    context = {
        **admin.site.each_context(request),
        "title": gettext("Schedule"),
        "zone": zone_name(),
        "can_schedule": roles.can(request.user, "page.schedule"),
        "refused": [_row(a) for a in found.refused()[:PER_PAGE]],
        "days": _by_day(pages),
        "pages": pages,
        "closed": [_row(a) for a in closed.order_by("-closed_at")[:PER_PAGE]],
        "past_days": PAST_DAYS,
    }
    return render(request, "admin/editorial/schedule.html", context)


@require_POST
def move(request, pk):
    """POST: another moment for one entry."""
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors.get("at", [])))
        return redirect("admin:schedule")
    appointment, moment = get_object_or_404(Appointment, pk=pk), form.cleaned_data["at"]
    said = gettext("Moved. %(remark)s It is done on %(moment)s.") % {
        "remark": moment.remark,
        "moment": turns.moment(moment.at),
    }
    return _act(request, said, actions.move_schedule, appointment, by=request.user, at=moment.at)


@require_POST
def cancel(request, pk):
    """POST: take one entry off the calendar."""
    appointment = get_object_or_404(Appointment, pk=pk)
    said = gettext("Taken off the calendar.")
    return _act(request, said, actions.cancel_schedule, appointment, by=request.user)


def _act(request, said, action, *args, **kwargs):
    try:
        action(*args, **kwargs)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("admin:schedule")


def _by_day(appointments) -> list[tuple]:
    days = groupby(appointments, key=lambda a: timezone.localdate(a.at))
    return [(day, [_row(a) for a in rows]) for day, rows in days]


def _row(appointment) -> dict:
    """An entry with its address on the desk and the form that moves it."""
    return {
        "appointment": appointment,
        "page": appointment.revision.page,
        "url": desk_url(appointment.revision.page),
        "form": MoveForm(
            initial={"at": appointment.at}, auto_id=f"%s-{appointment.pk}", label_suffix=""
        ),
    }


def urls(wrap) -> list:
    """The addresses of the calendar, for the admin site; `wrap` is its admin_view."""
    return [
        path("schedule/", wrap(schedule), name="schedule"),
        path("schedule/<int:pk>/move/", wrap(move), name="schedule-move"),
        path("schedule/<int:pk>/cancel/", wrap(cancel), name="schedule-cancel"),
    ]
