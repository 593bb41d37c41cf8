"""The desk for assessments: write a version, see what follows, have somebody else approve it."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_lazy

from editorial import roles
from editorial.admin_roles import RoleAdmin
from editorial.errors import Refused

from . import assessing, grade
from .forms import AssessmentForm, EmptySearchForm
from .models import Assessment, AssessmentVersion, EmptySearch, Outcome
from .versions import State

_VERSION = "admin:therapies_assessmentversion"


def _row(domain) -> tuple[str, str]:
    return domain.field, domain.why


class OutcomeInline(admin.StackedInline):
    """Benefits and harms in natural frequencies."""

    model = Outcome
    extra = 1
    verbose_name = gettext_lazy("benefit or harm")
    verbose_name_plural = gettext_lazy("Benefits and harms, in so many people of 100")
    autocomplete_fields = ["source"]
    fields = [
        ("axis", "what", "certainty"),
        ("among", "with_therapy", "without_therapy", "compared_with", "over"),
        ("people", "studies", "source"),
    ]

    def _may(self, request) -> bool:
        return roles.can(request.user, "assessment.edit")

    def has_view_permission(self, request, obj=None):
        return roles.can(request.user, "assessment.view")

    def has_add_permission(self, request, obj=None):
        return self._may(request)

    def has_change_permission(self, request, obj=None):
        return self._may(request) and not (obj and obj.state == State.SUPERSEDED)

    def has_delete_permission(self, request, obj=None):
        return self._may(request)


@admin.register(AssessmentVersion)
class AssessmentVersionAdmin(RoleAdmin, admin.ModelAdmin):
    """Versions of assessments. Saving any of them writes a new draft; nothing is overwritten."""

    view_action = "assessment.view"
    edit_action = add_action = "assessment.edit"
    form = AssessmentForm
    inlines = [OutcomeInline]
    change_form_template = "admin/therapies/assessment_form.html"
    list_display = ["therapy", "condition", "number", "state", "certainty", "author_name"]
    list_display_links = ["therapy", "condition"]
    list_filter = ["state", "certainty", "stage", "condition"]
    list_select_related = ["therapy", "condition"]
    search_fields = ["therapy__title", "condition__title", "summary"]
    autocomplete_fields = ["therapy", "condition", "sources"]
    readonly_fields = ["what_follows"]
    fieldsets = [
        (None, {"fields": ["therapy", "condition", "sources"]}),
        (gettext_lazy("How sure can anyone be?"), {"fields": ["start", "what_follows"]}),
        (
            gettext_lazy("Reasons to be less sure"),
            {
                "description": gettext_lazy(
                    "Each reason that counts needs a sentence; readers see it."
                ),
                "fields": [_row(domain) for domain in grade.DOWN],
            },
        ),
        (
            gettext_lazy("Reasons to be surer"),
            {
                "description": gettext_lazy("Rare, and mostly for observational studies."),
                "fields": [_row(domain) for domain in grade.UP],
            },
        ),
        (
            gettext_lazy("What readers are told"),
            {"fields": ["direction", "stage", "summary", "note", "would_change", "basis"]},
        ),
        (gettext_lazy("Last search"), {"fields": [("searched_on", "searched_where")]}),
    ]

    def has_change_permission(self, request, obj=None):
        superseded = obj is not None and obj.state == State.SUPERSEDED
        return super().has_change_permission(request, obj) and not superseded

    def get_readonly_fields(self, request, obj=None):
        pair = ["therapy", "condition"] if obj else []
        return [*pair, *self.readonly_fields]

    @admin.display(description=gettext_lazy("Certainty that follows"))
    def what_follows(self, version):
        """The level, and how it comes about."""
        if not version.pk:
            return gettext("Save, and it is worked out from the start and the reasons below.")
        steps = [version.get_start_display()]
        steps += [
            gettext("%(levels)s for %(label)s") % {"levels": reason.levels, "label": reason.label}
            for reason in version.reasons
        ]
        return format_html("<strong>{}</strong>: {}.", version.certainty, "; ".join(steps))

    # Saving: the action writes everything, once the form and its rows are valid.

    def save_form(self, request, form, change):
        return form.instance

    def save_model(self, request, obj, form, change):
        """Written with its rows in `save_related`."""

    def save_related(self, request, form, formsets, change):
        words = {name: form.cleaned_data[name] for name in assessing.WORDS}
        version = assessing.assess(
            by=request.user,
            therapy=form.instance.therapy,
            condition=form.instance.condition,
            sources=form.cleaned_data["sources"],
            outcomes=[row for formset in formsets for row in _rows(formset)],
            **words,
        )
        form.instance.pk = request.saved_version = version.pk
        form.instance.certainty = version.certainty

    def construct_change_message(self, request, form, formsets, add=False):
        """What changed is told by the versions."""
        return [{"added": {}}] if add else [{"changed": {}}]

    def response_add(self, request, obj, post_url_continue=None):
        """Back to the new version, with what follows from it."""
        version = AssessmentVersion.objects.get(pk=request.saved_version)
        if version.state == State.DRAFT:
            messages.success(
                request,
                gettext(
                    "Version %(number)s is saved as a draft. Its certainty follows as "
                    "%(certainty)s. Somebody else must approve it before readers see it."
                )
                % {"number": version.number, "certainty": version.certainty},
            )
        else:
            messages.info(request, gettext("That is what stands already; nothing was written."))
        return redirect(f"{_VERSION}_change", version.pk)

    response_change = response_add

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (Refused, ValidationError) as refusal:
            messages.error(request, _sentence(refusal))
            return redirect(request.path)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        version = self.get_object(request, object_id)
        is_draft = version is not None and version.state == State.DRAFT
        extra = {
            "version": version,
            "can_approve": is_draft
            and version.author_id != request.user.pk
            and roles.can(request.user, "assessment.approve"),
        }
        return super().change_view(request, object_id, form_url, extra | (extra_context or {}))

    def get_urls(self):
        approve = path(
            "<int:pk>/approve/",
            self.admin_site.admin_view(self.approve_view),
            name="therapies_assessmentversion_approve",
        )
        return [approve, *super().get_urls()]

    def approve_view(self, request, pk):
        """POST only: make this version what readers see."""
        version = get_object_or_404(AssessmentVersion, pk=pk)
        if request.method == "POST":
            try:
                assessing.approve(version, by=request.user)
                messages.success(request, gettext("Approved. Readers see it now."))
            except (Refused, ValidationError) as refusal:
                messages.error(request, _sentence(refusal))
        return redirect(f"{_VERSION}_change", pk)

    def get_view_on_site_url(self, obj=None):
        """Only where readers find it."""
        return super().get_view_on_site_url(obj) if obj and obj.state == State.APPROVED else None


def _rows(formset) -> list[dict]:
    """The filled rows of a formset that are not to go, in their order."""
    return [
        {name: form.cleaned_data.get(name) for name in assessing.FIGURES}
        for form in formset.forms
        if form.cleaned_data.get("what") and not form.cleaned_data.get("DELETE")
    ]


def _sentence(refusal) -> str:
    return " ".join(getattr(refusal, "messages", None) or [str(refusal)])


@admin.register(Assessment)
class AssessmentAdmin(RoleAdmin, admin.ModelAdmin):
    """What readers see of each pair; opening one opens its newest version."""

    view_action = "assessment.view"
    edit_action = add_action = "assessment.edit"
    list_display = ["therapy", "condition", "certainty", "direction", "stage", "footing"]
    list_filter = ["certainty", "direction", "stage", "footing", "condition"]
    list_select_related = ["therapy", "condition"]
    search_fields = ["therapy__title", "condition__title", "summary"]

    def add_view(self, request, form_url="", extra_context=None):
        return redirect(f"{_VERSION}_add")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        assessment = get_object_or_404(Assessment, pk=object_id)
        pair = {"therapy": assessment.therapy_id, "condition": assessment.condition_id}
        newest = AssessmentVersion.objects.filter(**pair).order_by("-number").first()
        if newest is None:  # written before assessments had versions
            return redirect(f"{reverse(_VERSION + '_add')}?{urlencode(pair)}")
        return redirect(f"{_VERSION}_change", newest.pk)


@admin.register(EmptySearch)
class EmptySearchAdmin(RoleAdmin, admin.ModelAdmin):
    """Evidence was looked for, and none was found."""

    view_action = "assessment.view"
    add_action = "assessment.edit"
    form = EmptySearchForm
    list_display = ["therapy", "condition", "searched_on", "searched_where", "recorded_by_name"]
    list_select_related = ["therapy", "condition"]
    search_fields = ["therapy__title", "condition__title"]
    autocomplete_fields = ["therapy", "condition"]

    def save_form(self, request, form, change):
        return form.instance

    def save_model(self, request, obj, form, change):
        saved = assessing.record_empty_search(by=request.user, **form.cleaned_data)
        obj.pk = saved.pk

    def save_related(self, request, form, formsets, change):
        """Nothing is related."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (Refused, ValidationError) as refusal:
            messages.error(request, _sentence(refusal))
            return redirect(request.path)
