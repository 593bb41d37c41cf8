"""Several claims answered at once: first counted, then decided, with a result for each."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from . import actions, queue_acts
from .models import Claim, QueueItem
from .moderation import PER_PAGE, require, show
from .moderation_forms import BulkForm


@dataclass(frozen=True)
class Sorted:
    """Chosen items: those that one answer can settle, and the others with the reason why not."""

    fit: list[QueueItem]
    left_out: list[tuple[QueueItem, str]]
    gone: int


def sort_out(keys, user) -> Sorted:
    """Which of these claims (primary keys) may be decided together by this person."""
    items = QueueItem.objects.filter(claim__in=keys).select_related("claim__page")
    fit, left_out = [], []
    for item in items.order_by("rank", "since", "claim_id"):
        holder = queue_acts.holder_of(item)
        if item.blocks:
            left_out.append((item, gettext("It stops publication, so it is looked at by itself.")))
        elif holder and item.claimed_by_id != user.pk:
            left_out.append((item, gettext("%(holder)s is at it.") % {"holder": holder}))
        else:
            fit.append(item)
    return Sorted(fit, left_out, len(keys) - len(fit) - len(left_out))


@require_POST
def bulk(request):
    """Count first; with `sure` and the same answer, decide each and say what became of it."""
    require(request, "flag.decide")
    keys = {int(k) for k in request.POST.getlist("item") if k.isdecimal() and len(k) < 18}
    form = BulkForm(request.POST, prefix="b")
    if not keys or len(keys) > PER_PAGE or not form.is_valid():
        messages.error(
            request,
            gettext("Choose up to %(PER_PAGE)s claims, an answer, and give the reason for it.")
            % {"PER_PAGE": PER_PAGE},
        )
        return redirect("admin:moderation")
    chosen = sort_out(keys, request.user)
    results = None
    if "sure" in request.POST:
        claims = Claim.objects.filter(pk__in=[item.claim_id for item in chosen.fit])
        results = actions.decide_each(
            claims.select_related("page"), by=request.user, **form.cleaned_data
        )
    return show(
        request,
        "admin/moderation/bulk.html",
        {
            "title": gettext("Decide several claims"),
            "chosen": chosen,
            "form": form,
            "outcome": dict(form.fields["outcome"].choices)[form.cleaned_data["outcome"]],
            "results": results,
            "done": sum(bool(r.decision) for r in results or ()),
        },
    )
