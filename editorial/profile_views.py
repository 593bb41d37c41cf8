"""A person's own page of the desk: which letters they want."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext, gettext_lazy

from . import roles
from .mail import About


class MailForm(forms.Form):
    """The kinds of letter that this person wants; all of them at first."""

    wanted = forms.MultipleChoiceField(
        label=gettext_lazy("Write to me about"),
        choices=About.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def me(request):
    """GET shows the form, POST keeps it; always of the person who asks."""
    if not roles.can(request.user, "page.view"):
        raise PermissionDenied
    user = request.user
    wanted = [kind for kind in About.values if kind not in user.mail_off]
    form = MailForm(request.POST or None, initial={"wanted": wanted}, label_suffix="")
    if request.method == "POST" and (form := MailForm(request.POST, label_suffix="")).is_valid():
        user.mail_off = [kind for kind in About.values if kind not in form.cleaned_data["wanted"]]
        user.save(update_fields=["mail_off"])
        messages.success(request, "Kept.")
        return redirect("admin:me")
    context = {
        **admin.site.each_context(request),
        "title": gettext("My letters and interests"),
        "form": form,
        "interests": user.declared_interests.select_related("page"),
    }
    return render(request, "admin/editorial/me.html", context)


def urls(wrap) -> list:
    """The address of the page, for the admin site; `wrap` is its admin_view."""
    return [path("me/", wrap(me), name="me")]
