"""What each step of the workflow asks for: plain fields, by keyboard and without script."""

from urllib.parse import urlsplit

from django import forms
from django.urls import Resolver404, resolve
from django.utils.translation import gettext, gettext_lazy

from . import registry, roles
from .models import Page
from .moments import MomentField, zone_name


class PageAddressField(forms.CharField):
    """A page by its address on this site; its cleaned value is the Page, or None."""

    def clean(self, value):
        text = super().clean(value).strip()
        if not text:
            return None
        page = page_at(urlsplit(text).path)
        if page is None:
            raise forms.ValidationError(
                gettext(
                    "No page of this site stands at “%(text)s”. Copy the address from the "
                    "browser, such as /articles/living-with-lupus/."
                )
                % {"text": text}
            )
        return page


def page_at(path: str) -> Page | None:
    """The page that stands at this path of the site."""
    try:
        match = resolve(path if path.startswith("/") else f"/{path}")
    except Resolver404:
        return None
    kind, _, view = (match.url_name or "").rpartition("-")
    if view != "detail" or kind not in registry.kinds:
        return None
    return Page.objects.filter(kind=kind, slug=match.kwargs.get("slug", "")).first()


class StepForm(forms.Form):
    """The base of all of them: nothing is asked. `step` keeps the fields' ids apart."""

    def __init__(self, data=None, *, step: str, revision):
        super().__init__(data, auto_id=f"%s-{step}", label_suffix="")
        self.revision = revision

    def refusal(self) -> str:
        """What is wrong, in sentences; empty when all is well."""
        if self.is_valid():
            return ""
        return " ".join(
            error if name == "__all__" else f"{self.fields[name].label}: {error}"
            for name, errors in self.errors.items()
            for error in errors
        )


def _words(label: str, *, rows: int = 2) -> forms.CharField:
    """Words that the action itself demands where it needs them, so that one sentence says so."""
    return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": rows}))


def _day(label: str, **kwargs) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d"], **kwargs)


def _reviewer() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=gettext("Reviewer"),
        queryset=roles.holders(roles.Role.REVIEWER),
        required=False,
        empty_label=gettext("The pool: whoever takes it first"),
    )


class _ReviewerForm(StepForm):
    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        reviewers = roles.holders(roles.Role.REVIEWER).exclude(pk=self.revision.author_id)
        self.fields["reviewer"].queryset = reviewers
        self.initial = {"reviewer": self.revision.reviewer_id, "due": self.revision.review_by}


class SubmitForm(_ReviewerForm):
    """To whom, by when, and a note."""

    text = _words(gettext_lazy("Note for the reviewer (optional)"))
    reviewer = _reviewer()
    due = _day(gettext_lazy("Review wanted by (optional)"), required=False)


class AssignForm(_ReviewerForm):
    """To whom and by when."""

    reviewer = _reviewer()
    due = _day(gettext_lazy("Review wanted by (optional)"), required=False)


class ChangesForm(StepForm):
    """Why."""

    text = _words(gettext_lazy("What should change"))


class ApproveForm(StepForm):
    """What was checked."""

    text = _words(gettext_lazy("What you checked (optional; kept with your name)"))


class ConfirmForm(StepForm):
    """What was checked."""

    text = _words(gettext_lazy("What you checked (kept with your name)"))


class OverrideForm(StepForm):
    """Why."""

    text = _words(gettext_lazy("Why it goes out without review (kept in the audit log)"))


class ScheduleForm(StepForm):
    """When, in a time zone that is named."""

    at = MomentField(label=gettext_lazy("When"))

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["at"].help_text = zone_name()


class WithdrawForm(StepForm):
    """Why, and what takes its place."""

    text = _words(gettext_lazy("Why (readers see this)"))
    replaced_by = PageAddressField(
        label=gettext_lazy("Address of the page that takes its place (optional)"),
        required=False,
        help_text=gettext_lazy("Readers are led there. Such as /articles/living-with-lupus/."),
    )


class WithdrawLaterForm(WithdrawForm):
    """The same, and when."""

    at = MomentField(label=gettext_lazy("When"))
    field_order = ["at"]

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["at"].help_text = zone_name()


class ReviewDueForm(StepForm):
    """Which day, and why if it is later than the rules allow."""

    on = _day(gettext_lazy("Next review by"))
    text = _words(gettext_lazy("Why, if it is later than the rules allow"))

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        self.initial = {"on": self.revision.page.review_due}
