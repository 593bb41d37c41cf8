"""From a saved revision to its claims and flags: check, carry over, raise what is new."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import F
from django.utils import timezone

from claims import checker
from editorial import freshness
from editorial.among import Among
from editorial.models import Revision
from editorial.rows import insert
from evidence.models import Source

from . import history, outcomes, queueing, rechecking
from .carry import carry_all
from .carry.protocol import sentences_of
from .describing import save_claims
from .flagging import settle_checker_flags
from .models import Anchor, Claim, ClaimSource, Flag
from .texts import read_texts

FEW = 10  # texts saved at once that are read closely: a quarter of a second
CONTEXT = 32  # characters of the text kept before and after a claim
DECIDED = (Claim.State.SUPPORTED, Claim.State.NOT_A_CLAIM, Claim.State.NOTHING_WRONG)


@dataclass
class Standing:
    """One sentence that is or may be a claim, with what the checker found in it."""

    sentence: object
    findings: list = field(default_factory=list)
    sources: list[str] = field(default_factory=list)


@dataclass
class Checked:
    """A revision that was just read, with the claims of its sentences."""

    revision: Revision
    report: checker.Report
    pairs: list[tuple[Standing, Claim]]
    replaced: list[tuple[Claim, Claim]]
    stood: dict[int, str]


def check_revision(revision) -> checker.Report:
    """Anchor the page's claims in this revision and raise or lapse the checker's flags.

    Answers what the checker found.
    """
    return check_revisions([revision])[0]


def check_revisions(revisions) -> list[checker.Report]:
    """The same for revisions of different pages, in a few statements however many they are.

    More than FEW are not read closely here; the rounds of the site do that, from these on.
    """
    closely = len(revisions) <= FEW
    if not closely:
        rechecking.go_back_to(min(revision.pk for revision in revisions))
    pages = [revision.page_id for revision in revisions]
    known = defaultdict(list)
    for claim in Claim.objects.filter(page__in=pages).order_by("pk"):
        known[claim.page_id].append(claim)
    readings = read_texts([(r.document, r.page) for r in revisions], closely=closely)
    checked = [
        _checked(revision, report, known[revision.page_id])
        for revision, report in zip(revisions, readings, strict=True)
    ]
    save_claims([pair for row in checked for pair in row.pairs])
    for old, new in (pair for row in checked for pair in row.replaced):
        old.became = new
        old.save(update_fields=["became"])
    _anchor(checked)
    for row in checked:
        if row.stood:
            claims = [claim for _, claim in row.pairs]
            history.keep_changes(row.revision, row.stood, claims, dict(row.replaced))
    _record_sources(checked)
    settle_checker_flags([pair for row in checked for pair in row.pairs])
    _lapse_flags_without_standing(pages)
    queueing.refresh_pages(pages)
    _tell_readers_pages([revision.page for revision in revisions])
    return [row.report for row in checked]


def _checked(revision, report, claims) -> Checked:
    """The claims of a text's sentences, those that the page already had (`claims`) among them.
    Nothing is saved here."""
    standings = _standings(revision.document, report)
    if claims:
        stood = history.stood_before(revision)
        carried, replaced = _carry_over(revision, standings, claims)
    else:
        stood, replaced = {}, []
        carried = [Claim(page=revision.page) if _asserts(s) else None for s in standings]
    pairs = [(s, c) for s, c in zip(standings, carried, strict=True) if c is not None]
    return Checked(revision, report, pairs, replaced, stood)


def _tell_readers_pages(pages) -> None:
    """A sentence that readers see has its questions and its sources from here, also while a draft
    is checked in which it stands as well."""
    live = {page.live_revision_id: page.pk for page in pages if page.live_revision_id}
    if live:
        shown = Anchor.objects.filter(revision__in=live).values_list("claim", "claim__wording_key")
        freshness.stale(*freshness.keys_of("page", live.values()), *_telling(dict(shown)))


def _telling(shown: dict[int, str]) -> list[str]:
    """Keys of what tells of claims that readers see (their wording by primary key): their own
    pages and lists, and the pages of claims that say the same elsewhere."""
    wordings = {wording for wording in shown.values() if wording}
    claims, same = freshness.keys_of("claim", shown), freshness.keys_of("wording", wordings)
    return ["list:claim", *claims, *same]


def _standings(document, report) -> list[Standing]:
    """Every sentence, with its findings and the sources cited in it or right after it."""
    standings = [Standing(s) for s in report.sentences]
    for finding in report.findings:
        standings[finding.sentence].findings.append(finding)
    starts = [s.start for s in report.sentences]
    for cited in document.citations:
        index = bisect_left(starts, cited.position) - 1
        if index >= 0:
            standings[index].sources.append(cited.source)
    for standing in standings:
        standing.sources = list(dict.fromkeys(standing.sources))
    return standings


def _asserts(standing: Standing) -> bool:
    """Whether a sentence is a claim: it was found fault with, is cited, or says that a named
    therapy or condition does something."""
    s = standing.sentence
    if standing.findings:
        return True
    if s.question or s.kind in ("heading", "title"):
        return False
    return bool(standing.sources) or (s.strength >= 1 and bool(s.mentions))


def _carry_over(
    revision, standings, claims
) -> tuple[list[Claim | None], list[tuple[Claim, Claim]]]:
    """For each sentence its claim: one the page already had, or a new one; None for the rest.

    And pairs (old claim, claim that took its place).
    """
    texts = [s.sentence.text for s in standings]
    fates = carry_all([c.sentence for c in claims], texts, _edited_from(revision))
    result: list[Claim | None] = [None] * len(standings)
    became: dict[int, int] = {}
    for claim, fate in zip(claims, fates, strict=True):
        if fate.outcome == "keep":
            result[fate.index] = claim
        elif fate.outcome == "reopen":
            became[claim.pk] = fate.index
    for index, standing in enumerate(standings):
        if result[index] is None and _asserts(standing):
            result[index] = Claim(page=revision.page)
    kept = {claim.pk for claim in result if claim}
    for claim in claims:  # what was replaced by a claim that is now replaced itself
        if claim.became_id in became and claim.pk not in kept:
            became.setdefault(claim.pk, became[claim.became_id])
    replaced = [(c, result[became[c.pk]]) for c in claims if c.pk in became]
    return result, [(old, new) for old, new in replaced if new]


def _edited_from(revision) -> list[str] | None:
    """The sentences of the text this one was edited from, as far as they are known.

    Those anchored in this revision when it was saved before, else those of the revision before
    it; None for a page's first.
    """
    anchored = list(revision.anchors.order_by("start").values_list("exact", flat=True))
    if anchored:
        return anchored
    # A text kept aside after a late save was never checked: it has no claims to carry over.
    checked = revision.page.revisions.filter(anchors__isnull=False).distinct()
    earlier = checked.filter(number__lt=revision.number).first()
    return sentences_of(earlier.document) if earlier else None


def _anchor(checked: list[Checked]) -> None:
    """Where each claim stands in its revision's text."""
    Anchor.objects.filter(revision__in=[row.revision.pk for row in checked]).delete()
    places = (_place(row.revision, s, claim) for row in checked for s, claim in row.pairs)
    insert(Anchor, _PLACE, places)


