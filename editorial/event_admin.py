"""The audit log in the admin: read, searched, filtered and taken along; never changed."""

import json

from django.contrib import admin
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from . import audit
from .admin_filters import TextFilter
from .admin_roles import RoleAdmin


class PersonFilter(TextFilter):
    """Events that somebody caused, or that happened to their account."""

    title, parameter_name, label = "person", "person", gettext_lazy("Name, or a part of it")

    def condition(self, value):
        return Q(actor_name__icontains=value) | Q(subject=value, verb__startswith="person.")


class PageFilter(TextFilter):
    """Events of one page."""

    title, parameter_name, label = "page", "page", gettext_lazy("Number of the page")

    def condition(self, value):
        number = value.lstrip("#")
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            return Q(pk__in=[])
        return Q(page_id=int(number))


class SinceFilter(TextFilter):
    """Events from one day on, or up to one."""

    title, parameter_name, label = "first day", "since", gettext_lazy("From this day on")
    input_type = "date"
    lookup = "at__date__gte"

    def condition(self, value):
        day = self.as_date(value)
        return Q(**{self.lookup: day}) if day else Q(pk__in=[])


class UntilFilter(SinceFilter):
    """Events up to a day, that day included."""

    title, parameter_name, label = "last day", "until", gettext_lazy("Up to this day")
    lookup = "at__date__lte"


class EventAdmin(RoleAdmin, admin.ModelAdmin):
    """The audit log."""

    view_action = "audit.view"
    list_display = ["at", "actor_name", "verb", "subject", "page_link", "details"]
    list_filter = [PersonFilter, PageFilter, SinceFilter, UntilFilter, "verb"]
    search_fields = ["subject", "actor_name", "verb", "data__reason", "data__note"]
    ordering = ["-pk"]
    list_per_page = 100
    show_full_result_count = False
    export_columns = [
        "pk",
        "at",
        "actor_id",
        "actor_name",
        "verb",
        "page_id",
        "subject",
        "data",
        "previous_hash",
        "hash",
    ]
    export_json_lines = True

    def get_search_results(self, request, queryset, search_term):
        """A whole hash finds its event."""
        term = search_term.strip().lower()
        if len(term) == len(audit.GENESIS) and term.isalnum():
            return queryset.filter(hash=term), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=gettext_lazy("Page"), ordering="page_id")
    def page_link(self, event):
        if event.page_id is None:
            return "–"
        address = f"{reverse('admin:editorial_event_changelist')}?page={event.page_id}"
        return format_html('<a href="{}">Page {}</a>', address, event.page_id)

    @admin.display(description=gettext_lazy("Reason or note"))
    def details(self, event):
        words = event.data.get("reason") or event.data.get("note") or ""
        return f"{words[:120]}…" if len(words) > 120 else words or "–"

    def as_json_line(self, event) -> str:
        """One event as a line of JSON with every field that its hash covers, and the hash."""
        fields = {name: getattr(event, name) for name in self.export_columns}
        fields["at"] = event.at.isoformat()
        return json.dumps(fields, ensure_ascii=False, sort_keys=True) + "\n"
