"""The moderators' queue and desk in the admin: flags with the sentence in its context."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse

from editorial import roles
from editorial.errors import Refused
from editorial.models import Revision
from editorial.text import Document
from editorial.widgets import AutocompleteMany
from evidence.models import Source
from therapies.models import Assessment

from . import actions
from .desk_cards import AGES, of_age
from .models import Anchor, Claim, Decision, Flag
from .outcomes import reports_on_desk

PER_PAGE = 50
SAFETY_FIRST = Case(
    When(reason=Flag.Reason.UNSAFE, then=Value(0)),
    When(reason=Flag.Reason.SOURCE_IN_DOUBT, then=Value(1)),
    When(severity=Flag.Severity.BLOCK, then=Value(2)),
    default=Value(3),
    output_field=IntegerField(),
)


class DecisionForm(forms.Form):
    """A moderator's answer."""

    outcome = forms.ChoiceField(
        label="Decision", choices=Decision.Outcome.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Authors and readers see it.",
    )
    sources = forms.ModelMultipleChoiceField(
        label="Sources that support it",
        queryset=Source.objects.all(),
        required=False,
        help_text="Needed for “supported”. You confirm that each says what the sentence says.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        field = Decision._meta.get_field("sources")
        self.fields["sources"].widget = AutocompleteMany(
            field, admin.site, choices=self.fields["sources"].choices
        )


class FlagForm(forms.Form):
    """A question that a member of staff raises."""

    reason = forms.ChoiceField(label="What is wrong", choices=Flag.Reason.choices)
    explanation = forms.CharField(
        label="Why, in one sentence", widget=forms.Textarea(attrs={"rows": 2})
    )
    severity = forms.ChoiceField(label="Severity", choices=Flag.Severity.choices)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)


def queue(request):
    """Open flags, safety first, then retracted sources, then what blocks, then age."""
    _require(request, "claim.view")
    flags = Flag.objects.waiting().select_related("claim__page").annotate(rank=SAFETY_FIRST)
    wanted = request.GET.get("severity")
    if wanted in Flag.Severity.values:
        flags = flags.filter(severity=wanted)
    if (age := request.GET.get("age")) in AGES:
        flags = flags.filter(of_age(age))
    page = Paginator(flags.order_by("rank", "raised_at", "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    newest = Anchor.objects.filter(claim__in=[f.claim_id for f in page]).order_by("revision_id")
    places = {anchor.claim_id: anchor for anchor in newest}
    for flag in page:
        flag.place = places.get(flag.claim_id)
    return _render(
        request,
        "admin/moderation/queue.html",
        {
            "title": "Moderation",
            "flags": page,
            "severity": wanted or "",
            "age": AGES[age][0] if age in AGES else "",
        },
    )


def decided(request):
    """What was decided, the newest first, with the reason and by whom."""
    _require(request, "claim.view")
    decisions = Decision.objects.select_related("claim__page").prefetch_related("sources")
    page = Paginator(decisions, PER_PAGE).get_page(request.GET.get("page"))
    return _render(
        request,
        "admin/moderation/decided.html",
        {"title": "Decided", "decisions": page},
    )


def claim_desk(request, pk):
    """One claim: sentence in context, flags, assessment, sources, decisions; decide or flag it."""
    _require(request, "claim.view")
    claim = get_object_or_404(Claim.objects.select_related("page", "therapy", "condition"), pk=pk)
    forms_ = {"decision": DecisionForm(prefix="d"), "flag": FlagForm(prefix="f")}
    if request.method == "POST":
        answer = _answer(request, claim, forms_)
        if answer:
            return answer
    flags = list(claim.flags.open())
    return _render(
        request,
        "admin/moderation/claim.html",
        {
            "title": "Decide a claim" if flags else "Claim",
            "claim": claim,
            "flags": flags,
            "can_decide": bool(flags) and roles.can(request.user, "flag.decide"),
            "can_flag": roles.can(request.user, "flag.raise"),
            "context": _context(claim),
            "assessment": _assessment(claim),
            "claim_sources": claim.claim_sources.select_related("source"),
            "decisions": claim.decisions.prefetch_related("sources"),
            "asked": reports_on_desk(claim),
            "earlier": claim.was.all(),
            "decision_form": forms_["decision"],
            "flag_form": forms_["flag"],
        },
    )


def _answer(request, claim, forms_):
    """Act on the posted form; a redirect when it is done, None when it must be shown again."""
    form_name = "flag" if "raise_flag" in request.POST else "decision"
    form_class = {"flag": FlagForm, "decision": DecisionForm}[form_name]
    form = forms_[form_name] = form_class(request.POST, prefix=form_name[0])
    if not form.is_valid():
        return None
    act = {"flag": actions.raise_flag, "decision": actions.decide}[form_name]
    try:
        act(claim, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None
    if form_name == "flag":
        messages.success(request, "Flagged. It stands in the moderators' queue.")
        return redirect("admin:moderation-claim", claim.pk)
    messages.success(request, "Decided. The decision stays with the sentence.")
    return redirect("admin:moderation")


def _context(claim) -> dict:
    """The paragraph around the sentence in the newest text that holds it, in three parts."""
    anchors = claim.anchors.select_related("revision__page").order_by("-revision__number")
    anchor = anchors.first()
    if anchor is None:
        return {"before": "", "sentence": claim.sentence, "after": "", "revision": None}
    document = Document.of(anchor.revision.content)
    block = document.block_at(anchor.start)
    return {
        "before": document.text[block.start : anchor.start],
        "sentence": document.text[anchor.start : anchor.end],
        "after": document.text[anchor.end : max(block.end, anchor.end)],
        "revision": anchor.revision,
        "is_current": anchor.revision.state in (*Revision.OPEN_STATES, Revision.State.PUBLISHED),
    }


def _assessment(claim):
    if not (claim.therapy_id and claim.condition_id):
        return None
    found = Assessment.objects.filter(therapy=claim.therapy, condition=claim.condition)
    return found.prefetch_related("sources").first()


def _require(request, action) -> None:
    if not roles.can(request.user, action):
        raise PermissionDenied


def _render(request, template, values):
    return render(request, template, {**admin.site.each_context(request), **values})


def menu_entry(user) -> dict | None:
    """The desk's place in the admin's list of rooms, for those who may see it."""
    if not roles.can(user, "claim.view"):
        return None
    address = reverse("admin:moderation")
    return {
        "name": "Moderation",
        "app_label": "moderation",
        "app_url": address,
        "has_module_perms": True,
        "models": [
            {
                "name": f"Open flags ({Flag.objects.waiting().count()})",
                "object_name": "OpenFlags",
                "admin_url": address,
                "add_url": None,
                "view_only": True,
                "perms": {"view": True},
            }
        ],
    }


def urls(wrap) -> list:
    """The addresses of this desk, for the admin site; `wrap` is its admin_view."""
    return [
        path("moderation/", wrap(queue), name="moderation"),
        path("moderation/decided/", wrap(decided), name="moderation-decided"),
        path("moderation/<int:pk>/", wrap(claim_desk), name="moderation-claim"),
    ]
