"""What the checker reads in a sentence, written to its claim: its subject, and how it speaks."""

from operator import attrgetter

from editorial.rows import insert, new_keys
from therapies.models import Condition, Therapy

from .axes import direction_of, safety_of
from .memory import keys_of
from .models import Claim

_DESCRIBED = [
    "sentence",
    "strength",
    "hedged",
    "negated",
    "category",
    "direction",
    "safety",
    "wording_key",
    "front_key",
    "back_key",
    "therapy",
    "condition",
]


_WRITTEN = [
    "id",
    "page_id",
    *(Claim._meta.get_field(name).attname for name in _DESCRIBED),
]
_WRITTEN_OF = attrgetter(*_WRITTEN)


def save_claims(pairs) -> None:
    """Write what the checker says of each sentence to its claim; save what is new or differs."""
    slugs = {m.slug for standing, _ in pairs for m in standing.sentence.mentions}
    slugs |= {slug for s, _ in pairs for f in s.findings for slug in (f.therapy, f.condition)}
    therapies = dict(Therapy.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    conditions = dict(Condition.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    changed = [c for s, c in pairs if _describe(c, s, therapies, conditions) and c.pk]
    _insert([c for _, c in pairs if c.pk is None])
    Claim.objects.bulk_update(changed, _DESCRIBED)


def _insert(claims: list[Claim]) -> None:
    """Write new claims; they get their primary keys."""
    for claim, key in zip(claims, new_keys(Claim, len(claims)), strict=True):
        claim.pk = key
        claim._state.adding = False
    insert(Claim, _WRITTEN, [_WRITTEN_OF(claim) for claim in claims])


def _describe(claim: Claim, standing, therapies, conditions) -> bool:
    """Write the checker's reading to the claim; whether that changed it."""
    s = standing.sentence
    finding = standing.findings[0] if standing.findings else None
    named = {m.kind: m.slug for m in reversed(s.mentions)}
    if finding:
        named["therapy"] = finding.therapy or named.get("therapy")
        named["condition"] = finding.condition or named.get("condition")
    values = {
        "sentence": s.text,
        "strength": s.strength,
        "hedged": s.hedged,
        "negated": s.negated,
        **_axes(claim, s, finding),
        **_keys(claim, s.text),
        "therapy_id": therapies.get(named.get("therapy")),
        "condition_id": conditions.get(named.get("condition")),
    }
    differs = any(getattr(claim, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(claim, name, value)
    return differs


def _axes(claim, sentence, finding) -> dict:
    """Type, direction and safety as read here; none where a person set them."""
    if claim.axes_set_at:
        return {}
    return {
        "category": finding.category if finding else claim.category,
        "direction": direction_of(
            _without_names(sentence), negated=sentence.negated, question=sentence.question
        ),
        "safety": safety_of(sentence.text),
    }


def _without_names(sentence) -> str:
    """The sentence without the names in it, which may hold words such as “cure”."""
    text, reached, parts = sentence.text, 0, []
    for mention in sorted(sentence.mentions, key=lambda m: m.start):
        start, end = mention.start - sentence.start, mention.end - sentence.start
        parts.append(text[reached : max(start, reached)])
        reached = max(end, reached)
    return "…".join([*parts, text[reached:]])


def _keys(claim, text: str) -> dict:
    return keys_of(text) if claim.sentence != text or not claim.wording_key else {}
