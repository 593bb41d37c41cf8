"""The rules of the checker at the desk: how each does, changing one, what that would stop at."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext, gettext_lazy

from claims.checker.catalogue import Entry
from editorial import roles
from editorial.errors import NotAllowed, WrongState
from editorial.models import Event

from . import rechecking, ruling
from .figures import ASKED, by_rule, objections
from .models import Dismissal, Flag, Rule
from .moderation import require, show
from .rule_trial import try_out

PATTERN = """\
[[rule]]
id = "name-of-the-rule"
category = "HYPE"
severity = "advise"
any = ["miracle_water"]
reason = "One sentence: what is wrong with it."
remedy = "What would settle it."
why = "Why it matters to a reader."
flags = ["A sentence that it must stop at: miracle water."]
leaves = ["A sentence that it must leave alone: water."]

[cues.miracle_water]
words = ["miracle water"]
"""


class OwnForm(forms.Form):
    """A rule of the editors' own, in the block of the rule files, and whether it is on."""

    text = forms.CharField(
        label=gettext_lazy("The rule"),
        widget=forms.Textarea(attrs={"rows": 22, "cols": 90, "spellcheck": "false"}),
        help_text=gettext_lazy("One [[rule]] block, and [cues.…] blocks for words that it needs."),
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Its severity here"), required=False, choices=Rule.Severity.choices
    )
    why = forms.CharField(
        label=gettext_lazy("Why you change it"), widget=forms.Textarea(attrs={"rows": 2})
    )


class SettingForm(forms.Form):
    """What a shipped rule does on this site."""

    severity = forms.ChoiceField(label=gettext_lazy("Its severity here"), required=False)
    why = forms.CharField(
        label=gettext_lazy("Why you change it"), widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, allowed: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["severity"].choices = [
            (value, label) for value, label in Rule.Severity.choices if value in allowed
        ]


@dataclass(frozen=True)
class Row:
    """One rule in the list: what it is, what is set for it, how its questions were decided, and
    how often a writer spoke against it."""

    entry: Entry
    setting: Rule | None
    decided: int
    dismissed: int
    objections: int

    @property
    def share(self) -> int | None:
        """Per cent of the decided ones that were dismissed; None where none was decided."""
        return round(100 * self.dismissed / self.decided) if self.decided else None

    @property
    def severity(self) -> str:
        """What it does on this site, in words."""
        value = (self.setting and self.setting.severity) or self.entry.severity
        return Rule.Severity(value).label


def rule_list(request):
    """Every rule, shipped or own, with its dismissal rate, and how far the last check again is."""
    require(request, "claim.view")
    settings = {rule.key: rule for rule in Rule.objects.all()}
    counts, against = _decided(), objections(Dismissal.objects.all())
    rows = [
        Row(entry, settings.get(entry.id), *counts.get(entry.id, (0, 0)), against[entry.id])
        for entry in ruling.site_catalogue()
    ]
    context = {
        "title": gettext("What the checker looks for"),
        "rows": rows,
        "broken": ruling.broken_rules(),
        "recheck": rechecking.progress(),
        "can_edit": roles.can(request.user, "rule.edit"),
    }
    return show(request, "admin/moderation/rules.html", context)


def _decided() -> dict[str, tuple[int, int]]:
    """For each rule how many of its questions were decided, and how many of those dismissed; a
    decision that was taken back counts for nothing."""
    done = Flag.objects.filter(state=Flag.State.DECIDED, origin=Flag.Origin.CHECKER)
    stands = done.filter(decision__undoing__isnull=True).order_by()
    return by_rule(stands.values_list(*ASKED).iterator())


def rule_page(request, key=""):
    """One rule, or a new one: change it, or see first what the change would stop at."""
    require(request, "claim.view")
    setting = Rule.objects.filter(key=key).first() if key else None
    entry = next((e for e in ruling.site_catalogue() if e.id == key), None)
    if key and entry is None and not (setting and setting.text):
        raise Http404(gettext("The checker has no such rule."))
    form = _form(request, entry, setting, is_own=not key or bool(setting and setting.text))
    context = {
        "title": key or gettext("A new rule"),
        "entry": entry,
        "setting": setting,
        "form": form,
        "can_edit": form is not None,
        "history": Event.objects.filter(verb__startswith="rule.", subject=key).order_by("-pk")[:30],
    }
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid() and _act(request, form, key, context):
            return redirect("admin:claims-rules")
    return show(request, "admin/moderation/rule.html", context)


def _form(request, entry, setting, *, is_own: bool):
    """The form for a rule, or None to those who may not change it, or where nothing can be."""
    if not roles.can(request.user, "rule.edit"):
        return None
    data = request.POST if request.method == "POST" else None
    severity = setting.severity if setting else ""
    if is_own:
        text = setting.text if setting else PATTERN
        form = OwnForm(data, initial={"text": text, "severity": severity})
    else:
        allowed = ruling.choices_for(entry)
        if not allowed:
            return None
        form = SettingForm(data, initial={"severity": severity}, allowed=allowed)
    form.fields["why"].required = "try" not in request.POST
    return form


def _act(request, form, key: str, context: dict) -> bool:
    """Try the rule out, or save it; whether it was saved. A refusal stands in the form."""
    said = form.cleaned_data
    change = {"key": key, "text": said.get("text", ""), "severity": said["severity"]}
    try:
        if "try" in request.POST:
            context["trial"] = try_out(ruling.proposed(**change)[1])
            return False
        rule = ruling.save_rule(by=request.user, why=said["why"], **change)
    except NotAllowed as refusal:
        raise PermissionDenied from refusal
    except WrongState as refusal:
        form.add_error("text" if "text" in form.fields else "severity", str(refusal))
        return False
    messages.success(
        request,
        gettext("%(key)s was saved. The site is checked again with it, a part in each round.")
        % {"key": rule.key},
    )
    return True


def urls(wrap) -> list:
    """The addresses of this part of the desk, for the admin site."""
    return [
        path("claims/rules/", wrap(rule_list), name="claims-rules"),
        path("claims/rule-add/", wrap(rule_page), name="claims-rule-add"),
        path("claims/rules/<slug:key>/", wrap(rule_page), name="claims-rule"),
    ]
