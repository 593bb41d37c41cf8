"""A moderator's answer: given once, applied to the same sentence elsewhere, taken back in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from editorial import audit, freshness, roles
from editorial.errors import Refused, WrongState

from . import memory, outcomes, queue_acts, queueing
from .models import Anchor, Claim, ClaimSource, Decision, Flag, QueueItem, Undoing

Outcome = Decision.Outcome

STATE_AFTER = {
    Outcome.SUPPORTED: Claim.State.SUPPORTED,
    Outcome.NOT_A_CLAIM: Claim.State.NOT_A_CLAIM,
    Outcome.NOTHING_WRONG: Claim.State.NOTHING_WRONG,
    Outcome.REWORD: Claim.State.MUST_CHANGE,
    Outcome.ATTRIBUTE: Claim.State.MUST_CHANGE,
    Outcome.WITHDRAW: Claim.State.MUST_CHANGE,
}
UNDO_WITHIN = timedelta(minutes=15)
SHORTEST_PASSAGE = 3  # characters


@transaction.atomic
def decide(
    claim,
    *,
    by,
    outcome: str,
    reason: str,
    sources=(),
    passages: dict[int, str] | None = None,
    version: int | None = None,
) -> Decision:
    """Answer every open flag of a claim.

    “Supported” names sources, none of them retracted, and of each the passage that supports the
    sentence: in `passages` by the source's primary key, unless one was confirmed before.
    `version` is that of the queue's item that the moderator looked at. Raises WrongState when
    nothing is left to decide, something changed since, a colleague is at it, or the answer is
    incomplete.
    """
    roles.require(by, "flag.decide")
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    outcome, reason, sources = Outcome(outcome), reason.strip(), list(sources)
    flags = list(claim.flags.open())
    _check_open(claim, flags)
    _check_item(claim, by, version)
    if not reason:
        raise WrongState(gettext("Give the reason for your decision; readers and authors see it."))
    _check_sources(claim, outcome, sources)
    passages = _passages(claim, outcome, sources, passages or {})
    decision = _write(claim, by, outcome, reason, sources)
    if outcome == Outcome.SUPPORTED:
        _confirm(decision, sources, passages)
    queueing.refresh([claim.pk])
    audit.record(
        "claim.decided",
        by=by,
        page=claim.page,
        subject=claim,
        claim=claim.pk,
        outcome=outcome.value,
        reason=reason,
        flags=[f.pk for f in flags],
        sources=[s.key for s in sources],
    )
    _tell_readers_pages(claim)
    return decision


def _write(claim, by, outcome, reason, sources) -> Decision:
    """The decision, its flags and reports closed, and the claim in its new state."""
    decision = Decision.objects.create(
        claim=claim,
        sentence=claim.sentence,
        outcome=outcome,
        reason=reason,
        decided_by=by,
        decided_by_name=by.display_name,
        state_before=claim.state,
    )
    decision.sources.set(sources)
    claim.flags.open().update(state=Flag.State.DECIDED, closed_at=timezone.now(), decision=decision)
    outcomes.decided(decision)
    claim.state = STATE_AFTER[outcome]
    claim.save(update_fields=["state"])
    return decision


def _check_open(claim, flags) -> None:
    """That there is something to decide: an open flag, or a claim nobody has decided yet."""
    if flags:
        return
    if claim.state != Claim.State.OPEN:
        raise WrongState(
            gettext("No flag is open on this claim; a colleague may have decided it already.")
        )
    if not memory.standing_claims().filter(pk=claim.pk).exists():
        raise WrongState(
            gettext(
                "The sentence stands on no page any more: it was taken out, or its page "
                "was withdrawn. There is nothing to decide."
            )
        )


def _check_item(claim, by, version: int | None) -> None:
    """That nobody else is at the claim, and that it is as the moderator saw it."""
    item = QueueItem.objects.select_for_update().filter(claim=claim).first()
    if item is None:
        if version is not None:
            raise WrongState(
                gettext(
                    "This claim does not wait any more; a colleague may have decided it already."
                )
            )
        return
    queue_acts.require_free(item, by)
    if version is not None and version != item.version:
        raise WrongState(
            gettext(
                "Something about this claim changed since you opened it: another "
                "question, another wording or another place. Nothing was decided; look at"
                " it again."
            )
        )


def _check_sources(claim, outcome, sources) -> None:
    if outcome == Outcome.SUPPORTED and not sources:
        raise WrongState(gettext("Name at least one source that supports the sentence."))
    for source in sources:
        if source.is_retracted:
            raise WrongState(
                gettext("%(label)s was retracted, so it can support nothing.")
                % {"label": source.label}
            )
    if outcome == Outcome.NOTHING_WRONG:
        fallen = claim.flags.open().filter(reason=Flag.Reason.SOURCE_IN_DOUBT, source__isnull=False)
        flag = fallen.filter(source__standing="retracted").select_related("source").first()
        if flag:
            raise WrongState(
                gettext(
                    "%(label)s was retracted and the sentence rests on it, so something is "
                    "wrong. Name another source that supports it, or have it changed."
                )
                % {"label": flag.source.label}
            )


def _passages(claim, outcome, sources, given: dict[int, str]) -> dict[int, str]:
    """The passage of each source: what is given, else what was confirmed before."""
    if outcome != Outcome.SUPPORTED:
        return {}
    known = dict(claim.claim_sources.exclude(passage="").values_list("source", "passage"))
    found = {s.pk: (given.get(s.pk) or "").strip() or known.get(s.pk, "") for s in sources}
    for source in sources:
        if len(found[source.pk]) < SHORTEST_PASSAGE:
            raise WrongState(
                gettext(
                    "Say which passage of %(label)s supports the sentence: its words, or "
                    "where in it they stand. “Cited” becomes “confirmed” by that."
                )
                % {"label": source.label}
            )
    return found


def _confirm(decision, sources, passages: dict[int, str]) -> None:
    """Sources of a decision are confirmed; one that was, with the same passage, stays as it was."""
    rows = {row.source_id: row for row in decision.claim.claim_sources.filter(source__in=sources)}
    for source in sources:
        row = rows.get(source.pk)
        passage = passages[source.pk]
        if row and row.confirmed_at and row.passage == passage:
            continue
        ClaimSource.objects.update_or_create(
            claim=decision.claim,
            source=source,
            defaults={
                "confirmed_at": timezone.now(),
                "confirmed_by_name": decision.decided_by_name,
                "passage": passage,
                "confirmed_in": decision,
            },
        )


def _tell_readers_pages(claim) -> None:
    """Readers' pages on which the claim stands show it in another state."""
    pages = Anchor.objects.filter(claim=claim, revision__live_on__isnull=False)
    keys = freshness.keys_of("page", pages.values_list("revision__page", flat=True))
    keys += freshness.keys_of("source", claim.claim_sources.values_list("source", flat=True))
    freshness.stale(f"claim:{claim.pk}", "list:claim", *keys)


