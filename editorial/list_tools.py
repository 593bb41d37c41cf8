"""What every list of the admin offers: named filters, and the list as a file."""

from functools import partial

from django.contrib import messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext

from . import audit, roles, saved_filters, spreadsheets
from .errors import Refused

CHUNK = 500


class ListTools:
    """Part of RoleAdmin: saved filters and exports. `export_columns` names the columns of the
    file (those of the list without it); `export_json_lines` offers JSON Lines, too."""

    change_list_template = "admin/desk/change_list.html"
    export_columns: list[str] | None = None
    export_json_lines = False

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("export.csv", wrap(self.export_csv), name=self._list_view("export")),
            path("export.jsonl", wrap(self.export_jsonl), name=self._list_view("export_jsonl")),
            path("filters/save/", wrap(self.save_filter), name=self._list_view("save_filter")),
            path("filters/<int:pk>/", wrap(self.use_filter), name=self._list_view("use_filter")),
            path(
                "filters/<int:pk>/delete/",
                wrap(self.delete_filter),
                name=self._list_view("delete_filter"),
            ),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        """The stock list with its tools."""
        tools = {
            "saved_filters": saved_filters.visible(request.user, self._list_name),
            "list_name": self._list_name,
            "may_tidy": roles.can(request.user, "user.manage"),
            "current_query": request.GET.urlencode(),
            "offers_json_lines": self.export_json_lines,
            "addresses": {
                name: reverse(f"admin:{self._list_view(name)}")
                for name in ("export", "export_jsonl", "save_filter")
            },
        }
        return super().changelist_view(request, tools | (extra_context or {}))

    # Files

    def export_csv(self, request):
        """The list as it is filtered now, all pages of it, for a spreadsheet."""
        rows = self._rows_to_export(request, "CSV")
        names = list(self.export_columns or self.get_list_display(request))
        header = [label_for_field(name, self.model, self) for name in names]
        cells = ([self._cell(name, row) for name in names] for row in rows)
        return spreadsheets.download(
            spreadsheets.csv_lines(header, cells), f"{self._file_name()}.csv"
        )

    def export_jsonl(self, request):
        """The same as JSON, one row a line, where the list offers it."""
        if not self.export_json_lines:
            raise PermissionDenied
        rows = self._rows_to_export(request, gettext("JSON Lines"))
        lines = (self.as_json_line(row) for row in rows)
        return spreadsheets.download(lines, f"{self._file_name()}.jsonl", "application/x-ndjson")

    def _rows_to_export(self, request, kind):
        """The rows that this person sees, read in pieces; that they took them is an Event."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_changelist_instance(request).queryset
        query = request.GET.urlencode()[:500]
        audit.record_alone(
            "list.exported",
            by=request.user,
            subject=str(self.opts.verbose_name_plural),
            kind=kind,
            query=query,
        )
        return rows.iterator(chunk_size=CHUNK)

    def _cell(self, name, row):
        field, attribute, value = lookup_field(name, row, self)
        if field is not None and getattr(field, "choices", None):
            return getattr(row, f"get_{field.name}_display")()
        if isinstance(field, models.DateTimeField) and value:
            return timezone.localtime(value).isoformat(sep=" ", timespec="seconds")
        if isinstance(value, int | float) or value is None:
            return value
        return strip_tags(str(value)) if hasattr(value, "__html__") else str(value)

    def _file_name(self) -> str:
        return f"{self.opts.model_name}-{timezone.localdate():%Y-%m-%d}"

    # Filters

    def save_filter(self, request):
        """POST only: keep what filters the list now under a name."""
        self._may_see(request)
        query = request.POST.get("query", "")
        if request.method == "POST":
            self._try_with_message(
                request,
                partial(
                    saved_filters.save,
                    by=request.user,
                    list_name=self._list_name,
                    name=request.POST.get("name", ""),
                    query=query,
                    is_shared="is_shared" in request.POST,
                ),
                gettext("Saved. The filter stands above the list."),
            )
        return self._to_list(QueryDict(query).urlencode())

    def use_filter(self, request, pk):
        """Open the list with a saved filter, if it still fits the list."""
        self._may_see(request)
        saved = get_object_or_404(saved_filters.visible(request.user, self._list_name), pk=pk)
        request.GET = QueryDict(saved.query)
        try:
            self.get_changelist_instance(request)
        except (IncorrectLookupParameters, DisallowedModelAdminLookup):
            messages.error(
                request,
                gettext(
                    "The filter “%(name)s” no longer fits this list, so all rows are shown. "
                    "Delete it, or save it anew."
                )
                % {"name": saved.name},
            )
            return self._to_list("")
        return self._to_list(saved.query)

    def delete_filter(self, request, pk):
        """POST only: take a saved filter away."""
        self._may_see(request)
        saved = get_object_or_404(saved_filters.visible(request.user, self._list_name), pk=pk)
        if request.method == "POST":
            self._try_with_message(
                request, partial(saved_filters.delete, saved, by=request.user), "Deleted."
            )
        return self._to_list("")

    def _may_see(self, request) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _try_with_message(self, request, step, done: str) -> None:
        try:
            step()
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)

    def _to_list(self, query):
        address = reverse(f"admin:{self._list_name}_changelist")
        return redirect(f"{address}?{query}" if query else address)

    @property
    def _list_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def _list_view(self, name) -> str:
        return f"{self._list_name}_{name}"
