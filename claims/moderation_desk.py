"""One claim on one screen: its place, its questions, what it rests on, what was decided."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from editorial import roles
from editorial.errors import Refused
from editorial.models import Revision
from editorial.text import Document
from therapies.models import Assessment

from . import actions, memory, queue_acts
from .history import staff_history
from .models import Change, Claim, Decision, QueueItem
from .moderation import back_to_queue, require, show
from .moderation_forms import KEYS, MEANS, AxesForm, DecisionForm, FlagForm, NoteForm, UndoForm
from .outcomes import reports_on_desk
from .reasons import row
from .standing import same_words


def claim_desk(request, pk):
    """One claim: sentence in context, flags, assessment, sources, decisions; decide or flag it."""
    require(request, "claim.view")
    claim = get_object_or_404(Claim.objects.select_related("page", "therapy", "condition"), pk=pk)
    item = QueueItem.objects.filter(claim=claim).first()
    first = {"version": item.version if item else None, "outcome": request.GET.get("outcome")}
    forms = {"decision": DecisionForm(prefix="d", initial=first), "flag": FlagForm(prefix="f")}
    if request.method == "POST":
        answer = _answer(request, claim, forms)
        if answer:
            return answer
    return show(request, "admin/moderation/claim.html", _context(request, claim, item, forms))


def _answer(request, claim, forms):
    """Act on the posted form; a redirect when it is done, None when it must be shown again."""
    name = "flag" if "raise_flag" in request.POST else "decision"
    form_class = {"flag": FlagForm, "decision": DecisionForm}[name]
    form = forms[name] = form_class(request.POST, prefix=name[0])
    if not form.is_valid():
        return None
    try:
        if name == "flag":
            actions.raise_flag(claim, by=request.user, **form.cleaned_data)
            messages.success(request, gettext("Flagged. It stands in the moderators' queue."))
            return redirect("admin:moderation-claim", claim.pk)
        _decide(request, claim, form)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return None
    return back_to_queue(request.GET.get("back", ""))


def _decide(request, claim, form) -> None:
    if not form.cleaned_data["everywhere"]:
        actions.decide(claim, by=request.user, **form.answer())
        messages.success(request, gettext("Decided. The decision stays with the sentence."))
        return
    _, results = actions.decide_everywhere(claim, by=request.user, **form.answer())
    _tell(request, results, gettext("Decided. The decision stays with the sentence."))


def _tell(request, results, first="") -> None:
    done = [r for r in results if r.decision]
    where = ", ".join(f"“{r.claim.page}”" for r in done)
    also = ngettext(
        "Decided alike in %(count)s other place: %(where)s.",
        "Decided alike in %(count)s other places: %(where)s.",
        len(done),
    ) % {"count": len(done), "where": where}
    said = " ".join(filter(None, [first, also if done else ""]))
    messages.success(request, said or gettext("Nothing."))
    for result in results:
        if result.refusal:
            messages.warning(request, f"{result.claim.page}: {result.refusal}")


def _context(request, claim, item, forms) -> dict:
    flags = list(claim.flags.open())
    for flag in flags:
        flag.guidance = row(flag.reason).guidance
    user, back = request.user, request.GET.get("back", "")
    return {
        "title": gettext("Decide a claim") if flags else "Claim",
        "claim": claim,
        "item": item,
        "holder": queue_acts.holder_of(item) if item else "",
        "is_mine": bool(item and item.claimed_by_id == user.pk and queue_acts.holder_of(item)),
        "flags": flags,
        "can_decide": (bool(flags) or claim.state == Claim.State.OPEN)
        and roles.can(user, "flag.decide"),
        "can_flag": roles.can(user, "flag.raise"),
        "can_describe": roles.can(user, "claim.describe"),
        "context": _place(claim),
        "assessment": _assessment(claim),
        "claim_sources": list(claim.claim_sources.select_related("source")),
        "decisions": _decisions(claim, user),
        "asked": reports_on_desk(claim),
        "earlier": claim.was.all(),
        "elsewhere": memory.elsewhere(claim),
        "contradictions": memory.contradictions(claim),
        "history": staff_history(claim),
        "changes": _what_became_it(claim),
        "keys_on": queue_acts.keys_on(user),
        "back": back,
        **_forms(claim, forms),
    }


def _forms(claim, forms) -> dict:
    """Every form of the desk; those posted as they were posted."""
    axes = {"category": claim.category, "direction": claim.direction, "safety": claim.safety}
    return {
        "decision_form": forms["decision"],
        "outcomes": [
            (value, label, KEYS[value], MEANS[value]) for value, label in Decision.Outcome.choices
        ],
        "flag_form": forms["flag"],
        "note_form": NoteForm(prefix="n"),
        "escalate_form": NoteForm(prefix="e"),
        "undo_form": UndoForm(prefix="u"),
        "axes_form": AxesForm(prefix="x", initial=axes),
    }


def _what_became_it(claim) -> list[Change]:
    """The edits by which this sentence took the place of others, newest first."""
    came = Change.objects.filter(claim__became=claim, outcome=Change.Outcome.CHANGED)
    return list(came.select_related("revision")[:5])


def _decisions(claim, user) -> list[Decision]:
    rows = list(claim.decisions.select_related("undoing").prefetch_related("sources"))
    for decision in rows:
        decision.is_undone = hasattr(decision, "undoing")
    if rows and not rows[0].is_undone and rows[0].decided_by_id == user.pk:
        rows[0].can_undo = True
    return rows


def _place(claim) -> dict:
    """The sentence in the newest text that holds it: the paragraph around it in three parts, the
    blocks before and after; and what readers see in its place now, if that is something else."""
    anchors = claim.anchors.select_related("revision__page").order_by("-revision__number")
    anchor = anchors.first()
    if anchor is None:
        return {"before": "", "sentence": claim.sentence, "after": "", "revision": None}
    document = Document.of(anchor.revision.content)
    block = document.block_at(anchor.start)
    if block is None or document.text[anchor.start : anchor.end] != anchor.exact:
        return {"before": "", "sentence": anchor.exact, "after": "", "revision": anchor.revision}
    at = document.blocks.index(block)
    beside = [
        document.text[b.start : b.end]
        for b in (*document.blocks[max(0, at - 1) : at], *document.blocks[at + 1 : at + 2])
    ]
    return {
        "block_before": beside[0] if at else "",
        "before": document.text[block.start : anchor.start],
        "sentence": document.text[anchor.start : anchor.end],
        "after": document.text[anchor.end : max(block.end, anchor.end)],
        "block_after": beside[-1] if at + 1 < len(document.blocks) else "",
        "revision": anchor.revision,
        "is_current": anchor.revision.state in (*Revision.OPEN_STATES, Revision.State.PUBLISHED),
        "live": _live_words(claim, anchor),
    }


def _live_words(claim, anchor) -> str:
    """The words of this claim that readers see, where they differ from the newest."""
    live = claim.anchors.filter(revision__live_on__isnull=False).values_list("exact", flat=True)
    words = live.first() or ""
    return "" if same_words(words, anchor.exact) else words


def _assessment(claim):
    if not (claim.therapy_id and claim.condition_id):
        return None
    found = Assessment.objects.filter(therapy=claim.therapy, condition=claim.condition)
    return found.prefetch_related("sources").first()


# What one button does, each: its name in the form -> what to call, and what is said then.


def _text(request, prefix) -> str:
    return request.POST.get(f"{prefix}-text", "")


def _take(request, claim):
    queue_acts.take(claim, by=request.user)
    return gettext("It is yours for 15 minutes.")


def _put_back(request, claim):
    queue_acts.put_back(claim, by=request.user)
    return gettext("Put back. Anybody can take it.")


def _note(request, claim):
    queue_acts.note(claim, by=request.user, text=_text(request, "n"))
    return gettext("The note is kept with the claim.")


def _escalate(request, claim):
    queue_acts.escalate(claim, by=request.user, text=_text(request, "e"))
    return gettext("Handed to the editors and administrators. They get a letter.")


def _undo(request, claim):
    decision = get_object_or_404(claim.decisions, pk=_number(request.POST.get("decision")))
    actions.undo(decision, by=request.user, reason=_text(request, "u"))
    return gettext("Taken back. The questions are open again.")


def _describe(request, claim):
    form = AxesForm(request.POST, prefix="x")
    if not form.is_valid():
        return gettext("Nothing was changed: choose a direction and a safety from the lists.")
    actions.describe(claim, by=request.user, **form.cleaned_data)
    return gettext("Corrected. The checker will not write over it.")


def _repeat(request, claim):
    """Apply what was decided elsewhere here, or what was decided here elsewhere."""
    decision = get_object_or_404(Decision, pk=_number(request.POST.get("decision")))
    wanted = Claim.objects.filter(pk__in=map(_number, request.POST.getlist("place")))
    results = actions.repeat(decision, wanted, by=request.user)
    _tell(request, results)
    return ""


ACTS = {
    "take": _take,
    "put-back": _put_back,
    "note": _note,
    "escalate": _escalate,
    "undo": _undo,
    "describe": _describe,
    "repeat": _repeat,
}


@require_POST
def act(request, pk):
    """One of the buttons beside a decision; goes back to where it was pressed."""
    require(request, "claim.view")
    claim = get_object_or_404(Claim.objects.select_related("page"), pk=pk)
    name = request.POST.get("act", "")
    try:
        said = ACTS[name](request, claim) if name in ACTS else gettext("There is no such button.")
        if said:
            messages.success(request, said)
    except Refused as refusal:
        messages.error(request, str(refusal))
    if request.POST.get("back") == "queue":
        return back_to_queue(request.POST.get("query", ""))
    return redirect("admin:moderation-claim", claim.pk)


def _number(value) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 18 else 0