@dataclass(frozen=True)
class Result:
    """What became of one claim when several were decided at once."""

    claim: Claim
    decision: Decision | None
    refusal: str = ""


def decide_each(claims: Iterable[Claim], *, by, **answer) -> list[Result]:
    """Give several claims the same answer: a decision for each, a refusal where it cannot be."""
    results = []
    for claim in claims:
        try:
            results.append(Result(claim, decide(claim, by=by, **answer)))
        except Refused as refusal:
            results.append(Result(claim, None, str(refusal)))
    return results


def decide_everywhere(claim, *, by, **answer) -> tuple[Decision, list[Result]]:
    """Decide a claim, and every other standing claim that asserts exactly the same, alike.

    Raises as `decide` for the claim itself; what is refused elsewhere is in the results.
    """
    with transaction.atomic():
        decision = decide(claim, by=by, **answer)
        same = [c for c in memory.same_elsewhere(decision.claim) if _may_follow(c)]
        answer.pop("version", None)
        return decision, decide_each(same, by=by, **answer)


def _may_follow(claim) -> bool:
    return claim.state == Claim.State.OPEN or hasattr(claim, "queue_item")


@transaction.atomic
def repeat(decision, claims, *, by) -> list[Result]:
    """Apply a decision that stands to other claims that assert exactly the same."""
    roles.require(by, "flag.decide")
    if Undoing.objects.filter(decision=decision).exists():
        raise WrongState(
            gettext("That decision was taken back, so it cannot be applied elsewhere.")
        )
    passages = dict(
        decision.claim.claim_sources.exclude(passage="").values_list("source", "passage")
    )
    same = {c.pk: c for c in memory.same_elsewhere(decision.claim)}
    wanted = [same[c.pk] for c in claims if c.pk in same]
    return decide_each(
        wanted,
        by=by,
        outcome=decision.outcome,
        reason=decision.reason,
        sources=list(decision.sources.all()),
        passages=passages,
    )


