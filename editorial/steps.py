"""The buttons of the workflow: what each is called, who sees it when, what it asks, what it does.

The rules are those of `actions`; a step only says which action, and what to tell the person.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext, gettext_lazy

from . import actions, roles, step_forms, turns
from .errors import WrongState
from .models import Revision

State = Revision.State
DIGITS = 18  # of a primary key; more is no number the database knows


def _always(user, revision) -> bool:
    return True


@dataclass(frozen=True)
class Step:
    """A button. `run(revision, user, cleaned_data)` may answer a remark to add to `done`.

    `states` are those of the revision shown; none for a step that concerns the page that readers
    see, whatever is being written. `fits(user, revision)` narrows who sees the button.
    """

    label: str
    states: tuple[str, ...]
    permission: str
    run: Callable
    done: str
    form: type[step_forms.StepForm] = step_forms.StepForm
    fits: Callable = _always

    def is_for(self, user, revision) -> bool:
        """Whether this person sees the button beside this revision."""
        page = revision.page
        return (
            (revision.state in self.states if self.states else page.is_published)
            and roles.can(user, self.permission, page)
            and self.fits(user, revision)
        )


def _submit(revision, by, said):
    actions.submit(revision, by=by, note=said["text"], reviewer=said["reviewer"], due=said["due"])


def _approve(revision, by, said):
    revision = actions.approve(revision, by=by, note=said["text"])
    if revision.state == State.IN_REVIEW:
        return gettext("A second reviewer must approve it too; it is back in the pool.")
    return ""


def _schedule(revision, by, said):
    revision = actions.schedule(revision, by=by, at=said["at"].at)
    return gettext("%(remark)s It goes out on %(moment)s.") % {
        "remark": said["at"].remark,
        "moment": turns.moment(revision.scheduled_at),
    }


def _withdraw(revision, by, said):
    actions.withdraw(revision.page, by=by, reason=said["text"], replaced_by=said["replaced_by"])


def _withdraw_later(revision, by, said):
    live = revision.page.live_revision
    if live is None:
        raise WrongState(
            gettext("“%(page)s” is not published, so there is nothing to withdraw.")
            % {"page": revision.page}
        )
    actions.schedule_withdrawal(
        live,
        by=by,
        at=said["at"].at,
        reason=said["text"],
        replaced_by=said["replaced_by"],
    )
    return gettext("%(remark)s It comes down on %(moment)s.") % {
        "remark": said["at"].remark,
        "moment": turns.moment(said["at"].at),
    }


def _confirm(revision, by, said):
    if revision.pk != revision.page.live_revision_id:
        raise WrongState(gettext("Readers see another text by now. Read that one, then confirm."))
    page = actions.confirm_review(revision.page, by=by, note=said["text"])
    return gettext("The next review is due on %(day)s.") % {"day": turns.day(page.review_due)}


STEPS = {
    "submit": Step(
        gettext_lazy("Submit for review"),
        (State.DRAFT,),
        "page.submit",
        _submit,
        gettext_lazy("Submitted. A medical reviewer can approve it now."),
        step_forms.SubmitForm,
    ),
    "take": Step(
        gettext_lazy("Take this review"),
        (State.IN_REVIEW,),
        "page.approve",
        lambda revision, by, said: actions.take_review(revision, by=by) and "",
        gettext_lazy("It is your review now. You can give it back to the pool."),
        fits=lambda user, revision: revision.reviewer_id is None,
    ),
    "approve": Step(
        gettext_lazy("Approve this text"),
        (State.IN_REVIEW,),
        "page.approve",
        _approve,
        gettext_lazy("Approved. The approval holds for exactly this text."),
        step_forms.ApproveForm,
        fits=lambda user, revision: revision.reviewer_id in (None, user.pk),
    ),
    "request-changes": Step(
        gettext_lazy("Request changes"),
        (State.IN_REVIEW, State.APPROVED),
        "page.request_changes",
        lambda revision, by, said: (
            actions.request_changes(revision, by=by, reason=said["text"]) and ""
        ),
        gettext_lazy("Sent back to the author with your reason."),
        step_forms.ChangesForm,
    ),
    "release": Step(
        gettext_lazy("Give this review back to the pool"),
        (State.IN_REVIEW,),
        "page.view",
        lambda revision, by, said: actions.release_review(revision, by=by) and "",
        gettext_lazy("Any reviewer can take it now."),
        fits=lambda user, revision: (
            revision.reviewer_id is not None
            and (revision.reviewer_id == user.pk or roles.can(user, "page.assign"))
        ),
    ),
    "assign": Step(
        gettext_lazy("Ask this reviewer"),
        (State.IN_REVIEW,),
        "page.assign",
        lambda revision, by, said: (
            actions.assign(revision, by=by, reviewer=said["reviewer"], due=said["due"]) and ""
        ),
        gettext_lazy("Done. Whoever was named is told by mail."),
        step_forms.AssignForm,
    ),
    "publish": Step(
        gettext_lazy("Publish"),
        (State.APPROVED,),
        "page.publish",
        lambda revision, by, said: actions.publish(revision, by=by) and "",
        gettext_lazy("Published. Readers see it now."),
    ),
    "schedule": Step(
        gettext_lazy("Schedule publication"),
        (State.APPROVED,),
        "page.schedule",
        _schedule,
        gettext_lazy("Scheduled. What stands in the way then is asked again."),
        step_forms.ScheduleForm,
    ),
    "confirm-review": Step(
        gettext_lazy("Confirm that this text still holds"),
        (State.PUBLISHED,),
        "page.confirm_review",
        _confirm,
        gettext_lazy("Thank you. Readers see that you read it again today."),
        step_forms.ConfirmForm,
    ),
    "review-due": Step(
        gettext_lazy("Set when it is read again"),
        (),
        "page.set_review_due",
        lambda revision, by, said: (
            actions.set_review_due(revision.page, by=by, on=said["on"], reason=said["text"]) and ""
        ),
        "Set.",
        step_forms.ReviewDueForm,
    ),
    "withdraw": Step(
        gettext_lazy("Withdraw the page"),
        (),
        "page.withdraw",
        _withdraw,
        gettext_lazy("Withdrawn. Readers are told so, with your reason."),
        step_forms.WithdrawForm,
    ),
    "withdraw-later": Step(
        gettext_lazy("Schedule withdrawal"),
        (),
        "page.schedule",
        _withdraw_later,
        "Scheduled.",
        step_forms.WithdrawLaterForm,
    ),
    "override": Step(
        gettext_lazy("Publish without review here"),
        (State.DRAFT,),
        "page.override",
        lambda revision, by, said: (
            actions.publish_override(revision, by=by, reason=said["text"]) and ""
        ),
        gettext_lazy("Published by your override. Readers see “not yet reviewed here”."),
        step_forms.OverrideForm,
    ),
}


def posted_form(name: str, page, request) -> step_forms.StepForm:
    """The form of a step as it was posted, for exactly the revision of this page that was shown.

    Raises Http404 when the page has no such revision.
    """
    pk = request.POST.get("revision", "")
    known = pk.isascii() and pk.isdigit() and len(pk) <= DIGITS
    revision = get_object_or_404(Revision, page=page, pk=int(pk) if known else 0)
    return STEPS[name].form(request.POST, step=name, revision=revision)


def take(name: str, form: step_forms.StepForm, user) -> str:
    """Take the step and answer what to tell the person. Raises Refused."""
    if refusal := form.refusal():
        raise WrongState(refusal)
    remark = STEPS[name].run(form.revision, user, form.cleaned_data) or ""
    return f"{STEPS[name].done} {remark}".strip()


def steps_for(user, revision, posted: dict | None = None) -> list[dict]:
    """The buttons this person sees for this revision, each with its form; one that was posted
    and refused keeps what was written in it."""
    return [
        {
            "name": name,
            "step": step,
            "form": (posted or {}).get(name) or step.form(step=name, revision=revision),
        }
        for name, step in STEPS.items()
        if step.is_for(user, revision)
    ]
