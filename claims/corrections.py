"""Corrections: what readers are told when a published sentence came to assert something else.

At each publication the new text is compared with the one that readers saw last, by the code that
carries claims over. Each sentence whose meaning may have changed, and each claim that was taken
out, leaves a correction in the same transaction; new sentences, new pages and harmless changes
leave none. Before publication, `planned` says which corrections a revision will bring, and
`word_correction` lets an editor say why and how serious each is.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from editorial import audit, freshness, roles
from editorial.errors import WrongState
from editorial.models import Event, Revision
from editorial.rows import insert

from . import outcomes
from .carry import carry_all, what_changed
from .carry.protocol import sentences_of
from .models import Claim, Correction, CorrectionWording, Flag, PublishedText, Seriousness

GENESIS = "0" * 64
_CHAIN_LOCK = 0x43_4F_52  # any fixed number: PostgreSQL advisory lock of this chain

# What differs -> how serious that is where nobody said.
_TURNS = frozenset(("negation", "direction"))
_COUNTS = frozenset(
    "number unit drug population certainty hedge quantifier comparator route timing".split()
)
_NAMES = {
    "negation": gettext_lazy("a negation"),
    "direction": gettext_lazy("the direction of the effect"),
    "number": gettext_lazy("a number"),
    "unit": gettext_lazy("a unit or a frequency"),
    "drug": gettext_lazy("the name of a medicine"),
    "population": gettext_lazy("the people it speaks of"),
    "certainty": gettext_lazy("how certain it sounds"),
    "hedge": gettext_lazy("how cautious it sounds"),
    "quantifier": gettext_lazy("how many it speaks of"),
    "comparator": gettext_lazy("what is compared"),
    "route": gettext_lazy("how it is given"),
    "timing": gettext_lazy("when it happens"),
    "question": gettext_lazy("whether it asks or states"),
    "order": gettext_lazy("the order of its words"),
    "words": gettext_lazy("its wording"),
}


class Blocks(NamedTuple):
    """A text and some blocks of it, as `sentences_of` wants them."""

    text: str
    blocks: list


@dataclass
class Planned:
    """A correction that a publication brings: what it said and will say, why, how serious."""

    before: str
    after: str
    what: list[str]
    reason: str
    seriousness: str
    since: str
    claim: Claim | None = None
    decision: object = None
    worded_by: str = ""
    sources: list = field(default_factory=list)

    @property
    def seriousness_words(self) -> str:
        """How serious, for people."""
        return Seriousness(self.seriousness).label

    @property
    def what_words(self) -> str:
        """What differs, for people."""
        return in_words(self.what)


def in_words(names) -> str:
    """“a number and a unit” for ["number", "unit"]."""
    words = [str(_NAMES.get(name, name)) for name in names]
    return gettext(" and ").join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def sentences_with_dates(revision, since: str, known=()) -> list[list]:
    """The sentences of a text, each as [words, since when it has stood, whether it is a heading];
    one that was kept from `known` has its date from there."""
    new, headings = _sentences(revision)
    dates = [since] * len(new)
    old = [row[0] for row in known]
    for row, fate in zip(known, carry_all(old, new, old), strict=True):
        if fate.outcome == "keep":
            dates[fate.index] = row[1]
    return [list(row) for row in zip(new, dates, headings, strict=True)]


def _sentences(revision) -> tuple[list[str], list[bool]]:
    """The sentences of a text, and which of them are titles or headings."""
    document = revision.document
    new, headings = [], []
    for block in document.blocks:
        found = sentences_of(Blocks(document.text, [block]))
        new += found
        headings += [block.kind in ("title", "heading")] * len(found)
    return new, headings


def last_seen(page) -> PublishedText | None:
    """What readers of a page saw last; made from the live text where it was not kept yet."""
    kept = PublishedText.objects.filter(page=page.pk).select_related("revision").first()
    return kept or _seen_before(page, page.live_revision)


def _seen_before(page, before) -> PublishedText | None:
    """What readers saw of a page whose text was not kept when it was published."""
    if before is None:
        return None
    since = page.published_at or page.first_published_at or timezone.now()
    return PublishedText(page_id=page.pk, revision=before, since=since)


def seen_sentences(seen: PublishedText) -> list[list]:
    """The sentences that readers saw, as `sentences_with_dates`."""
    if seen.since is None:
        return seen.sentences
    return sentences_with_dates(seen.revision, seen.since.isoformat())


def planned(revision, seen: PublishedText | None = None) -> list[Planned]:
    """The corrections that publishing this revision will bring, in the order of the old text."""
    seen = seen or last_seen(revision.page)
    if seen is None or seen.revision_id == revision.pk:
        return []
    rows = seen_sentences(seen)
    old = [row[0] for row in rows]
    fates = carry_all(old, _sentences(revision)[0], old)
    changed = [i for i, fate in enumerate(fates) if fate.outcome != "keep"]
    if not changed:
        return []
    claims = _claims_of(seen.revision)
    standing = {c.pk: c for c in Claim.objects.standing_on(revision)}
    wordings = {w.before: w for w in revision.correction_wordings.all()}
    made = [_planned(*rows[i], fates[i], claims, standing, wordings) for i in changed]
    return [row for row in made if row]


def _claims_of(revision) -> dict[tuple, Claim]:
    anchors = revision.anchors.select_related("claim__became")
    return {tuple(a.exact.split()): a.claim for a in anchors}


def _planned(before, since, is_heading, fate, claims, standing, wordings) -> Planned | None:
    """What a sentence that was not kept leaves; None where nothing was asserted that is gone now.
    A heading that was no claim asserts nothing."""
    claim = claims.get(tuple(before.split()))
    if is_heading and claim is None:
        return None
    after = fate.text or ""
    if not after and claim and claim.became_id in standing:
        after = standing[claim.became_id].sentence
    taken_out = claim and claim.state != Claim.State.NOT_A_CLAIM
    if not after and not taken_out:
        return None
    decision = None
    if claim and claim.state == Claim.State.MUST_CHANGE:
        decision = claim.standing_decision()
    what = what_changed(before, after) if after else []
    row = Planned(
        before,
        after,
        what,
        decision.reason if decision else _reason(what, after),
        seriousness_of(what, claim, after, decision),
        since,
        claim,
        decision,
    )
    said = wordings.get(before)
    if said:
        row.reason, row.seriousness, row.worded_by = said.reason, said.seriousness, said.by_name
    return row


def _reason(what, after) -> str:
    if not after:
        return gettext("The sentence was taken out when the text was revised.")
    changed = in_words(what) if what else "what it refers to"
    return gettext("The text was revised; what changed in this sentence is %(changed)s.") % {
        "changed": changed
    }


def seriousness_of(what, claim, after: str, decision=None) -> str:
    """How serious a change is where no person said: in doubt the graver."""
    if claim and decision:
        unsafe = decision.flags.filter(reason=Flag.Reason.UNSAFE).exists()
        if unsafe or _TURNS & {*what}:
            return Seriousness.CONCLUSION
        return Seriousness.SUBSTANTIVE
    if not after:
        return Seriousness.SUBSTANTIVE
    if _TURNS & {*what}:
        return Seriousness.CONCLUSION if claim else Seriousness.SUBSTANTIVE
    if _COUNTS & {*what}:
        return Seriousness.SUBSTANTIVE
    return Seriousness.CLARIFICATION


@transaction.atomic
def word_correction(revision, *, by, before: str, reason: str, seriousness: str):
    """Say why, and how serious it is, of a correction that this revision will bring.

    Raises WrongState when the revision brings none for this sentence, or no reason is given.
    """
    revision = Revision.objects.select_for_update().get(pk=revision.pk)
    roles.require(by, "correction.word", revision.page)
    reason = " ".join((reason or "").split())
    if not reason:
        raise WrongState(gettext("Say why the sentence was changed; readers see it."))
    if before not in {row.before for row in planned(revision)}:
        raise WrongState(
            gettext(
                "Publishing this text brings no correction of that sentence any more. "
                "Reload the page."
            )
        )
    said, _ = CorrectionWording.objects.update_or_create(
        revision=revision,
        before=before,
        defaults={
            "reason": reason,
            "seriousness": Seriousness(seriousness),
            "by": by,
            "by_name": by.display_name,
        },
    )
    audit.record("correction.worded", by=by, page=revision.page, subject=revision, reason=reason)
    return said


def note_corrections(changes) -> None:
    """Leave every correction that publications bring, and keep what readers see now; part of
    the transaction that publishes."""
    pages = [change.page.pk for change in changes]
    # Their list names a page as readers see it, or not at all.
    if Correction.objects.filter(page__in=pages).exists():
        freshness.stale("list:correction")
    kept = PublishedText.objects.filter(page__in=pages).select_related("revision")
    kept = {text.page_id: text for text in kept}
    now, new = timezone.now(), []
    for page, before, after in changes:
        if after is None:
            continue
        seen = kept.get(page.pk) or _seen_before(page, before)
        if seen is None:
            new.append((page.pk, after.pk, [], now))
            continue
        known = seen_sentences(seen)
        _leave_corrections(page, before, after, seen, now)
        seen.sentences = sentences_with_dates(after, now.isoformat(), known)
        seen.revision, seen.since = after, None
        seen.save()
    insert(PublishedText, ["page_id", "revision_id", "sentences", "since"], new)


def _leave_corrections(page, before, after, seen, now) -> None:
    until = now if before else _withdrawn_at(page) or now
    made = [_append(page, after, row, until, now) for row in planned(after, seen)]
    for correction in made:
        outcomes.changed(correction)
    if made:
        freshness.stale(
            f"page:{page.pk}",
            "list:correction",
            *freshness.keys_of("correction", [c.pk for c in made]),
            *freshness.keys_of("claim", [c.claim_id for c in made if c.claim_id]),
        )


def _withdrawn_at(page) -> datetime | None:
    """When a page that comes back was taken away."""
    withdrawals = Event.objects.filter(page_id=page.pk, verb="page.withdrawn")
    return withdrawals.values_list("at", flat=True).first()


def _append(page, revision, row: Planned, until, now) -> Correction:
    """One more correction at the end of the chain."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
    correction = Correction(
        page_id=page.pk,
        decision=row.decision,
        claim=row.claim,
        revision=revision,
        before=row.before,
        after=row.after,
        what=row.what,
        reason=row.reason,
        seriousness=row.seriousness,
        stood_from=datetime.fromisoformat(row.since),
        stood_until=until,
        made_at=now,
        previous_hash=Correction.objects.values_list("hash", flat=True).first() or GENESIS,
    )
    correction.hash = chain_hash(correction)
    correction.save(force_insert=True)
    return correction


def chain_hash(correction) -> str:
    """SHA-256 over the previous hash and every field of the row, in hexadecimal."""
    fields = [
        correction.previous_hash,
        correction.page_id,
        correction.decision_id,
        correction.claim_id,
        correction.revision_id,
        correction.before,
        correction.after,
        correction.what,
        correction.reason,
        str(correction.seriousness),
        correction.stood_from.isoformat() if correction.stood_from else None,
        correction.stood_until.isoformat() if correction.stood_until else None,
        correction.made_at.isoformat(),
    ]
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def first_broken_correction() -> Correction | None:
    """The first correction whose row or place in the chain was altered; None when all is well."""
    previous = GENESIS
    for correction in Correction.objects.order_by("pk").iterator(chunk_size=1000):
        if correction.previous_hash != previous or correction.hash != chain_hash(correction):
            return correction
        previous = correction.hash
    return None
