"""The moderators' queue in the admin: what waits, in order, and what was decided."""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, Subquery
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from editorial import roles, saved_filters
from editorial.errors import Refused

from . import deciding, queue_acts
from .desk_cards import AGES, of_age
from .models import Anchor, Decision, Flag, QueueItem
from .moderation_forms import KEYS, BulkForm

PER_PAGE = 50
LIST_NAME = "moderation"
# Lists that everybody has: name, query, what they hold.
LISTS = (
    ("All", "", Q()),
    (gettext_lazy("Stops publication"), "severity=block", Q(blocks=True)),
    ("Advice", "severity=advise", Q(blocks=False)),
    ("Safety", "only=safety", Q(is_safety=True)),
    (gettext_lazy("Readers see it now"), "only=live", Q(is_live=True)),
    (gettext_lazy("Handed to the editors"), "only=escalated", Q(escalated_at__isnull=False)),
)
_ONLY = {query.partition("=")[2]: wanted for _, query, wanted in LISTS[1:]}
FILTERS = ("severity", "only", "reason", "origin", "age")


def queue(request):
    """What waits: safety first, then harm × reach × likelihood, then age."""
    require(request, "claim.view")
    items, query = _filtered(request)
    page = Paginator(items, PER_PAGE).get_page(request.GET.get("page"))
    _place(page)
    return show(
        request,
        "admin/moderation/queue.html",
        {
            "title": gettext("Moderation"),
            "items": page,
            "query": query,
            "age": AGES.get(request.GET.get("age"), ("",))[0],
            "lists": [(name, q, q == query) for name, q, _ in LISTS],
            "saved": list(saved_filters.visible(request.user, LIST_NAME)),
            "reasons": Flag.Reason.choices,
            "origins": Flag.Origin.choices,
            "chosen": {name: request.GET.get(name, "") for name in FILTERS},
            "can_decide": roles.can(request.user, "flag.decide"),
            "bulk_form": BulkForm(prefix="b"),
            "keys_on": queue_acts.keys_on(request.user),
            "keys": KEYS,
            "last": last_decision(request.user),
        },
    )


def _filtered(request) -> tuple:
    """The items that the address asks for, and the same as a query without the page."""
    wanted = {name: request.GET.get(name, "") for name in FILTERS}
    items = QueueItem.objects.all()
    for name in ("severity", "only"):
        if wanted[name] in _ONLY:
            items = items.filter(_ONLY[wanted[name]])
    if wanted["only"] == "mine":
        items = items.filter(claimed_by=request.user, claimed_until__gt=timezone.now())
    about = Flag.objects.open().filter(claim=OuterRef("claim"))
    if wanted["reason"] in Flag.Reason.values:
        items = items.filter(Exists(about.filter(reason=wanted["reason"])))
    if wanted["origin"] in Flag.Origin.values:
        items = items.filter(Exists(about.filter(origin=wanted["origin"])))
    if wanted["age"] in AGES:
        items = items.filter(Exists(about.filter(of_age(wanted["age"]))))
    newest = Anchor.objects.filter(claim=OuterRef("claim")).order_by("-revision_id")
    items = items.annotate(place_pk=Subquery(newest.values("pk")[:1]))
    flags = Prefetch("claim__flags", Flag.objects.open().order_by("pk"), to_attr="open_flags")
    items = items.select_related("claim__page").prefetch_related(flags)
    query = urlencode({name: value for name, value in wanted.items() if value})
    return items.order_by("rank", "since", "claim_id"), query


def _place(page) -> None:
    """Give each item its sentence's newest place and the name of whoever is at it."""
    places = Anchor.objects.in_bulk([item.place_pk for item in page if item.place_pk])
    for item in page:
        item.place = places.get(item.place_pk)
        item.holder = queue_acts.holder_of(item)


def last_decision(user) -> Decision | None:
    """The newest decision of this person, while it can be taken back."""
    since = timezone.now() - deciding.UNDO_WITHIN
    mine = Decision.objects.standing().filter(decided_by=user.pk, decided_at__gt=since)
    return mine.select_related("claim").first()


def decided(request):
    """What was decided, the newest first, with the reason and by whom."""
    require(request, "claim.view")
    decisions = Decision.objects.select_related("claim__page", "undoing")
    page = Paginator(decisions.prefetch_related("sources"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return show(
        request, "admin/moderation/decided.html", {"title": gettext("Decided"), "decisions": page}
    )


@require_POST
def settings(request):
    """One's own keys and saved lists."""
    require(request, "claim.view")
    post = request.POST
    try:
        if "keys" in post:
            queue_acts.switch_keys(by=request.user, on=post["keys"] == "on")
        if "save" in post:
            saved_filters.save(
                by=request.user,
                list_name=LIST_NAME,
                name=post.get("name", ""),
                query=post.get("query", ""),
                is_shared="shared" in post,
            )
        if post.get("drop", "").isdecimal():
            mine = saved_filters.visible(request.user, LIST_NAME)
            saved_filters.delete(get_object_or_404(mine, pk=int(post["drop"])), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return back_to_queue(post.get("query", ""))


def back_to_queue(query: str):
    """To the list of the queue that this query names."""
    return redirect(reverse("admin:moderation") + (f"?{query}" if query else ""))


def require(request, action) -> None:
    """Raise PermissionDenied unless whoever asks may do this."""
    if not roles.can(request.user, action):
        raise PermissionDenied


def show(request, template, values):
    """A page of the desk."""
    return render(request, template, {**admin.site.each_context(request), **values})


def menu_entry(user) -> dict | None:
    """The desk's place in the admin's list of rooms, for those who may see it."""
    if not roles.can(user, "claim.view"):
        return None
    address = reverse("admin:moderation")
    entries = [
        (gettext("The queue"), "OpenFlags", address),
        (gettext("How we are doing"), "HowWeDo", reverse("admin:moderation-figures")),
        (gettext("What the checker looks for"), "CheckerRules", reverse("admin:claims-rules")),
    ]
    return {
        "name": "Moderation",
        "app_label": "moderation",
        "app_url": address,
        "has_module_perms": True,
        "models": [
            {
                "name": name,
                "object_name": object_name,
                "admin_url": url,
                "add_url": None,
                "view_only": True,
                "perms": {"view": True},
            }
            for name, object_name, url in entries
        ],
    }


def urls(wrap) -> list:
    """The addresses of this desk, for the admin site; `wrap` is its admin_view."""
    from . import (  # they import this module
        moderation_bulk,
        moderation_corrections,
        moderation_desk,
        moderation_figures,
    )

    return [
        path("moderation/", wrap(queue), name="moderation"),
        path("moderation/decided/", wrap(decided), name="moderation-decided"),
        path("moderation/settings/", wrap(settings), name="moderation-settings"),
        path("moderation/bulk/", wrap(moderation_bulk.bulk), name="moderation-bulk"),
        path(
            "moderation/figures/", wrap(moderation_figures.figures_page), name="moderation-figures"
        ),
        path("moderation/<int:pk>/", wrap(moderation_desk.claim_desk), name="moderation-claim"),
        path("moderation/<int:pk>/act/", wrap(moderation_desk.act), name="moderation-act"),
        path(
            "moderation/corrections/<int:pk>/",
            wrap(moderation_corrections.planned_corrections),
            name="moderation-correction",
        ),
    ]
