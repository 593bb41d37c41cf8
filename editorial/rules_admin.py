"""Rules for kinds of page, declared interests and redirects in the admin; all by actions."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from . import actions, registry, roles
from .admin_roles import RoleAdmin
from .errors import Refused
from .models import DeclaredInterest, KindPolicy, Redirect
from .step_forms import PageAddressField


@admin.register(KindPolicy)
class KindPolicyAdmin(RoleAdmin, admin.ModelAdmin):
    """How many approvals, how often a review: one row for each kind of page."""

    view_action = "page.view"
    edit_action = "policy.edit"
    list_display = ["kind", "approvals_needed", "review_days"]
    fields = ["approvals_needed", "review_days"]

    def save_model(self, request, obj, form, change):
        actions.set_policy(obj.kind, by=request.user, **form.cleaned_data)


class InterestForm(forms.ModelForm):
    """Who, in which page, what, from when."""

    page = PageAddressField(
        label=gettext_lazy("Address of the page"),
        help_text=gettext_lazy(
            "The page, or the therapy or condition that other pages are about. Such "
            "as /therapies/methotrexate/."
        ),
    )

    class Meta:
        model = DeclaredInterest
        fields = ["user", "page", "what", "since", "until"]


@admin.register(DeclaredInterest)
class DeclaredInterestAdmin(RoleAdmin, admin.ModelAdmin):
    """Who has a stake in what; an interest ends, it is never deleted."""

    view_action = "page.view"
    edit_action = add_action = "interest.edit"
    form = InterestForm
    list_display = ["user_name", "page", "what", "since", "until"]
    list_select_related = ["page"]
    search_fields = ["user_name", "page__title", "what"]
    autocomplete_fields = ["user"]

    def get_fields(self, request, obj=None):
        return ["user_name", "page", "what", "since", "until"] if obj else self.form.Meta.fields

    def get_readonly_fields(self, request, obj=None):
        return ["user_name", "page", "what", "since"] if obj else []

    def save_model(self, request, obj, form, change):
        if change:
            actions.end_interest(obj, by=request.user, until=form.cleaned_data["until"])
            return
        made = actions.declare_interest(by=request.user, **form.cleaned_data)
        obj.__dict__.update(made.__dict__)


class RedirectForm(forms.ModelForm):
    """An old address and the page it leads to."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of page that stood there"))
    page = PageAddressField(
        label=gettext_lazy("Address of the page it leads to"),
        help_text=gettext_lazy("Such as /articles/living-with-lupus/."),
    )

    class Meta:
        model = Redirect
        fields = ["kind", "slug", "page"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            self.fields["kind"].choices = [(name, name) for name in registry.kinds]
        if self.instance.pk:
            self.initial["page"] = self.instance.page.get_absolute_url()


class HandOverForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is given up"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Links from elsewhere to this address will no longer find the page."
        ),
    )


@admin.register(Redirect)
class RedirectAdmin(RoleAdmin, admin.ModelAdmin):
    """Addresses of old. They are changed, or given up so that another page can have them."""

    view_action = "page.view"
    edit_action = add_action = "redirect.edit"
    form = RedirectForm
    list_display = ["slug", "kind", "page", "made_by_name", "made_at", "give_up"]
    list_filter = ["kind"]
    list_select_related = ["page"]
    search_fields = ["slug", "page__title"]

    def get_readonly_fields(self, request, obj=None):
        return ["kind", "slug"] if obj else []

    @admin.display(description=gettext_lazy("Give up"))
    def give_up(self, redirect_):
        return format_html(
            '<a href="{}">Give up<span class="visually-hidden"> {}</span></a>',
            reverse("admin:editorial_redirect_give_up", args=[redirect_.pk]),
            redirect_.slug,
        )

    def save_model(self, request, obj, form, change):
        if change:
            actions.point_redirect(obj, by=request.user, page=form.cleaned_data["page"])
            return
        made = actions.add_redirect(by=request.user, **form.cleaned_data)
        obj.__dict__.update(made.__dict__)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(request.path)

    def get_urls(self):
        wrap = self.admin_site.admin_view
        own = path("<int:pk>/give-up/", wrap(self.give_up_view), name="editorial_redirect_give_up")
        return [own, *super().get_urls()]

    def give_up_view(self, request, pk):
        """Ask why, then free the address."""
        if not roles.can(request.user, "redirect.edit"):
            raise PermissionDenied
        old = get_object_or_404(Redirect.objects.select_related("page"), pk=pk)
        form = HandOverForm(request.POST or None, label_suffix="")
        if request.method == "POST" and form.is_valid():
            try:
                actions.hand_over(old, by=request.user, reason=form.cleaned_data["reason"])
            except Refused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(
                    request,
                    gettext("“%(slug)s” is free. Another page can have it now.")
                    % {"slug": old.slug},
                )
                return redirect("admin:editorial_redirect_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Give up the old address “%(slug)s”") % {"slug": old.slug},
            "old": old,
            "form": form,
        }
        return render(request, "admin/editorial/give_up.html", context)
