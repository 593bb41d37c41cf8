"""The same, nearly the same and the opposite sentence elsewhere, and what was decided there.

Keys of a sentence's words are kept with the claim and indexed, so that looking costs the same
among a hundred claims and among a hundred thousand. What the keys bring is judged by the code that
carries claims from one revision to the next.
"""

import hashlib
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from editorial.models import Revision

from .carry.matching import SMALL_WORDS, Bag, nearness
from .carry.meaning import is_same_assertion
from .carry.wording import read
from .models import Anchor, Claim, Decision

_END = 4  # words of meaning at either end of a sentence that find its neighbours
_NEAR = 0.6  # how much two sentences share to be shown side by side
_LOOKED_AT = 60  # candidates of each kind
_SHOWN = 12

Direction = Claim.Direction
OPPOSITE = {
    Direction.BENEFIT: (Direction.HARM, Direction.NO_EFFECT),
    Direction.HARM: (Direction.BENEFIT,),
    Direction.NO_EFFECT: (Direction.BENEFIT,),
}


def keys_of(sentence: str) -> dict[str, str]:
    """`wording_key`, `front_key` and `back_key` of a sentence: all its words of meaning, the first
    few and the last few. One local change leaves one of the ends as it was; a “not” both."""
    words = read(sentence).keys
    content = [k for k in _unnegated(words) if k not in SMALL_WORDS]
    return {
        "wording_key": _hashed(words),
        "front_key": _hashed(("front", *content[:_END])),
        "back_key": _hashed(("back", *content[-_END:])),
    }


def _hashed(words) -> str:
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Elsewhere:
    """A claim on another page (or twice on this one) beside the one that is looked at."""

    claim: Claim
    is_same: bool
    decision: Decision | None
    waits: bool


def standing_claims():
    """Claims that stand on a text that is live or being worked on."""
    anchors = Anchor.objects.filter(
        claim=OuterRef("pk"), revision__state__in=[*Revision.OPEN_STATES, Revision.State.PUBLISHED]
    )
    return Claim.objects.filter(Exists(anchors))


def elsewhere(claim) -> list[Elsewhere]:
    """The same and nearly the same sentence in other places, the same first; three queries."""
    rows = _candidates(claim)
    mine = Bag.of(claim.sentence)
    found = []
    for other in rows:
        theirs = Bag.of(other.sentence)
        is_same = is_same_assertion(mine.wording, theirs.wording)
        if is_same or nearness(mine, theirs) >= _NEAR:
            found.append((not is_same, -nearness(mine, theirs), other.pk, other))
    found.sort(key=lambda row: row[:3])
    chosen = [(other, not differs) for differs, _, _, other in found[:_SHOWN]]
    decisions = _newest_decisions([other.pk for other, _ in chosen])
    return [
        Elsewhere(other, is_same, decisions.get(other.pk), hasattr(other, "queue_item"))
        for other, is_same in chosen
    ]


def _candidates(claim) -> list[Claim]:
    """Claims that share a key; each key's in the order of the index, so many that one can read."""
    rows: dict[int, Claim] = {}
    others = standing_claims().exclude(pk=claim.pk).select_related("page", "queue_item")
    for name in ("wording_key", "front_key", "back_key"):
        value = getattr(claim, name)
        if value:
            for row in others.filter(**{name: value}).order_by("pk")[:_LOOKED_AT]:
                rows.setdefault(row.pk, row)
    return list(rows.values())


def _newest_decisions(claims: list[int]) -> dict[int, Decision]:
    rows = Decision.objects.standing().filter(claim__in=claims).order_by("decided_at", "pk")
    return {decision.claim_id: decision for decision in rows}


def same_elsewhere(claim) -> list[Claim]:
    """Other standing claims that assert exactly this; for applying one decision to all."""
    mine = read(claim.sentence)
    return [c for c in _candidates(claim) if is_same_assertion(mine, read(c.sentence))]


def contradictions(claim) -> list[Claim]:
    """Claims about the same therapy and condition that point the other way, and the same sentence
    turned round by a “not”; two queries."""
    rows: dict[int, Claim] = {}
    others = standing_claims().exclude(pk=claim.pk).exclude(state=Claim.State.NOT_A_CLAIM)
    others = others.select_related("page")
    opposite = OPPOSITE.get(claim.direction)
    if claim.therapy_id and claim.condition_id and opposite:
        about = others.filter(
            therapy=claim.therapy_id, condition=claim.condition_id, direction__in=opposite
        )
        rows |= {c.pk: c for c in about.order_by("-pk")[:_SHOWN]}
    ends = Q(front_key=claim.front_key) | Q(back_key=claim.back_key)
    mine = _unnegated(read(claim.sentence).keys)
    for other in others.filter(ends, negated=not claim.negated).order_by("-pk")[:_LOOKED_AT]:
        if _unnegated(read(other.sentence).keys) == mine:
            rows.setdefault(other.pk, other)
    return list(rows.values())[:_SHOWN]


_TURNING = frozenset("not no never do does did has is was".split())


def _unnegated(words) -> list[str]:
    """The words of a sentence without those that deny it, so that both ways read alike."""
    kept = [k for k in words if k not in _TURNING]
    return [k[:-1] if len(k) > 4 and k.endswith("s") else k for k in kept]
