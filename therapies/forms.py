from django import forms

from editorial.fields import LinesField, RowsField
from editorial.forms import PageForm

from .models import Assessment, Condition, Therapy

_LINES = {"rows": 4, "class": "vLargeTextField"}


class NamedPageForm(PageForm):
    """Names and sources, for conditions and therapies alike."""

    other_names = LinesField(required=False, widget=forms.Textarea(attrs=_LINES))
    loose_names = LinesField(required=False, widget=forms.Textarea(attrs=_LINES))


NAMED_FIELDS = [*PageForm.Meta.fields, "other_names", "loose_names", "sources"]


class ConditionForm(NamedPageForm):
    """The content of a condition page."""

    symptoms = LinesField(required=False, widget=forms.Textarea(attrs=_LINES))
    icd10_also = LinesField(
        required=False, label="Further ICD-10 codes", widget=forms.Textarea(attrs={"rows": 2})
    )

    class Meta(PageForm.Meta):
        model = Condition
        fields = [
            *NAMED_FIELDS,
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

    harms = LinesField(
        widget=forms.Textarea(attrs=_LINES),
        error_messages={
            "required": "List the known harms, one a line. If none are known, say so in a line."
        },
    )
    regulatory = RowsField(
        required=False,
        label="Regulatory status",
        columns={"fact": "Fact", "body": "Body", "date": "Date", "basis": "Checked how"},
    )

    class Meta(PageForm.Meta):
        model = Therapy
        fields = [*NAMED_FIELDS, "form", "harms", "regulatory"]


class AssessmentForm(forms.ModelForm):
    """An assessment; the same rules as `actions.assess`, said beside the field."""

    class Meta:
        model = Assessment
        fields = ["therapy", "condition", "certainty", "stage", "summary", "note", "sources"]
        widgets = {"note": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"})}

    def clean_sources(self):
        """None of them retracted."""
        sources = self.cleaned_data["sources"]
        for source in sources:
            if source.is_retracted:
                raise forms.ValidationError(f"{source.label} was retracted; it supports nothing.")
        return sources
