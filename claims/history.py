"""What each edit of a page did to its claims: kept with the claim, for whoever decides it anew."""

from dataclasses import dataclass

from .carry import what_changed
from .carry.wording import flat
from .models import Anchor, Change

Outcome = Change.Outcome


def stood_before(revision) -> dict[int, str]:
    """Claims (primary keys) of the text this one was edited from, with their words there.

    That is the last text of the page, before this one, that was checked; two queries.
    """
    checked = revision.page.revisions.filter(anchors__isnull=False, number__lt=revision.number)
    earlier = checked.order_by("-number").values_list("pk", flat=True).first()
    if earlier is None:
        return {}
    return dict(Anchor.objects.filter(revision=earlier).values_list("claim", "exact"))


def keep_changes(revision, stood: dict[int, str], claims, became: dict) -> None:
    """Write down what this revision did to the claims of the text before it, in place of what an
    earlier save of the same revision did. Claims that stand word for word are not written down:
    their anchors say so."""
    now = {claim.pk: claim.sentence for claim in claims}
    after = {old.pk: new.sentence for old, new in became.items()}
    rows = []
    for pk, before in stood.items():
        if pk in now and flat(now[pk]) == flat(before):
            continue
        if pk in now:
            outcome, text = Outcome.REWORDED, now[pk]
        elif pk in after:
            outcome, text = Outcome.CHANGED, after[pk]
        else:
            outcome, text = Outcome.GONE, ""
        what = what_changed(before, text) if text else []
        rows.append(
            Change(
                claim_id=pk,
                revision=revision,
                outcome=outcome,
                before=before,
                after=text,
                what=what,
            )
        )
    revision.claim_changes.all().delete()
    Change.objects.bulk_create(rows)


@dataclass(frozen=True)
class Moment:
    """One line of a claim's history: when, what happened in words, and what was said."""

    at: object
    what: str
    text: str = ""
    by: str = ""
    change: Change | None = None


def history_of(claim, *, for_staff: bool) -> list[Moment]:
    """Everything that happened to a claim, newest first. Readers are not told of drafts: a change
    is theirs only once its text was published."""
    moments = [Moment(claim.created_at, "Found in the text", claim.sentence)]
    moments += [
        Moment(
            f.raised_at, f"Questioned: {f.get_reason_display()}", f.explanation, f.raised_by_name
        )
        for f in claim.flags.all()
    ]
    for decision in claim.decisions.select_related("undoing"):
        moments.append(
            Moment(
                decision.decided_at,
                f"Decided: {decision.get_outcome_display()}",
                decision.reason,
                decision.decided_by_name,
            )
        )
        undoing = getattr(decision, "undoing", None)
        if undoing:
            moments.append(
                Moment(
                    undoing.undone_at,
                    "The decision was taken back",
                    undoing.reason,
                    undoing.undone_by_name,
                )
            )
    moments += [Moment(c.made_at, "Corrected", c.reason) for c in claim.corrections.all()]
    if for_staff:
        changes = claim.changes.select_related("revision")
        moments += [
            Moment(
                c.at,
                f"Revision {c.revision.number}: {c.get_outcome_display()}",
                ", ".join(c.what),
                c.revision.author_name,
                c,
            )
            for c in changes
        ]
        moments += [
            Moment(n.at, n.get_kind_display().capitalize(), n.text, n.by_name)
            for n in claim.notes.all()
        ]
    return sorted(moments, key=lambda m: m.at, reverse=True)
