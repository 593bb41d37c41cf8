"""Where is this used? Rooms register what they know of a model; the admin shows it all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext, gettext_lazy

from .models import Page, Revision

_finders: dict[type, list[Callable]] = {}
MOST = 200  # of one kind shown


@dataclass(frozen=True)
class Use:
    """One place: its group (“Pages that readers see”), its words, and its address on the desk."""

    group: str
    words: str
    url: str = ""


LIVE = gettext_lazy("Pages that readers see")
AT_WORK = gettext_lazy("Texts at work")


def on_where_used(model: type, finder: Callable) -> None:
    """Register `finder(object) -> iterable of Use`, in the order in which they should stand."""
    if finder not in _finders.setdefault(model, []):
        _finders[model].append(finder)


def uses_of(thing) -> dict[str, list[Use]]:
    """Every use by group."""
    groups: dict[str, list[Use]] = {}
    for finder in _finders.get(type(thing), []):
        for use in finder(thing):
            groups.setdefault(use.group, []).append(use)
    return groups


def in_pages(pages: Iterable[Page]) -> Iterable[Use]:
    """A use for each of these live pages."""
    from .dashboard import desk_url

    for page in pages:
        yield Use(LIVE, f"{page.title} ({page.kind})", desk_url(page))


def in_revisions(revisions: Iterable[Revision]) -> Iterable[Use]:
    """A use for each of these texts at work; with their pages selected."""
    from .dashboard import desk_url

    for revision in revisions:
        title = revision.content.get("title") or revision.page.title
        words = gettext("%(title)s (%(kind)s), revision %(number)s") % {
            "title": title,
            "kind": revision.page.kind,
            "number": revision.number,
        }
        yield Use(AT_WORK, f"{words}, {revision.get_state_display()}", desk_url(revision.page))


class WhereUsed:
    """Part of an admin whose things are used elsewhere."""

    change_form_template = "admin/desk/change_form.html"

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_where"
        where = path("<int:pk>/where/", self.admin_site.admin_view(self.where_view), name=name)
        return [where, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The form, with the way there."""
        where = {}
        if object_id.isdigit():
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_where"
            where["where_url"] = reverse(name, args=[object_id])
        return super().change_view(request, object_id, form_url, where | (extra_context or {}))

    def where_view(self, request, pk):
        """Every place that uses it."""
        thing = get_object_or_404(self.model, pk=pk)
        if not self.has_view_permission(request, thing):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Where is “%(thing)s” used?") % {"thing": thing},
            "thing": thing,
            "change_url": reverse(
                f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk]
            ),
            "groups": [
                {"name": name, "uses": uses[:MOST], "count": len(uses)}
                for name, uses in uses_of(thing).items()
            ],
        }
        return render(request, "admin/desk/where_used.html", context)
