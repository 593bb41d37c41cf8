"""The desk for sources, notices and citations on purpose."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, gettext_lazy

from editorial import roles
from editorial.admin_roles import RoleAdmin
from editorial.errors import Refused
from editorial.models import Page, Revision
from editorial.where_used import WhereUsed

from . import actions, fetching, identifiers, lookup, merging, picking
from .desk_cards import CitedFilter
from .models import Acknowledgement, Notice, Source


class AboutField(forms.ModelMultipleChoiceField):
    """Conditions and therapies, each said to be which."""

    def label_from_instance(self, page):
        return f"{page.title} ({page.kind})"


class SourceForm(forms.ModelForm):
    """A bibliographic record; identifiers may be pasted as addresses."""

    doi = forms.CharField(label=gettext_lazy("DOI"), required=False, max_length=260)
    pmid = forms.CharField(label=gettext_lazy("PMID"), required=False, max_length=80)
    nct = forms.CharField(
        label=gettext_lazy("Trial registration (NCT)"), required=False, max_length=80
    )
    about = AboutField(
        label=gettext_lazy("Conditions and therapies"),
        queryset=Page.objects.filter(kind__in=["condition", "therapy"]).order_by("kind", "title"),
        required=False,
        help_text=Source._meta.get_field("about").help_text,
        widget=forms.SelectMultiple(attrs={"size": 12}),
    )

    class Meta:
        model = Source
        fields = [
            *("key", "title", "title_is_description", "authors", "journal", "year", "citation"),
            *("doi", "pmid", "nct", "url", "free_url"),
            *("about", "design", "participants", "comparator", "outcome", "finding", "direction"),
            *("funding", "interests", "confidence", "checked_by"),
        ]
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "finding": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "funding": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "interests": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "checked_by": forms.TextInput(attrs={"class": "vTextField"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.remarks: list[str] = []
        if self.instance.pk and "key" in self.fields:
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

    def clean(self):
        """New identifiers are those of this paper, as far as anybody can be asked."""
        data = super().clean()
        changed = {"doi", "pmid"} & set(self.changed_data)
        if changed and not self.errors and not data["title_is_description"]:
            ids = {"doi": data["doi"], "pmid": data["pmid"]}
            self.remarks = fetching.require_one_paper(data["title"], **ids)
        return data


class NoticeInline(admin.StackedInline):
    """Notices of a source, to be read."""

    model = Notice
    extra = 0
    can_delete = False
    fields = readonly_fields = ["kind", "date_text", "doi", "reason", "recorded_at"]

    def has_add_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return True


class AcknowledgementInline(admin.StackedInline):
    """Pages that cite a retracted source on purpose, to be read."""

    model = Acknowledgement
    extra = 0
    can_delete = False
    fields = readonly_fields = ["page", "reason", "made_by_name", "made_at"]
    verbose_name_plural = gettext_lazy("cited on purpose")

    def has_add_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return True


@admin.register(Source)
class SourceAdmin(WhereUsed, RoleAdmin, admin.ModelAdmin):
    """Sources, their identity and standing."""

    view_action = "source.view"
    edit_action = add_action = "source.edit"
    form = SourceForm
    inlines = [NoticeInline, AcknowledgementInline]
    list_display = ["label", "short_title", "design", "participants", "standing", "sureness"]
    list_filter = ["standing", CitedFilter, "design", "confidence", "direction"]
    search_fields = ["key", "title", "authors", "doi", "pmid", "nct"]
    readonly_fields = ["standing"]
    ordering = ["authors", "year"]
    change_list_template = "admin/evidence/source_list.html"
    change_form_template = "admin/evidence/source_form.html"

    def get_queryset(self, request):
        return super().get_queryset(request).current()

    @admin.display(description=gettext_lazy("Title"), ordering="title")
    def short_title(self, source):
        return source.title[:90]

    @admin.display(description=gettext_lazy("Confidence"), ordering="confidence")
    def sureness(self, source):
        # The choice's whole sentence makes the list wider than a small screen.
        return source.confidence

    def save_form(self, request, form, change):
        return form.instance

    def save_model(self, request, obj, form, change):
        fields = {k: v for k, v in form.cleaned_data.items() if k != "key"}
        saved = actions.save_source(by=request.user, key=obj.key, **fields)
        obj.pk = saved.pk
        for remark in form.remarks:
            messages.warning(request, remark)

    def save_related(self, request, form, formsets, change):
        """The action wrote what it is about; notices are recorded by their own form."""

    def construct_change_message(self, request, form, formsets, add=False):
        """The audit log tells what changed; the lists of notices below the form never do."""
        return [{"added": {}}] if add else [{"changed": {}}]

    def get_urls(self):
        wrap = self.admin_site.admin_view
        own = [
            path("find/", wrap(lookup.find_sources), name="evidence_source_find"),
            path("look-up/", wrap(picking.look_up_source), name="evidence_source_look_up"),
            path("keep/", wrap(picking.keep_source), name="evidence_source_keep"),
            path("paste/", wrap(picking.paste_sources), name="evidence_source_paste"),
            path("<int:pk>/merge/", wrap(merge_view), name="evidence_source_merge"),
        ]
        return own + super().get_urls()


class MergeForm(forms.Form):
    """Which other record is the same paper."""

    goes = forms.CharField(
        label=gettext_lazy("Key of the other record"),
        max_length=80,
        help_text=gettext_lazy(
            "It gives way to this one. Texts that cite it cite this one from then on."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("How you know that both are one paper"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_goes(self):
        """The source of this key."""
        source = Source.objects.current().filter(key=self.cleaned_data["goes"].strip()).first()
        if source is None:
            raise ValidationError(gettext("There is no source of this key. Copy it from the list."))
        return source


def merge_view(request, pk):
    """Merge another record of the same paper into this source."""
    source = get_object_or_404(Source.objects.current(), pk=pk)
    if not roles.can(request.user, "source.merge"):
        raise PermissionDenied
    form = MergeForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            merging.merge_sources(source, by=request.user, **form.cleaned_data)
        except (Refused, ValidationError) as error:
            messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
        else:
            messages.success(request, gettext("Both are %(key)s now.") % {"key": source.key})
            return redirect("admin:evidence_source_change", source.pk)
    context = {**admin.site.each_context(request), "title": gettext("Merge two sources")}
    return render(request, "admin/evidence/merge.html", {**context, "source": source, "form": form})


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
            raise ValidationError(
                gettext("The notice is dated before its paper (%(year)s).") % {"year": source.year}
            )
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


class AcknowledgementForm(forms.ModelForm):
    """Offers retracted sources, and pages whose text cites one."""

    class Meta:
        model = Acknowledgement
        fields = ["page", "source", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        citing = Q(revisions__cited__source__standing=Source.Standing.RETRACTED)
        at_work = Q(revisions__state__in=[*Revision.OPEN_STATES, Revision.State.PUBLISHED])
        self.fields["page"].queryset = Page.objects.filter(citing & at_work).distinct()
        self.fields["source"].queryset = Source.objects.retracted()


@admin.register(Acknowledgement)
class AcknowledgementAdmin(RoleAdmin, admin.ModelAdmin):
    """Pages that cite a retracted source on purpose, and why: a moderator's word."""

    view_action = "source.view"
    add_action = "source.acknowledge"
    form = AcknowledgementForm
    list_display = ["page", "source", "reason", "made_by_name", "made_at"]
    list_select_related = ["page", "source"]
    actions = ["take_back"]

    def save_form(self, request, form, change):
        return form.instance

    def save_model(self, request, obj, form, change):
        data = form.cleaned_data
        found = actions.acknowledge(
            data["page"], data["source"], by=request.user, reason=data["reason"]
        )
        obj.pk = found.pk

    def save_related(self, request, form, formsets, change):
        """Nothing is related."""

    def add_view(self, request, form_url="", extra_context=None):
        try:
            return super().add_view(request, form_url, extra_context)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(reverse("admin:evidence_acknowledgement_changelist"))

    @admin.action(
        description=gettext_lazy("Take the selected back: the page must not cite it any more")
    )
    def take_back(self, request, queryset):
        for row in queryset:
            try:
                actions.take_back_acknowledgement(row, by=request.user)
            except Refused as refusal:
                messages.error(request, str(refusal))
