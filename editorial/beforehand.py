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


def know_beforehand(kind, forms_: list) -> None:
    """Let these bound forms of one kind know their addresses and the rows that they choose."""
    slugs = frozenset(slug for form in forms_ if isinstance(slug := form.data.get("slug"), str))
    standing = Page.objects.filter(kind=kind.name, slug__in=slugs)
    leading = Redirect.objects.filter(kind=kind.name, slug__in=slugs)
    beforehand = Beforehand(
        slugs,
        dict(standing.values_list("slug", "pk")),
        frozenset(leading.values_list("slug", flat=True)),
    )
    for form in forms_:
        form.beforehand = beforehand
    for name, field in forms_[0].fields.items():
        if isinstance(field, forms.ModelMultipleChoiceField):
            _know_choices(name, forms_)


def _know_choices(name: str, forms_: list) -> None:
    """Fetch all rows that the forms choose in one field, where what they give are numbers."""
    wanted = {pk for form in forms_ for pk in _numbers(form.data.get(name))}
    queryset = forms_[0].fields[name].queryset
    rows = queryset.in_bulk(wanted) if wanted else {}
    for form in forms_:
        form.fields[name].clean = _Chosen(form.fields[name], rows)


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
