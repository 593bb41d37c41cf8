"""What the forms of many pages ask of the database, asked for all of them together.

The forms' own rules stay where they are; here they only find the answers lying ready.
"""

from dataclasses import dataclass

from django import forms

from .models import Page, Redirect


@dataclass(frozen=True)
class Beforehand:
    """Addresses that were asked about, which pages stand there, which lead elsewhere."""

    asked: frozenset[str]
    taken: dict[str, int]
    leading: frozenset[str]


def know_beforehand(kind, form, contents: list[dict]) -> None:
    """Let a form to which these contents are put know their addresses and the rows they choose."""
    slugs = frozenset(slug for c in contents if isinstance(slug := c.get("slug"), str))
    standing = Page.objects.filter(kind=kind.name, slug__in=slugs)
    leading = Redirect.objects.filter(kind=kind.name, slug__in=slugs)
    form.beforehand = Beforehand(
        slugs,
        dict(standing.values_list("slug", "pk")),
        frozenset(leading.values_list("slug", flat=True)),
    )
    for name, field in form.fields.items():
        if isinstance(field, forms.ModelMultipleChoiceField):
            wanted = {pk for content in contents for pk in _numbers(content.get(name))}
            field.clean = _Chosen(field, field.queryset.in_bulk(wanted) if wanted else {})


def _numbers(value) -> list[int]:
    return [pk for pk in value if type(pk) is int] if isinstance(value, list) else []


@dataclass(frozen=True)
class _Chosen:
    """A field's `clean` that finds chosen rows in hand; anything else goes the field's own way."""

    field: forms.ModelMultipleChoiceField
    rows: dict

    def __call__(self, value):
        numbers = _numbers(value)
        if numbers and len(numbers) == len(value) and all(pk in self.rows for pk in numbers):
            return [self.rows[pk] for pk in dict.fromkeys(numbers)]
        return type(self.field).clean(self.field, value)
