"""The edit form is the serialiser: a revision is its cleaned data, publishing is its save()."""

import hashlib
import json
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext, gettext_lazy
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget

from . import many, prose
from .beforehand import Beforehand, know_beforehand
from .errors import InvalidContent
from .models import Page, Redirect


class ProseField(ProseEditorFormField):
    """Rich text by the allowlist; what no editor could have nested so deep is refused first."""

    def clean(self, value):
        if value and prose.too_deep(str(value)):
            raise ValidationError(
                gettext(
                    "The tags of this text stand in one another more than %(DEEPEST)s deep. "
                    "Paste it as plain text, then set the headings and lists again."
                )
                % {"DEEPEST": prose.DEEPEST}
            )
        return super().clean(value)


def rich_field(label: str = "", help_text: str = "") -> ProseEditorFormField:
    """A form field for rich text besides the body: the body's editor without pictures."""
    return ProseField(
        required=False,
        label=label or None,
        config={"extensions": {**prose.EXTENSIONS, "Picture": False}},
        sanitize=prose.clean_part,
        widget=AdminProseEditorWidget,
        help_text=help_text,
    )


def rich_fields(model, labels: dict[str, str]) -> dict[str, ProseEditorFormField]:
    """Form fields for these rich parts of a model, by name, with the model's help."""
    return {
        name: rich_field(label, model._meta.get_field(name).help_text)
        for name, label in labels.items()
    }


class PageForm(forms.ModelForm):
    """What every kind of page has. Subclasses add their fields to Meta.fields."""

    body = ProseField(
        required=False,
        label=gettext_lazy("Body"),
        config={"extensions": prose.EXTENSIONS},
        sanitize=prose.clean,
        widget=AdminProseEditorWidget,
        help_text=gettext_lazy(
            "Cite a source with the citation button. Nothing without a source or a hedge."
        ),
    )

    class Meta:
        model = Page
        fields = ["title", "slug", "summary", "body", "tags"]
        labels = {
            "title": gettext_lazy("Title"),
            "slug": gettext_lazy("Slug"),
            "summary": gettext_lazy("Summary"),
        }
        widgets = {
            "title": forms.TextInput(attrs={"class": "vTextField", "size": 80}),
            "slug": forms.TextInput(attrs={"class": "vTextField", "size": 60}),
            "summary": forms.Textarea(attrs={"class": "vLargeTextField", "rows": 3}),
        }

    beforehand: "Beforehand | None" = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False

    def clean_title(self):
        """One line, single blanks."""
        return one_line(self.cleaned_data["title"])

    def clean_summary(self):
        """One paragraph of plain text."""
        return one_line(self.cleaned_data["summary"])

    def clean(self):
        """Fill an empty slug from the title; keep slugs unique within the kind."""
        data = super().clean()
        if not data.get("slug") and data.get("title"):
            data["slug"] = slugify(data["title"])[:120] or "page"
        taken = data.get("slug") and self._taken_by(data["slug"])
        if taken and taken != self.instance.pk:
            self.add_error(
                "slug",
                ValidationError(
                    gettext("Another %(kind)s has the address “%(slug)s”. Choose a different one.")
                    % {"kind": self.kind, "slug": data["slug"]}
                ),
            )
        elif elsewhere := self._leads_elsewhere(data.get("slug")):
            self.add_error(
                "slug",
                ValidationError(
                    gettext(
                        "The address “%(slug)s” leads to “%(page)s”, which stood there before. "
                        "Choose a different one, or have an editor give it up among the "
                        "redirects."
                    )
                    % {"slug": data["slug"], "page": elsewhere.page}
                ),
            )
        return data

    def _taken_by(self, slug) -> int | None:
        """The primary key of the page that stands at this address."""
        if self.beforehand and slug in self.beforehand.asked:
            return self.beforehand.taken.get(slug)
        there = Page.objects.filter(kind=self.kind, slug=slug)
        return there.values_list("pk", flat=True).first()

    def _leads_elsewhere(self, slug) -> Redirect | None:
        """The redirect that stands at this address, unless it leads to this very page."""
        if self.beforehand and slug in self.beforehand.asked - self.beforehand.leading:
            return None
        there = Redirect.objects.filter(kind=self.kind, slug=slug).select_related("page")
        return there.exclude(page=self.instance.pk).first()

    @property
    def kind(self) -> str:
        """The name of the kind of page this form edits."""
        return self._meta.model.KIND

    def frozen(self) -> dict:
        """The cleaned data as JSON types: what a revision keeps and what opens this form again."""
        return self.freeze(self.cleaned_data)

    def freeze(self, cleaned: dict) -> dict:
        """The same for data that this form cleaned."""
        return {name: self._freeze(name, value) for name, value in cleaned.items()}

    def _freeze(self, name, value):
        field = self.fields[name]
        if name == "tags":
            return sorted(value)
        if isinstance(field, forms.ModelMultipleChoiceField):
            return sorted(chosen.pk for chosen in value)
        if hasattr(value, "isoformat"):
            return value.isoformat()
        return getattr(value, "pk", value)


