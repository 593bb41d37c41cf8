"""What each edit of a page did to its claims: kept with the claim, for whoever decides it anew."""

from dataclasses import dataclass

from django.utils.translation import gettext

from .carry import what_changed
from .carry.wording import flat
from .models import Anchor, Change, Claim, Flag

Outcome = Change.Outcome


def stood_before(revision) -> dict[int, str]:
    """Claims (primary keys) of the text this one was edited from, with their words there.

    That is the last text of the page, before this one, that was checked, and whatever was decided
    in this one since: an author may go on writing in a draft that a moderator has read. Four
    queries.
    """
    stood = dict(revision.claim_changes.values_list("claim", "before"))
    decided = revision.anchors.exclude(claim__state=Claim.State.OPEN)
    stood |= {pk: exact for pk, exact in decided.values_list("claim", "exact") if pk not in stood}
    checked = revision.page.revisions.filter(anchors__isnull=False, number__lt=revision.number)
    earlier = checked.order_by("-number").values_list("pk", flat=True).first()
    if earlier:
        stood |= Anchor.objects.filter(revision=earlier).values_list("claim", "exact")
    return stood


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


def _answers(decisions) -> list[Moment]:
    moments = []
    for decision in decisions:
        said = decision.get_outcome_display()
        moments.append(
            Moment(
                decision.decided_at,
                gettext("Decided: %(said)s") % {"said": said},
                decision.reason,
                decision.decided_by_name,
            )
        )
        undoing = getattr(decision, "undoing", None)
        if undoing:
            what = gettext("Taken back: %(said)s") % {"said": said}
            moments.append(Moment(undoing.undone_at, what, undoing.reason, undoing.undone_by_name))
    return moments


def public_history(claim, flags, decisions, corrections) -> list[Moment]:
    """What readers may know of what happened to a claim, newest first: its questions, answers and
    corrections, and nothing of drafts. `decisions` come with their undoing."""
    moments = [Moment(claim.created_at, gettext("Found in the text"))]
    moments += [
        Moment(
            f.raised_at,
            gettext("Questioned by %(origin)s: %(reason)s")
            % {"origin": f.get_origin_display(), "reason": f.get_reason_display()},
        )
        for f in flags
    ]
    moments += [
        Moment(f.closed_at, gettext("A question lapsed: it no longer arose"))
        for f in flags
        if f.state == Flag.State.LAPSED
    ]
    moments += _answers(decisions)
    moments += [
        Moment(
            c.made_at,
            gettext("Corrected (%(seriousness)s)") % {"seriousness": c.get_seriousness_display()},
            c.reason,
        )
        for c in corrections
    ]
    return sorted(moments, key=lambda m: m.at, reverse=True)


def staff_history(claim) -> list[Moment]:
    """Everything that happened to a claim, drafts and notes too, newest first; five queries."""
    decisions = claim.decisions.select_related("undoing")
    moments = public_history(claim, claim.flags.all(), decisions, claim.corrections.all())
    for change in claim.changes.select_related("revision"):
        what = gettext("Revision %(number)s: %(outcome)s") % {
            "number": change.revision.number,
            "outcome": change.get_outcome_display(),
        }
        by = change.revision.author_name
        moments.append(Moment(change.at, what, ", ".join(change.what), by, change))
    for note in claim.notes.all():
        what = note.get_kind_display().capitalize()
        moments.append(Moment(note.at, what, note.text, note.by_name))
    return sorted(moments, key=lambda m: m.at, reverse=True)
