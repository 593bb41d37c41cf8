"""What the desk shows of a revision at work, and the steps that can be taken from there."""

from collections.abc import Callable
from dataclasses import dataclass

from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string

from . import actions, gate, registry, roles
from .forms import bound_form
from .models import Event, Revision

State = Revision.State


@dataclass(frozen=True)
class Step:
    """A button of the workflow: from which states, by whom, what it says, what it asks."""

    label: str
    states: tuple[str, ...]
    permission: str
    run: Callable
    done: str
    asks: str = ""


STEPS = {
    "submit": Step(
        "Submit for review",
        (State.DRAFT,),
        "page.submit",
        lambda revision, by, text: actions.submit(revision, by=by, note=text),
        "Submitted. A medical reviewer can approve it now.",
        "Note for the reviewer (optional)",
    ),
    "request-changes": Step(
        "Request changes",
        (State.IN_REVIEW, State.APPROVED),
        "page.request_changes",
        lambda revision, by, text: actions.request_changes(revision, by=by, reason=text),
        "Sent back to the author with your reason.",
        "What should change",
    ),
    "approve": Step(
        "Approve this text",
        (State.IN_REVIEW,),
        "page.approve",
        lambda revision, by, text: actions.approve(revision, by=by, note=text),
        "Approved. The approval holds for exactly this text.",
    ),
    "publish": Step(
        "Publish",
        (State.APPROVED,),
        "page.publish",
        lambda revision, by, text: actions.publish(revision, by=by),
        "Published. Readers see it now.",
    ),
    "withdraw": Step(
        "Withdraw the page",
        (State.PUBLISHED,),
        "page.withdraw",
        lambda revision, by, text: actions.withdraw(revision.page, by=by, reason=text),
        "Withdrawn. Readers are told so, with your reason.",
        "Why (readers see this)",
    ),
    "override": Step(
        "Publish without review here",
        (State.DRAFT,),
        "page.override",
        lambda revision, by, text: actions.publish_override(revision, by=by, reason=text),
        "Published by your override. Readers see “not yet reviewed here”.",
        "Why it goes out without review (kept in the audit log)",
    ),
}


def take(step: str, page, request) -> None:
    """Take a step with the revision whose number was posted. Refused and Http404 pass through."""
    revision = get_object_or_404(Revision, page=page, pk=request.POST.get("revision") or 0)
    STEPS[step].run(revision, request.user, request.POST.get("text", ""))


def steps_for(user, revision) -> list[dict]:
    """The buttons this person sees for this revision."""
    return [
        {"name": name, "step": step}
        for name, step in STEPS.items()
        if revision.state in step.states and roles.can(user, step.permission, revision.page)
    ]


def context(request, revision) -> dict:
    """Everything the change form and the review page show beside the text."""
    return {
        "revision": revision,
        "page": revision.page,
        "earlier": revision.page.revisions.filter(number__lt=revision.number).first(),
        "steps": steps_for(request.user, revision),
        "details": details(revision),
        "obstacles": [] if revision.state == State.PUBLISHED else gate.obstacles(revision),
        "panels": [
            render_to_string(template, panel, request=request)
            for template, panel in registry.review_panels(revision)
        ],
    }


def details(revision) -> list[tuple[str, str]]:
    """Label and value of what the content holds beside title, summary and text."""
    form = bound_form(registry.kinds[revision.page.kind], revision.content, revision.page.specific)
    form.is_valid()
    shown = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if name in ("title", "summary", "body") or value in (None, "", []):
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
