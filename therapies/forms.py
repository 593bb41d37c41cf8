from django import forms
from django.utils.translation import gettext_lazy

from editorial.fields import LinesField, RowsField
from editorial.forms import PageForm, rich_fields

from . import assessing, grade, parts
from .models import AssessmentVersion, Condition, EmptySearch, Therapy

_LINES = {"rows": 4, "class": "vLargeTextField"}


class NamedPageForm(PageForm):
    """Names and sources, for conditions and therapies alike."""

    other_names = LinesField(required=False, widget=forms.Textarea(attrs=_LINES))
    loose_names = LinesField(required=False, widget=forms.Textarea(attrs=_LINES))


NAMED_FIELDS = [*PageForm.Meta.fields, "other_names", "loose_names", "sources"]


class ConditionForm(NamedPageForm):
    """The content of a condition page."""

    locals().update(rich_fields(Condition, parts.OF_CONDITIONS))
    symptoms = LinesField(required=False, widget=forms.Textarea(attrs=_LINES))
    icd10_also = LinesField(
        required=False,
        label=gettext_lazy("Further ICD-10 codes"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    class Meta(PageForm.Meta):
        model = Condition
        fields = [
            *NAMED_FIELDS,
            *parts.OF_CONDITIONS,
            "body_system",
            "symptoms",
            "mesh_id",
            "mesh_name",
            "icd10",
            "icd10_also",
            "snomed_ct",
        ]


class TherapyForm(NamedPageForm):
    """The content of a therapy page. A therapy without known harms says so as a line."""

    locals().update(rich_fields(Therapy, parts.OF_THERAPIES))
    harms = LinesField(
        widget=forms.Textarea(attrs=_LINES),
        error_messages={
            "required": gettext_lazy(
                "List the known harms, one a line. If none are known, say so in a line."
            )
        },
    )
    regulatory = RowsField(
        required=False,
        label=gettext_lazy("Regulatory status"),
        columns={
            "fact": "Fact",
            "body": "Body",
            "date": "Date",
            "basis": gettext_lazy("Checked how"),
        },
    )

    class Meta(PageForm.Meta):
        model = Therapy
        fields = [*NAMED_FIELDS, *parts.OF_THERAPIES, "form", "harms", "regulatory"]


class AssessmentForm(forms.ModelForm):
    """An account of the evidence; certainty is not asked, it follows. The rules are those of
    `assessing.faults`, said beside the field."""

    class Meta:
        model = AssessmentVersion
        fields = ["therapy", "condition", *assessing.WORDS, "sources"]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
            "note": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "would_change": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            **{
                domain.why: forms.TextInput(attrs={"class": "vTextField"})
                for domain in grade.DOMAINS
            },
        }

    def clean(self):
        """Reasons, sources and search as the action will ask for them."""
        data = super().clean()
        if {"start", "sources"} <= set(data):
            for name, sentence in assessing.faults(data, data["sources"]).items():
                self.add_error(name, sentence)
            if not self.errors:
                self.instance.certainty = grade.certainty(data["start"], data)
        return data


class EmptySearchForm(forms.ModelForm):
    """A search that found nothing; the rules of `assessing.record_empty_search`."""

    class Meta:
        model = EmptySearch
        fields = ["therapy", "condition", "searched_on", "searched_where", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"})}