def one_line(text: str) -> str:
    """Text as titles and summaries are kept: without breaks, with single blanks."""
    return " ".join(text.split())


def texts_as_kept(title: str, summary: str, body: str, **parts: str) -> dict[str, str]:
    """What a person typed as this form's cleaned data, and so a revision, would hold it.

    `parts` are the rich parts of kinds of page that have any besides the body.
    """
    return {
        "title": one_line(title),
        "summary": one_line(summary),
        "body": prose.clean(body.strip()),
    } | {name: prose.clean_part(html.strip()) for name, html in parts.items()}


def bound_form(kind, content: dict, page=None) -> PageForm:
    """The kind's form bound to frozen (or hand-made) content, ready to be validated."""
    form = kind.form(data=thawed(content))
    # Given at the start, it would be asked for all that it holds now, which nobody looks at.
    form.instance = page or form.instance
    return form


@dataclass(frozen=True)
class Cleaned:
    """Content that its form found valid, and the page with it, unsaved; one form serves many."""

    form: PageForm
    page: Page
    data: dict

    def frozen(self) -> dict:
        """As `PageForm.frozen`."""
        return self.form.freeze(self.data)


def clean_many(kind, contents: list[dict], pages: list) -> list[Cleaned]:
    """Several contents put to the kind's form, with the page of each or None.

    The questions of many to the database are asked together. Raises InvalidContent for the first
    that is not valid.
    """
    form, found = kind.form(data={}), []
    if len(contents) > 1:
        know_beforehand(kind, form, contents)
    for content, page in zip(contents, pages, strict=True):
        form.data, form.instance = thawed(content), page or kind.model()
        form.full_clean()
        if form.errors:
            raise InvalidContent({name: list(map(str, e)) for name, e in form.errors.items()})
        found.append(Cleaned(form, form.instance, form.cleaned_data))
    return found


def save_relations(cleaned: list[Cleaned]) -> None:
    """Write the tags and other relations of valid contents of one kind, whose pages have rows."""
    pages = [row.page for row in cleaned]
    for name, field in cleaned[0].form.fields.items():
        chosen = [row.data[name] for row in cleaned]
        if name == "tags":
            many.set_tags(pages, chosen)
        elif isinstance(field, forms.ModelMultipleChoiceField):
            many.set_relations(pages, name, chosen)


def thawed(content: dict) -> dict:
    """Frozen content as form data: tags become the text that the tag field reads."""
    data = dict(content)
    tags = data.get("tags", [])
    if not isinstance(tags, str):
        data["tags"] = ", ".join(f'"{t}"' if "," in t or " " in t else t for t in tags)
    return data


def digest(content: dict) -> str:
    """SHA-256 of the content: the same words and relations give the same digest."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
