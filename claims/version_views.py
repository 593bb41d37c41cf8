"""Published versions of a page: the list, and each as it was, at an address that stays."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from editorial import published, registry
from editorial.freshness import keys_of, shows

from .rendering import render_body


@require_safe
def version_list(request, kind, slug):
    """What readers saw of a page, the newest first, with what was corrected."""
    page = _page(kind, slug)
    context = {
        "page": page,
        "versions": published.versions_of(page),
        "corrections": list(page.corrections.all()),
    }
    return shows(render(request, "claims/version_list.html", context), f"page:{page.pk}")


@require_safe
def version_detail(request, kind, slug, number):
    """One version as it was, and what differs from the one before; drafts are not there."""
    page = _page(kind, slug)
    versions = published.versions_of(page)
    index = next((i for i, v in enumerate(versions) if v.number == number), None)
    if index is None:
        raise Http404(gettext("Readers never saw a version with this number."))
    version, before = versions[index], next(iter(versions[index + 1 :]), None)
    text = render_body(page, version.revision)
    context = {
        "page": page,
        "version": version,
        "after": versions[index - 1] if index else None,
        "before": before,
        "text": text,
        "parts": [(name, _labels(kind).get(name, name), html) for name, html in text.parts.items()],
        "changed": _changed(before, version, kind),
    }
    answer = render(request, "claims/version_detail.html", context)
    return shows(
        answer, f"page:{page.pk}", *keys_of("source", [r.source.pk for r in text.references])
    )


def _page(kind, slug):
    return get_object_or_404(
        registry.kinds[kind].model.objects.published().select_related("live_revision"), slug=slug
    )


def _changed(before, version, kind):
    if before is None:
        return []
    return published.changes(before.revision, version.revision, _labels(kind)).changed


def _labels(kind) -> dict[str, str]:
    """What the fields of this kind of page are called."""
    form = registry.kinds[kind].form
    labels = {name: field.label for name, field in form.base_fields.items() if field.label}
    return labels | {"title": gettext("Title"), "summary": "Summary", "body": "Text"}
