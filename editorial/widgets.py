"""Widgets of the admin that differ from the stock ones."""

from django.contrib.admin.widgets import AutocompleteSelectMultiple


class AutocompleteMany(AutocompleteSelectMultiple):
    """The stock search-and-pick box without its “remove all” cross.

    The cross puts an element into a list that may hold list items only, and one slip empties the
    field.
    """

    def build_attrs(self, base_attrs, extra_attrs=None):
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false"}
