from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import path

from editorial.admin_roles import RoleAdmin

from . import actions, identifiers, lookup
from .desk_cards import CitedFilter
from .models import Notice, Source


class SourceForm(forms.ModelForm):
    """A bibliographic record; identifiers may be pasted as addresses."""

    doi = forms.CharField(label="DOI", required=False, max_length=260)
    pmid = forms.CharField(label="PMID", required=False, max_length=80)
    nct = forms.CharField(label="Trial registration (NCT)", required=False, max_length=80)

    class Meta:
        model = Source
        fields = [
            "key",
            "title",
            "title_is_description",
            "authors",
            "journal",
            "year",
            "citation",
            "doi",
            "pmid",
            "nct",
            "url",
            "design",
            "participants",
            "finding",
            "direction",
            "confidence",
            "checked_by",
        ]
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "finding": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "checked_by": forms.TextInput(attrs={"class": "vTextField"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["key"].disabled = True

    def clean_doi(self):
        """In its normal form."""
        return identifiers.normal_doi(self.cleaned_data["doi"])

    def clean_pmid(self):
        """As a number."""
        return identifiers.normal_pmid(self.cleaned_data["pmid"])

    def clean_nct(self):
        """In its normal form."""
        return identifiers.normal_nct(self.cleaned_data["nct"])


class NoticeInline(admin.TabularInline):
    """Notices of a source, to be read."""

    model = Notice
    extra = 0
    can_delete = False
    fields = readonly_fields = ["kind", "date_text", "doi", "reason", "recorded_at"]

    def has_add_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return True


@admin.register(Source)
class SourceAdmin(RoleAdmin, admin.ModelAdmin):
    """Sources, their identity and standing."""

    view_action = "source.view"
    edit_action = add_action = "source.edit"
    form = SourceForm
    inlines = [NoticeInline]
    list_display = ["label", "short_title", "design", "participants", "standing", "sureness"]
    list_filter = ["standing", CitedFilter, "design", "confidence", "direction"]
    search_fields = ["key", "title", "authors", "doi", "pmid", "nct"]
    readonly_fields = ["standing"]
    ordering = ["authors", "year"]

    @admin.display(description="Title", ordering="title")
    def short_title(self, source):
        return source.title[:90]

    @admin.display(description="Confidence", ordering="confidence")
    def sureness(self, source):
        # The choice's whole sentence makes the list wider than a small screen.
        return source.confidence

    def save_form(self, request, form, change):
        return form.instance

    def save_model(self, request, obj, form, change):
        fields = {k: v for k, v in form.cleaned_data.items() if k != "key"}
        saved = actions.save_source(by=request.user, key=obj.key, **fields)
        obj.pk = saved.pk

    def save_related(self, request, form, formsets, change):
        """Notices are recorded by their own form."""

    def get_urls(self):
        find = path(
            "find/",
            self.admin_site.admin_view(lookup.find_sources),
            name="evidence_source_find",
        )
        return [find, *super().get_urls()]


class NoticeForm(forms.ModelForm):
    """A notice; it reopens every claim that rests on the source."""

    class Meta:
        model = Notice
        fields = ["source", "kind", "date", "doi", "reason", "checked"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}

    def clean(self):
        """A notice is not older than its paper."""
        data = super().clean()
        source, date = data.get("source"), data.get("date")
        if source and date and source.year and date.year < source.year:
            raise ValidationError(f"The notice is dated before its paper ({source.year}).")
        return data


@admin.register(Notice)
class NoticeAdmin(RoleAdmin, admin.ModelAdmin):
    """Retractions, expressions of concern, corrections, reinstatements."""

    view_action = "source.view"
    add_action = "notice.record"
    form = NoticeForm
    list_display = ["kind", "source", "date_text", "recorded_at"]
    list_filter = ["kind"]
    list_select_related = ["source"]
    autocomplete_fields = ["source"]
    search_fields = ["source__title", "source__key", "doi"]

    def save_form(self, request, form, change):
        return form.instance

    def save_model(self, request, obj, form, change):
        fields = {k: v for k, v in form.cleaned_data.items() if k != "source"}
        notice, _ = actions.record_notice(obj.source, by=request.user, **fields)
        obj.pk = notice.pk

    def save_related(self, request, form, formsets, change):
        """Nothing is related."""
