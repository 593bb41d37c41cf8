"""What the desk shows of a revision at work. (The steps from there: steps.py.)"""

from django.shortcuts import render
from django.template.loader import render_to_string

from . import gate, registry
from .forms import bound_form
from .models import Appointment, Event, Revision
from .steps import steps_for
from .text import rich_names

State = Revision.State


def context(request, revision, posted: dict | None = None) -> dict:
    """Everything the change form and the review page show beside the text; `posted` as in
    `steps_for`."""
    return {
        "revision": revision,
        "page": revision.page,
        "earlier": revision.page.revisions.filter(number__lt=revision.number).first(),
        "steps": steps_for(request.user, revision, posted),
        "approvals": list(revision.approvals.all()),
        "appointment": _next_appointment(revision.page),
        "details": details(revision),
        "obstacles": [] if revision.state == State.PUBLISHED else gate.obstacles(revision),
        "panels": [
            render_to_string(template, panel, request=request)
            for template, panel in registry.review_panels(revision)
            if revision.is_told  # otherwise they speak of an older text
        ],
    }


def _next_appointment(page) -> Appointment | None:
    """What is scheduled for this page, the earliest first."""
    return Appointment.objects.waiting().filter(revision__page=page).first()


def details(revision) -> list[tuple[str, str]]:
    """Label and value of what the content holds beside title, summary and text."""
    form = bound_form(registry.kinds[revision.page.kind], revision.content, revision.page.specific)
    form.is_valid()
    shown = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if name in ("title", "summary", *rich_names()) or value in (None, "", []):
            continue
        text = _as_text(value)
        if text:
            shown.append((field.label or name.replace("_", " ").capitalize(), text))
    return shown


def _as_text(value) -> str:
    """A field's value in words: items separated by semicolons."""
    if isinstance(value, dict):
        return ", ".join(v for v in value.values() if v)
    if isinstance(value, str):
        return value
    if hasattr(value, "__iter__"):
        return "; ".join(_as_text(item) for item in value)
    return str(value)


def render_page(request, values: dict):
    """The review page."""
    return render(request, "admin/editorial/page/review.html", values)


def history(page) -> dict:
    """Revisions and events of a page, newest first."""
    return {
        "revisions": page.revisions.select_related("author"),
        "events": Event.objects.filter(page_id=page.pk)[:200],
    }
