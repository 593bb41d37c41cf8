"""The form on which a reader asks about a sentence. It works without script."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext, gettext_lazy

from editorial.text import Document
from evidence.identifiers import normal_doi

from .carry.protocol import sentences_of
from .models import Claim, Report
from .reasons import REASONS
from .standing import same_words

_STEERING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # turns text round


def plain(text: str) -> str:
    """Text without characters that steer rather than say something; line ends as one sign."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c
        for c in text
        if c == "\n" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _STEERING)
    ).strip()


def sentences_to_ask(page) -> tuple[list[str], list[str]]:
    """The sentences of a published page that readers can ask about: its claims, then the others;
    each once, in the order of the text."""
    revision = page.live_revision
    anchors = revision.anchors.exclude(claim__state=Claim.State.NOT_A_CLAIM)
    claims = list(dict.fromkeys(anchors.order_by("start").values_list("exact", flat=True)))
    others = dict.fromkeys(sentences_of(Document.of(revision.content)))
    known = {tuple(s.split()) for s in claims}
    return claims, [s for s in others if tuple(s.split()) not in known and _says_something(s)]


def _says_something(sentence: str) -> bool:
    return any(c.isalnum() for c in sentence)


class PlainText(forms.CharField):
    """A CharField whose length counts a line end once, as the browser does."""

    def to_python(self, value):
        return plain(super().to_python(value))


class ReportForm(forms.Form):
    """A question about one sentence of a page."""

    sentence = forms.CharField(
        max_length=20_000,
        error_messages={"required": gettext_lazy("Choose the sentence you ask about.")},
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("What is wrong with it?"),
        choices=[("", gettext_lazy("Choose what fits best"))]
        + [(reason.value, row.asked) for reason, row in REASONS.items()],
        error_messages={"required": gettext_lazy("Choose what is wrong with the sentence.")},
    )
    text = PlainText(
        label=gettext_lazy("Say why"),
        max_length=Report.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Up to 1,000 characters. Moderators read it; it is not published. Please "
            "write nothing about your own health or anybody else’s."
        ),
        error_messages={
            "required": gettext_lazy(
                "Say in a few words why you ask, so that a moderator can look into it."
            ),
            "max_length": gettext_lazy(
                "Use at most %(limit_value)d characters; you wrote %(show_value)d."
            ),
        },
    )
    source = PlainText(
        label=gettext_lazy("A source, if you have one"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("A DOI such as 10.1000/xyz123, or the address of a page."),
        error_messages={
            "max_length": gettext_lazy("Use at most %(limit_value)d characters for the source.")
        },
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address, only if you wish an answer"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy(
            "We write once, when the question is answered, and then erase the address."
        ),
        error_messages={
            "invalid": gettext_lazy(
                "This is not an e-mail address. Correct it or leave the field empty."
            )
        },
    )
    # Hidden from people. Programs that fill in forms fill it in, too.
    website = forms.CharField(
        required=False,
        label=gettext_lazy("Leave this empty"),
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, data=None, *, page, **kwargs):
        super().__init__(data, label_suffix="", **kwargs)
        self.claims, self.others = sentences_to_ask(page)

    def clean_sentence(self):
        """One of the page's sentences, in its own words."""
        wanted = self.cleaned_data["sentence"]
        for sentence in (*self.claims, *self.others):
            if same_words(sentence, wanted):
                return sentence
        raise ValidationError(
            gettext(
                "These words do not stand on the page now. It may have been changed while"
                " you were reading: choose the sentence from the list again."
            )
        )

    def clean_source(self):
        """A DOI in its one form, or a web address as it was written."""
        given = self.cleaned_data["source"]
        if not given:
            return ""
        try:
            return normal_doi(given)
        except ValidationError:
            pass
        try:
            URLValidator(schemes=["http", "https"])(given)
        except ValidationError:
            raise ValidationError(
                gettext(
                    "“%(given)s” is neither a DOI nor a web address. A DOI looks like "
                    "10.1000/xyz123, an address begins with https://."
                )
                % {"given": given}
            ) from None
        return given

    def clean_website(self):
        """Empty, as people leave what they do not see."""
        if self.cleaned_data["website"]:
            raise ValidationError(
                gettext(
                    "A field that people cannot see was filled in, as programs do. If you are"
                    " a person, your browser may have done it: send the form once more."
                )
            )
        return ""

    @property
    def chosen(self) -> str:
        """The sentence that is chosen now, in the page's own words; empty when none is."""
        wanted = self["sentence"].value() or ""
        return next((s for s in (*self.claims, *self.others) if same_words(s, wanted)), "")
