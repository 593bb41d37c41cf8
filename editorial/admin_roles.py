"""Admin permissions from the one table of roles, instead of Django's own rows."""

from . import roles
from .list_tools import ListTools
from .widgets import AutocompleteMany


class RoleAdmin(ListTools):
    """Mixin for ModelAdmin: who sees and edits is asked of `editorial.roles`.

    `view_action` and `edit_action` name rows of that table. Nothing is deleted by a click:
    history matters more than tidiness.
    """

    view_action = "page.view"
    edit_action = ""
    add_action = ""

    def has_module_permission(self, request):
        return roles.can(request.user, self.view_action)

    def has_view_permission(self, request, obj=None):
        return roles.can(request.user, self.view_action)

    def has_add_permission(self, request):
        return bool(self.add_action) and roles.can(request.user, self.add_action)

    def has_change_permission(self, request, obj=None):
        return bool(self.edit_action) and roles.can(request.user, self.edit_action)

    def has_delete_permission(self, request, obj=None):
        return False

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", AutocompleteMany(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)
