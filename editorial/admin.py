"""People. (Pages: page_admin.py, used by the rooms above. The audit log: event_admin.py. Rules for
kinds of page, interests and redirects: rules_admin.py.)"""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserCreationForm
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext, gettext_lazy

from . import people, roles, rules_admin  # noqa: F401  (its admins register themselves)
from .admin_roles import RoleAdmin
from .errors import Refused
from .event_admin import EventAdmin
from .image_admin import ImageAdmin
from .models import Event, Image, User


class PersonForm(forms.ModelForm):
    """A member of staff with roles."""

    role_list = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=roles.Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "What this person may do. A person without a role can sign in but do nothing."
        ),
    )

    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "title", "interests", "is_active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["role_list"] = sorted(self.instance.role_names)


class NewPersonForm(PersonForm, UserCreationForm):
    """The same with a first password."""


@admin.register(User)
class PersonAdmin(RoleAdmin, DjangoUserAdmin):
    """Staff and their roles; each change is an Event."""

    view_action = edit_action = add_action = "user.manage"
    form = PersonForm
    add_form = NewPersonForm
    change_form_template = "admin/editorial/user/change_form.html"
    list_display = ["username", "display_name", "title", "email", "is_active"]
    list_filter = ["groups", "is_active"]
    search_fields = ["username", "first_name", "last_name", "email"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "first_name", "last_name", "email", "is_active"]}),
        (gettext_lazy("Role"), {"fields": ["role_list", "title", "interests"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "first_name", "last_name", "email"]}),
        (gettext_lazy("Password"), {"fields": ["password1", "password2"]}),
        (gettext_lazy("Role"), {"fields": ["role_list", "title", "interests"]}),
    ]

    def save_model(self, request, obj, form, change):
        role_list = form.cleaned_data["role_list"]
        people.save(obj, by=request.user, role_list=role_list, is_new=not change)

    def get_urls(self):
        """The stock addresses, and one for people who lost their second factor."""
        guarded = self.admin_site.admin_view(self.take_factors)
        name = "editorial_user_take_factors"
        return [path("<int:pk>/take-factors/", guarded, name=name), *super().get_urls()]

    def take_factors(self, request, pk):
        """POST only: take away somebody's second factors."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        person = get_object_or_404(User, pk=pk)
        if request.method == "POST":
            try:
                number = people.take_second_factors(person, by=request.user)
            except Refused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(
                    request,
                    gettext("%(number)s second factors of %(person)s taken away.")
                    % {"number": number, "person": person},
                )
        return redirect("admin:editorial_user_change", pk)

    def user_change_password(self, request, id, form_url=""):
        """The new password and its Event, or neither."""
        with transaction.atomic():
            return super().user_change_password(request, id, form_url)

    def log_change(self, request, obj, message):
        """A password that an administrator gave is told here, and nowhere else."""
        if request.resolver_match.url_name == "auth_user_password_change":
            people.note_new_password(obj, by=request.user)
        return super().log_change(request, obj, message)


admin.site.register(Event, EventAdmin)
admin.site.register(Image, ImageAdmin)
