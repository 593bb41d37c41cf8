"""Public pages of claims and corrections. A claim is public while it stands on a live text."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from editorial.freshness import keys_of, shows, shows_list
from editorial.text import Document
from therapies.models import Assessment

from .figures import chart, figures_for_readers, live_claims_by_state
from .history import public_history
from .models import Anchor, Claim, Flag
from .outcomes import challenges_of_claim

PER_PAGE = 40
MOST_PLACES = 20
MOST_CARD_SOURCES = 3
LISTED_STATES = (
    Claim.State.OPEN,
    Claim.State.SUPPORTED,
    Claim.State.NOTHING_WRONG,
    Claim.State.MUST_CHANGE,
)


class _Counted(Paginator):
    """A paginator that is told how many rows there are."""

    def __init__(self, rows, per_page: int, count: int):
        super().__init__(rows, per_page)
        self.count = count


@require_safe
def claim_list(request):
    """Live claims, newest first, by state, with counts."""
    counts = live_claims_by_state()
    chosen = request.GET.get("state", "")
    chosen = chosen if chosen in LISTED_STATES else ""
    page = _page_of_claims(request.GET.get("page"), chosen, counts)
    states = [(state.value, state.label, counts.get(state, 0)) for state in LISTED_STATES]
    context = {
        "anchors": page,
        "states": states,
        "chosen": chosen,
        "chosen_label": Claim.State(chosen).label if chosen else "",
        "total": sum(counts.values()),
    }
    if not chosen and page.number == 1:
        context["figures"] = figures_for_readers()
        context["chart"] = chart(context["figures"].weeks)
    answer = render(request, "claims/claim_list.html", context)
    if chosen or "state" in request.GET:  # only the whole list is kept
        return answer
    return shows_list(answer, page, "list:claim", reads=["state"])


def _page_of_claims(number, chosen: str, counts: dict[str, int]):
    """One page of live claims as their anchors, each with its open questions; two queries. The
    claims are found in their order first: to sort all with what is shown of each took minutes
    among a million."""
    claims = Claim.objects.filter(Exists(Anchor.objects.live().filter(claim=OuterRef("pk"))))
    # Not the states that were counted: a count may be old, and a state new.
    states = [chosen] if chosen else [s for s in Claim.State if s != Claim.State.NOT_A_CLAIM]
    claims = claims.filter(state__in=states).order_by("-pk").values_list("pk", flat=True)
    total = counts.get(chosen, 0) if chosen else sum(counts.values())
    page = _Counted(claims, PER_PAGE, total).get_page(number)
    asked = Flag.objects.told().filter(claim=OuterRef("claim")).order_by().values("claim")
    anchors = Anchor.objects.live().filter(claim__in=list(page.object_list)).order_by("-claim_id")
    anchors = anchors.select_related("claim", "revision__live_on")
    anchors = anchors.defer("revision__content", "revision__live_on__body")
    questions = Subquery(asked.annotate(n=Count("pk")).values("n"))
    page.object_list = list(anchors.annotate(questions=Coalesce(questions, 0)))
    return page


@dataclass(frozen=True)
class InContext:
    """A sentence with what stands before and after it in its paragraph."""

    before: str
    sentence: str
    after: str


@require_safe
def claim_detail(request, pk):
    """One claim: its sentence, what it rests on, what is open and what was decided."""
    anchor = get_object_or_404(
        Anchor.objects.live().select_related(
            "claim__therapy", "claim__condition", "revision__live_on"
        ),
        claim_id=pk,
    )
    if request.GET.get("part") == "card":
        return _card(request, anchor)
    claim, page = anchor.claim, anchor.revision.live_on
    flags = list(claim.flags.all())
    decisions = list(claim.decisions.select_related("undoing").prefetch_related("sources"))
    corrections = list(claim.corrections.all())
    context = {
        "claim": claim,
        "page": page,
        "places": _other_places(anchor),
        "quote": _in_context(anchor),
        "therapy": _public(claim.therapy),
        "condition": _public(claim.condition),
        "assessment": _assessment_of(claim),
        "claim_sources": _sources_of(claim, anchor.revision),
        "flags": [flag for flag in flags if flag.is_told],
        "decisions": decisions,
        "history": public_history(claim, flags, decisions, corrections),
        "challenges": challenges_of_claim(claim),
    }
    answer = render(request, "claims/claim_detail.html", context)
    return shows(answer, *_keys(context))


def _keys(context) -> set[str]:
    """What a claim's page shows: itself, where it stands, and what it rests on. (Where the same
    sentence comes to stand elsewhere, that publication marks its wording.)"""
    claim, places = context["claim"], context["places"]
    pages = {context["page"].pk, claim.therapy_id, claim.condition_id} - {None}
    pages |= {anchor.revision.live_on.pk for anchor in places}
    sources = {row.source_id for row in context["claim_sources"]}
    sources |= {source.pk for decision in context["decisions"] for source in decision.sources.all()}
    return {
        f"claim:{claim.pk}",
        *keys_of("wording", filter(None, [claim.wording_key])),
        *keys_of("claim", [anchor.claim_id for anchor in places]),
        *keys_of("page", pages),
        *keys_of("source", sources),
    }


def _card(request, anchor):
    """What a reader sees who opens a sentence where it stands: in short, and where to go on."""
    claim = anchor.claim
    sources, assessment = list(_sources_of(claim, anchor.revision)), _assessment_of(claim)
    context = {
        "claim": claim,
        "page": anchor.revision.live_on,
        "claim_sources": sources[:MOST_CARD_SOURCES],
        "more": max(len(sources) - MOST_CARD_SOURCES, 0),
        "assessment": assessment,
        "questions": claim.flags.told().count(),
    }
    keys = {
        f"claim:{claim.pk}",
        f"page:{anchor.revision.live_on.pk}",
        *keys_of("source", [row.source_id for row in sources]),
        *([f"assessment:{assessment.pk}"] if assessment else []),
        *keys_of("page", [pk for pk in (claim.therapy_id, claim.condition_id) if pk]),
    }
    answer = render(request, "claims/claim_card.html", context)
    return shows(answer, *keys, params=["part"], answered={"part": "card"})


def _in_context(anchor) -> InContext:
    document = Document.of(anchor.revision.content)
    block = document.block_at(anchor.start)
    if block is None or document.text[anchor.start : anchor.end] != anchor.exact:
        return InContext("", anchor.exact, "")
    return InContext(
        document.text[block.start : anchor.start],
        anchor.exact,
        document.text[anchor.end : max(block.end, anchor.end)],
    )


def _other_places(anchor) -> list[Anchor]:
    """Where else readers see a sentence of the same meaning; one query."""
    key = anchor.claim.wording_key
    others = Anchor.objects.live().filter(claim__wording_key=key).exclude(pk=anchor.pk)
    return list(others.select_related("claim", "revision__live_on")[:MOST_PLACES]) if key else []


def _public(page):
    return page if page and page.is_published else None


def _assessment_of(claim):
    """What the evidence says of the claim's pair, when both pages are public."""
    if not (_public(claim.therapy) and _public(claim.condition)):
        return None
    pair = Assessment.objects.filter(therapy=claim.therapy_id, condition=claim.condition_id)
    return pair.select_related("therapy", "condition").first()


def _sources_of(claim, revision):
    """Confirmed sources, and those that the live text cites: never what only a draft cites."""
    return (
        claim.claim_sources.filter(
            Q(confirmed_at__isnull=False) | Q(source__cited_in__revision=revision)
        )
        .select_related("source")
        .order_by("pk")
        .distinct()
    )
