"""The desk's views of a page's past: history, two revisions compared, an old one restored, and
what is shown to somebody whose text came too late."""

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext

from . import actions, registry, review
from .compare import compare
from .errors import Refused
from .models import Page, Revision


def basis(revision) -> str:
    """What a form carries to say which text it was opened from; see `parse_basis`."""
    return f"{revision.pk}:{revision.digest}" if revision else ""


def parse_basis(text: str) -> tuple[int, str]:
    """`based_on` of the actions from what a form sent back. Nonsense names no text at all, so
    that whatever comes with it is kept aside."""
    pk, _, digest = (text or "").partition(":")
    return (int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 19 else 0, digest)


def compared(before: Revision, after: Revision):
    """The comparison of two revisions of one page, relations told by their titles."""
    kind = registry.kinds[before.page.kind]
    fields = kind.form(instance=before.page.specific).fields
    labels = {
        name: (field.label or name.replace("_", " ")).capitalize() for name, field in fields.items()
    }
    labels |= {"slug": "Address"}
    relations = {n for n, f in fields.items() if isinstance(f, django_forms.ModelChoiceField)}
    return compare(
        _in_words(fields, before.content),
        _in_words(fields, after.content),
        labels=labels,
        whole={"tags", *relations},
    )


def _in_words(fields, content: dict) -> dict:
    """Content with titles for primary keys and words for choices, in the form's order."""
    shown = {}
    for name, field in fields.items():
        value = content.get(name)
        if isinstance(field, django_forms.ModelChoiceField):
            shown[name] = _titles(field, value)
        elif isinstance(field, django_forms.ChoiceField):
            shown[name] = str(dict(field.choices).get(value, value or ""))
        elif hasattr(field, "columns"):
            shown[name] = [
                {field.columns.get(key, key): cell for key, cell in row.items()}
                for row in value or []
            ]
        else:
            shown[name] = value
    return shown | {name: value for name, value in content.items() if name not in fields}


def _titles(field, value) -> list[str]:
    pks = value if isinstance(value, list) else [value] if value else []
    found = {obj.pk: field.label_from_instance(obj) for obj in field.queryset.filter(pk__in=pks)}
    return sorted(found.get(pk, f"no longer there (number {pk})") for pk in pks)


class PageHistory:
    """Part of PageAdmin. Reading is for all who may view the page, restoring for its writers."""

    object_history_template = "admin/editorial/page/history.html"

    def history_urls(self, wrap) -> list:
        """Addresses of this part; numbers of revisions are those of the page."""
        return [
            path("<int:pk>/compare/", wrap(self.choose_view), name=self._name("choose")),
            path(
                "<int:pk>/compare/<int:a>/<int:b>/",
                wrap(self.compare_view),
                name=self._name("compare"),
            ),
            path("<int:pk>/meanwhile/<int:kept>/", wrap(self.stale_view), name=self._name("stale")),
            path(
                "<int:pk>/restore/<int:number>/",
                wrap(self.restore_view),
                name=self._name("restore"),
            ),
        ]

    def history_view(self, request, object_id, extra_context=None):
        """Revisions, to compare and restore, and what happened."""
        page = get_object_or_404(Page, pk=object_id)
        context = review.history(page) | self._choices(request, page) | (extra_context or {})
        return super().history_view(request, object_id, context)

    def choose_view(self, request, pk):
        """From two numbers in a form to their comparison."""
        self._readable(request, pk)
        numbers = [request.GET.get(name, "") for name in ("a", "b")]
        if not all(n.isascii() and n.isdigit() and len(n) < 10 for n in numbers):
            raise Http404(gettext("Choose two revisions by their numbers."))
        return redirect(self.address("compare", pk, *numbers))

    def compare_view(self, request, pk, a, b):
        """What became of revision `a` in revision `b`."""
        page = self._readable(request, pk)
        before, after = self._revision(page, a), self._revision(page, b)
        return self._render(
            request,
            page,
            before,
            after,
            gettext("Revision %(a)s and revision %(b)s") % {"a": a, "b": b},
        )

    def stale_view(self, request, pk, kept):
        """The newest text beside the one that came too late, and the two ways on."""
        page = self._readable(request, pk)
        kept, newest = self._revision(page, kept), page.latest_revision()
        title = gettext("Somebody saved while you were writing")
        return self._render(request, page, newest, kept, title, is_stale=True)

    def restore_view(self, request, pk, number):
        """POST only: begin a new draft from a revision, unless the newest text changed again."""
        page = self._readable(request, pk)
        revision = self._revision(page, number)
        if request.method != "POST":
            return redirect(self.address("history", pk))
        try:
            restored = actions.restore(
                revision, by=request.user, based_on=parse_basis(request.POST.get("based_on"))
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(self.address("history", pk))
        messages.success(
            request,
            gettext("%(note)s It is revision %(number)s, a draft.")
            % {"note": restored.note, "number": restored.number},
        )
        return redirect(self.address("change", pk))

    def _readable(self, request, pk) -> Page:
        page = get_object_or_404(self.model, pk=pk)
        if not self.has_view_permission(request, page):
            raise PermissionDenied
        return page

    def _revision(self, page, number) -> Revision:
        revision = get_object_or_404(Revision, page_id=page.pk, number=number)
        revision.page = page
        return revision

    def _choices(self, request, page) -> dict:
        newest = page.latest_revision()
        return {
            "newest": newest,
            "basis": basis(newest),
            "can_edit": self.has_change_permission(request, page),
        }

    def _render(self, request, page, before, after, title, *, is_stale=False):
        context = {
            **self.admin_site.each_context(request),
            **self._choices(request, page),
            "opts": self.opts,
            "original": page,
            "title": f"{title}: {after.content.get('title') or page}",
            "is_stale": is_stale,
            "before": before,
            "after": after,
            "comparison": compared(before, after),
        }
        return render(request, "admin/editorial/page/compare.html", context)