@transaction.atomic
def undo(decision, *, by, reason: str) -> Undoing:
    """Take back one's own decision, within fifteen minutes and while nothing rests on it.

    Nothing is deleted: the decision stays with an Undoing beside it, and each question it answered
    is asked again. Raises WrongState when it is too late for that.
    """
    roles.require(by, "flag.decide")
    claim = Claim.objects.select_for_update().get(pk=decision.claim_id)
    decision = Decision.objects.get(pk=decision.pk)
    _check_undoable(decision, claim, by)
    if not (reason or "").strip():
        raise WrongState(gettext("Say why you take it back."))
    undoing = Undoing.objects.create(
        decision=decision, reason=reason.strip(), undone_by=by, undone_by_name=by.display_name
    )
    for flag in decision.flags.all():
        _ask_again(flag)
    rows = ClaimSource.objects.filter(confirmed_in=decision)
    rows.update(confirmed_at=None, confirmed_by_name="", passage="", confirmed_in=None)
    claim.state = decision.state_before
    claim.save(update_fields=["state"])
    queueing.refresh([claim.pk])
    audit.record(
        "decision.undone",
        by=by,
        page=claim.page,
        subject=claim,
        claim=claim.pk,
        decision=decision.pk,
        reason=undoing.reason,
    )
    _tell_readers_pages(claim)
    return undoing


def _check_undoable(decision, claim, by) -> None:
    late = timezone.now() - decision.decided_at > UNDO_WITHIN
    newest = claim.decisions.first()
    if hasattr(decision, "undoing"):
        raise WrongState(gettext("This decision was taken back already."))
    if decision.decided_by_id != by.pk:
        raise WrongState(
            gettext("Only whoever decided can take it back; you can flag the claim instead.")
        )
    if late or newest.pk != decision.pk:
        raise WrongState(
            gettext(
                "It is too late to take this decision back. Flag the claim, and decide it anew."
            )
        )
    if _rests_on(decision, claim):
        raise WrongState(
            gettext(
                "Something rests on this decision already: a text was published or "
                "approved, or a reader was written to. Flag the claim, and decide it "
                "anew."
            )
        )


def _rests_on(decision, claim) -> bool:
    """Whether a text that holds the sentence was approved or published since, a correction was
    made of it, or readers were sent the answer."""
    since = claim.anchors.filter(revision__approved_at__gt=decision.decided_at)
    went_out = claim.anchors.filter(revision__page__published_at__gt=decision.decided_at)
    return (
        since.exists()
        or went_out.exists()
        or decision.corrections.exists()
        or outcomes.letters_went_out(decision)
    )


def _ask_again(flag) -> None:
    """A new open flag like an answered one, unless the same origin asked anew meanwhile."""
    raised_at, reports = flag.raised_at, list(flag.reports.values_list("pk", flat=True))
    again = Flag.objects.open().filter(claim=flag.claim_id, origin=flag.origin).first()
    if again is None:
        flag.pk, flag._state.adding = None, True
        flag.state, flag.closed_at, flag.decision = Flag.State.OPEN, None, None
        flag.save(force_insert=True)
        Flag.objects.filter(pk=flag.pk).update(raised_at=raised_at)  # it waited since then
        again = flag
    outcomes.reopened(reports, again)


@transaction.atomic
def describe(claim, *, by, category: str, direction: str, safety: str) -> Claim:
    """Correct what the checker read: type, direction and safety. It stays until the sentence's
    meaning changes."""
    roles.require(by, "claim.describe")
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    values = {
        "category": (category or "").strip().upper()[:20],
        "direction": Claim.Direction(direction),
        "safety": Claim.Safety(safety),
    }
    before = {name: getattr(claim, name) for name in values}
    if before == values:
        return claim
    for name, value in values.items():
        setattr(claim, name, value)
    claim.axes_set_by_name, claim.axes_set_at = by.display_name, timezone.now()
    claim.save(update_fields=[*values, "axes_set_by_name", "axes_set_at"])
    queueing.refresh([claim.pk])
    audit.record(
        "claim.described",
        by=by,
        page=claim.page,
        subject=claim,
        claim=claim.pk,
        before=before,
        after=values,
    )
    _tell_readers_pages(claim)
    return claim
