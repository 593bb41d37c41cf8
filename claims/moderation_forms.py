"""The moderators' forms: a decision, a flag, a note, a correction of what was read."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy

from editorial.widgets import AutocompleteMany
from evidence.models import Source

from .models import Claim, Decision, Flag

# The key that chooses each answer; shown beside it. `static/desk/queue.js` reads them from there.
KEYS = {
    Decision.Outcome.SUPPORTED: "s",
    Decision.Outcome.REWORD: "r",
    Decision.Outcome.ATTRIBUTE: "a",
    Decision.Outcome.NOT_A_CLAIM: "x",
    Decision.Outcome.WITHDRAW: "w",
    Decision.Outcome.NOTHING_WRONG: "o",
}
# What each answer means, where it is not plain.
MEANS = {
    Decision.Outcome.SUPPORTED: gettext_lazy(
        "You read the passage, and it says what the sentence says."
    ),
    Decision.Outcome.REWORD: gettext_lazy(
        "It cannot stay as it is; publication waits for other words."
    ),
    Decision.Outcome.ATTRIBUTE: gettext_lazy("It may stay if it says whose opinion it is."),
    Decision.Outcome.NOT_A_CLAIM: gettext_lazy(
        "It asserts nothing about health that would need a source."
    ),
    Decision.Outcome.WITHDRAW: gettext_lazy("It has to go; publication waits until it has."),
    Decision.Outcome.NOTHING_WRONG: gettext_lazy(
        "It is a claim, and you found nothing wrong with it as it stands; you did"
        " not confirm a source."
    ),
}


class _Plain(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)


class DecisionForm(_Plain):
    """A moderator's answer. Each source's passage is posted as `passage-<primary key>`, that of
    sources that the text does not cite as `passage`."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=Decision.Outcome.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Authors and readers see it."),
    )
    sources = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Sources that support it"),
        queryset=Source.objects.all(),
        required=False,
        help_text=gettext_lazy("Needed for “supported”, where none of those above fits."),
    )
    passage = forms.CharField(
        label=gettext_lazy("The passage of that source"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text=gettext_lazy(
            "Its words, or where in it they stand. You confirm that they say what the"
            " sentence says."
        ),
    )
    everywhere = forms.BooleanField(
        label=gettext_lazy("Decide the same sentence alike wherever it stands"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = Decision._meta.get_field("sources")
        self.fields["sources"].widget = AutocompleteMany(
            field, admin.site, choices=self.fields["sources"].choices
        )

    def answer(self) -> dict:
        """What `actions.decide` wants."""
        said = self.cleaned_data
        passages = {
            source.pk: self.data.get(f"{self.prefix}-passage-{source.pk}") or said["passage"]
            for source in said["sources"]
        }
        names = ("outcome", "reason", "sources", "version")
        return {name: said[name] for name in names} | {"passages": passages}


class FlagForm(_Plain):
    """A question that a member of staff raises."""

    reason = forms.ChoiceField(label=gettext_lazy("What is wrong"), choices=Flag.Reason.choices)
    explanation = forms.CharField(
        label=gettext_lazy("Why, in one sentence"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Readers see this sentence on the claim's own page while the question is open."
        ),
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"),
        choices=[("", "as the reason asks for"), *Flag.Severity.choices],
        required=False,
    )


class NoteForm(_Plain):
    """What staff say to each other about a claim."""

    text = forms.CharField(
        label=gettext_lazy("Note"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        help_text=gettext_lazy("Staff see it, readers never do."),
    )


class UndoForm(_Plain):
    """Why a decision is taken back."""

    text = forms.CharField(label=gettext_lazy("Why you take it back"), max_length=500)


class AxesForm(_Plain):
    """What a claim is, where the checker read it wrongly."""

    category = forms.CharField(label=gettext_lazy("Type"), max_length=20, required=False)
    direction = forms.ChoiceField(label=gettext_lazy("Direction"), choices=Claim.Direction.choices)
    safety = forms.ChoiceField(label=gettext_lazy("Safety"), choices=Claim.Safety.choices)


class BulkForm(_Plain):
    """One answer with one reason to several claims. None that confirms a source."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[c for c in Decision.Outcome.choices if c[0] != Decision.Outcome.SUPPORTED],
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason for all of them"), widget=forms.Textarea(attrs={"rows": 2})
    )
