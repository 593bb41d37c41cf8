from django.contrib import admin

from editorial.page_admin import PageAdmin

from . import assessment_admin  # noqa: F401  registers the desk for assessments
from .forms import ConditionForm, TherapyForm
from .models import Condition, Therapy


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
