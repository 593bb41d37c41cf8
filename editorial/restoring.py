"""Old content made fit for today: what it pointed to may be gone, its address may be taken."""

from django import forms as django_forms
from django.utils.translation import gettext

from . import forms, registry


def fit_for_today(content: dict, page) -> tuple[dict, list[str]]:
    """Content that can be saved again, and a sentence for each thing that had to change.

    Relations to what no longer exists are left out. An address that another page has taken
    stays the page's present one. Anything else that is wrong is left for the form to refuse.
    """
    form = forms.bound_form(registry.kinds[page.kind], content, page.specific)
    fitted, changes = dict(content), []
    for name, field in form.fields.items():
        if isinstance(field, django_forms.ModelChoiceField) and fitted.get(name):
            fitted[name], gone = _existing(field, fitted[name])
            if gone:
                label = (field.label or name.replace("_", " ")).lower()
                are = "is" if gone == 1 else "are"
                changes.append(
                    gettext("Left out of %(label)s: %(gone)s that %(are)s no longer there.")
                    % {"label": label, "gone": gone, "are": are}
                )
    if not form.is_valid() and "slug" in form.errors and content.get("slug") != page.slug:
        fitted["slug"] = page.slug
        changes.append(
            gettext("The address stays “%(slug)s”: “%(get)s” belongs to another page now.")
            % {"slug": page.slug, "get": content.get("slug")}
        )
    return fitted, changes


def _existing(field, value) -> tuple[object, int]:
    """Those primary keys (or the one) that the field still offers, and how many are gone."""
    wanted = value if isinstance(value, list | tuple) else [value]
    there = set(field.queryset.filter(pk__in=wanted).values_list("pk", flat=True))
    kept = [pk for pk in wanted if pk in there]
    gone = len(wanted) - len(kept)
    if isinstance(value, list | tuple):
        return kept, gone
    return (kept[0] if kept else None), gone