_PLACE = ("claim_id", "revision_id", "start", "end", "exact", "prefix", "suffix")


def _place(revision, standing, claim) -> tuple:
    """Where a claim stands in a text, as _PLACE."""
    text, start, end = revision.document.text, standing.sentence.start, standing.sentence.end
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return claim.pk, revision.pk, start, end, text[start:end], before, after


def _anchored(revision, standing, claim) -> Anchor:
    return Anchor.objects.create(
        **dict(zip(_PLACE, _place(revision, standing, claim), strict=True))
    )


def same_words(one: str, other: str) -> bool:
    """Whether two sentences are equal but for blanks."""
    return one.split() == other.split()


def make_claim(revision, sentence: str) -> Anchor | None:
    """Make a claim of a sentence of this text that is none yet; None when it is not there.

    Also anchored in the text that is being worked on, where it stands there: the gate asks that
    one, and a text under review is not saved again.
    """
    found = _unclaimed(revision, sentence)
    if found is None:
        return None
    claim = Claim(page=revision.page)
    save_claims([(found, claim)])
    _record_sources([Checked(revision, checker.Report(), [(found, claim)], [], {})])
    first = _anchored(revision, found, claim)
    current = revision.page.current_revision()
    if current and (also := _unclaimed(current, sentence)):
        _anchored(current, also, claim)
    _tell_readers_pages([revision.page])
    return first


