"""People and the audit log. (Pages: page_admin.py, used by the rooms above; rules, interests and
redirects: rules_admin.py.)"""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserCreationForm
from django.db import transaction

from . import audit, roles, rules_admin  # noqa: F401  (its admins register themselves)
from .admin_roles import RoleAdmin
from .models import Event, User


class PersonForm(forms.ModelForm):
    """A member of staff with roles."""

    role_list = forms.MultipleChoiceField(
        label="Roles",
        choices=roles.Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="What this person may do. A person without a role can sign in but do nothing.",
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
    """Staff and their roles; each change of roles is an Event."""

    view_action = edit_action = add_action = "user.manage"
    form = PersonForm
    add_form = NewPersonForm
    list_display = ["username", "display_name", "title", "email", "is_active"]
    list_filter = ["groups", "is_active"]
    search_fields = ["username", "first_name", "last_name", "email"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["username", "first_name", "last_name", "email", "is_active"]}),
        ("Role", {"fields": ["role_list", "title", "interests"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "first_name", "last_name", "email"]}),
        ("Password", {"fields": ["password1", "password2"]}),
        ("Role", {"fields": ["role_list", "title", "interests"]}),
    ]

    def save_model(self, request, obj, form, change):
        with transaction.atomic():
            before = sorted(obj.role_names) if change else []
            super().save_model(request, obj, form, change)
            roles.grant(obj, *form.cleaned_data["role_list"])
            after = sorted(form.cleaned_data["role_list"])
            if before != after:
                audit.record(
                    "person.roles_changed",
                    by=request.user,
                    subject=obj.username,
                    before=before,
                    after=after,
                )


@admin.register(Event)
class EventAdmin(RoleAdmin, admin.ModelAdmin):
    """The audit log: read and searched, never changed."""

    view_action = "audit.view"
    list_display = ["at", "actor_name", "verb", "subject"]
    list_filter = ["verb", "at"]
    search_fields = ["subject", "actor_name", "verb"]
    ordering = ["-pk"]
    list_per_page = 100
