from django.contrib import admin

from editorial.admin_roles import RoleAdmin
from editorial.page_admin import PageAdmin

from . import actions
from .forms import AssessmentForm, ConditionForm, TherapyForm
from .models import Assessment, Condition, Therapy


@admin.register(Condition)
class ConditionAdmin(PageAdmin):
    """The desk for conditions."""

    form = ConditionForm
    ordering = ["title"]
    autocomplete_fields = ["sources"]
    list_filter = ["status", "body_system"]


@admin.register(Therapy)
class TherapyAdmin(PageAdmin):
    """The desk for therapies."""

    form = TherapyForm
    ordering = ["title"]
    autocomplete_fields = ["sources"]
    list_filter = ["status", "form"]


@admin.register(Assessment)
class AssessmentAdmin(RoleAdmin, admin.ModelAdmin):
    """What the evidence says of each pair."""

    view_action = "assessment.view"
    edit_action = add_action = "assessment.edit"
    form = AssessmentForm
    list_display = ["therapy", "condition", "certainty", "stage", "updated_at"]
    list_filter = ["certainty", "stage", "condition"]
    list_select_related = ["therapy", "condition"]
    search_fields = ["therapy__title", "condition__title", "summary"]
    autocomplete_fields = ["therapy", "condition", "sources"]

    def get_readonly_fields(self, request, obj=None):
        return ["therapy", "condition"] if obj else []

    def save_form(self, request, form, change):
        return form.instance

    def save_model(self, request, obj, form, change):
        words = {name: form.cleaned_data[name] for name in actions.WORDS}
        saved = actions.assess(
            by=request.user,
            therapy=obj.therapy,
            condition=obj.condition,
            sources=form.cleaned_data["sources"],
            **words,
        )
        obj.pk = saved.pk

    def save_related(self, request, form, formsets, change):
        """The action wrote the sources with the rest."""