def _unclaimed(revision, sentence: str) -> Standing | None:
    """The first sentence of these words in this text that is no claim; None when there is none."""
    document = revision.document
    # A reader may be waiting; the next save or round reads it closely.
    (report,) = read_texts([(document, revision.page)], closely=False)
    taken = set(revision.anchors.values_list("start", flat=True))
    for standing in _standings(document, report):
        s = standing.sentence
        if s.start not in taken and same_words(document.text[s.start : s.end], sentence):
            return standing
    return None


def _record_sources(checked: list[Checked]) -> None:
    """Cited sources are linked to their claims; those cited no longer are unlinked, unless a
    person confirmed them or the claim also stands, with them, on the text that is live."""
    pairs = [pair for row in checked for pair in row.pairs]
    found = Source.objects.by_key({key for s, _ in pairs for key in s.sources})
    keys = {key: source.pk for key, source in found.items()}
    wanted = {(c.pk, keys[k]) for s, c in pairs for k in s.sources if k in keys}
    claims = [c.pk for _, c in pairs]
    there = ClaimSource.objects.filter(Among(F("claim"), claims))
    rows = {(r.claim_id, r.source_id): r for r in there}
    insert(ClaimSource, ["claim_id", "source_id"], sorted(wanted - rows.keys()))
    stale = [r for pair, r in rows.items() if pair not in wanted and r.confirmed_at is None]
    if stale:
        live = Anchor.objects.filter(claim__in=claims, revision__live_on__isnull=False)
        here = [row.revision.pk for row in checked]
        kept = set(live.exclude(revision__in=here).values_list("claim", flat=True))
        gone = [r.pk for r in stale if r.claim_id not in kept]
        ClaimSource.objects.filter(pk__in=gone).delete()


def lapse(flag: Flag) -> None:
    """Close a flag whose question no longer arises."""
    flag.state, flag.closed_at = Flag.State.LAPSED, timezone.now()
    flag.save(update_fields=["state", "closed_at"])


def pages_changed(changes) -> None:
    """What readers see of pages are other texts, or none; part of that transaction."""
    pages = [change.page.pk for change in changes]
    _lapse_flags_without_standing(pages)
    queueing.refresh_pages(pages)
    texts = [revision.pk for change in changes for revision in change[1:] if revision]
    anchors = Anchor.objects.filter(revision__in=texts)
    shown = dict(anchors.values_list("claim", "claim__wording_key"))
    # A source's page names what rests on it.
    resting = ClaimSource.objects.filter(Among(F("claim"), shown))
    freshness.stale(
        *freshness.keys_of("page", pages),
        *_telling(shown),
        *freshness.keys_of("source", resting.values_list("source", flat=True)),
    )


def _lapse_flags_without_standing(pages: list[int]) -> None:
    """Flags of sentences that stand neither on the live text nor on the one being worked on."""
    at_work = (*Revision.OPEN_STATES, Revision.State.PUBLISHED)
    places = Anchor.objects.filter(revision__page__in=pages).order_by()
    rows = places.values_list("claim", "revision__state")
    standing = {claim for claim, state in rows if state in at_work}
    claims = Claim.objects.filter(page__in=pages).order_by().values_list("pk", flat=True)
    gone = set(claims) - standing
    if not gone:
        return
    stale = Flag.objects.open().filter(claim__in=gone)
    asked = list(stale.filter(origin=Flag.Origin.READER).values_list("pk", flat=True))
    stale.update(state=Flag.State.LAPSED, closed_at=timezone.now())
    outcomes.lapsed(asked)
