"""Filters for admin lists that the stock admin lacks."""

import datetime
from urllib.parse import parse_qsl

from django.contrib.admin import SimpleListFilter


class TextFilter(SimpleListFilter):
    """A filter that a person types. Subclasses say `label` and `condition(value) -> Q`."""

    template = "admin/desk/text_filter.html"
    label = ""
    input_type = "text"
    LONGEST = 200

    def lookups(self, request, model_admin):
        return [("", "")]  # none to choose from; but a filter without any is not shown

    def choices(self, changelist):
        """The form's field, and the rest of the address to keep."""
        kept = changelist.get_query_string(remove=[self.parameter_name, "p"]).lstrip("?")
        yield {
            "value": self.value() or "",
            "kept": parse_qsl(kept, keep_blank_values=True),
            "reset": f"?{kept}",
        }

    def queryset(self, request, queryset):
        value = (self.value() or "").strip()[: self.LONGEST]
        return queryset.filter(self.condition(value)) if value else queryset

    def condition(self, value):
        """The Q of what was typed."""
        raise NotImplementedError

    @staticmethod
    def as_date(value: str) -> datetime.date | None:
        """A day as the browser sends it; None when it is none."""
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            return None
