from django.contrib import admin

from editorial.page_admin import PageAdmin
from editorial.where_used import WhereUsed

from . import assessment_admin  # noqa: F401  registers the desk for assessments
from .forms import ConditionForm, TherapyForm
from .models import Condition, Therapy


class WhereUsedPage(WhereUsed, PageAdmin):
    """What conditions and therapies share: other pages speak of them."""

    change_form_template = PageAdmin.change_form_template


@admin.register(Condition)
class ConditionAdmin(WhereUsedPage):
    """The desk for conditions."""

    form = ConditionForm
    ordering = ["title"]
    autocomplete_fields = ["sources"]
    list_filter = ["status", "body_system"]


@admin.register(Therapy)
class TherapyAdmin(WhereUsedPage):
    """The desk for therapies."""

    form = TherapyForm
    ordering = ["title"]
    autocomplete_fields = ["sources"]
    list_filter = ["status", "form"]
