"""From a saved revision to its claims and flags: check, carry over, raise what is new."""

from dataclasses import dataclass, field

from django.utils import timezone

from claims import checker
from editorial import freshness
from editorial.models import Revision
from editorial.text import Document
from evidence.citations import on_purpose
from evidence.models import Source
from therapies.models import Condition, Therapy

from . import history, outcomes, queueing
from .carry import carry_all
from .carry.protocol import sentences_of
from .describing import save_claims
from .knowledge import checker_knowledge
from .models import Anchor, Claim, ClaimSource, Flag
from .ruling import site_rules

CONTEXT = 32  # characters of the text kept before and after a claim
DECIDED = (Claim.State.SUPPORTED, Claim.State.NOT_A_CLAIM, Claim.State.NOTHING_WRONG)

REASON_OF_CATEGORY = {
    "EFFICACY": Flag.Reason.NO_SOURCE,
    "STUDY": Flag.Reason.NO_SOURCE,
    "STATISTIC": Flag.Reason.NO_SOURCE,
    "CERTAINTY": Flag.Reason.OVERSTATED,
    "HYPE": Flag.Reason.OVERSTATED,
    "GRADE": Flag.Reason.OVERSTATED,
    "FRAMING": Flag.Reason.OVERSTATED,
    "OVERREACH": Flag.Reason.OVERSTATED,
    "SOURCE": Flag.Reason.NOT_SUPPORTED,
    "SAFETY": Flag.Reason.MISSING_HARM,
    "COMPARISON": Flag.Reason.MISSING_HARM,
    "PROMO": Flag.Reason.COMMERCIAL,
    "RETRACTED": Flag.Reason.SOURCE_IN_DOUBT,
}


@dataclass
class Standing:
    """One sentence that is or may be a claim, with what the checker found in it."""

    sentence: object
    findings: list = field(default_factory=list)
    sources: list[str] = field(default_factory=list)


def report_on(content: dict, page=None) -> tuple[Document, checker.Report]:
    """What the checker says of this content of a page, with what the site knows now.

    A retracted source that the page cites on purpose is left out: it neither supports nor stops.
    """
    document, (report,) = reports_on(content, page, [site_rules()])
    return document, report


def reports_on(content: dict, page, rule_sets) -> tuple[Document, list[checker.Report]]:
    """The same by each of several sets of rules, to see what a change of rules would do."""
    document = Document.of(content)
    names, assessments = checker_knowledge()
    sources = Source.objects.prefetch_related("about").by_key(document.source_keys)
    meant = set()
    if page is not None and any(s.is_retracted for s in sources.values()):
        meant = on_purpose(page).keys()
    cited = [(c, sources.get(c.source)) for c in document.citations]
    reports = [
        checker.check(
            document.text,
            blocks=[checker.Block(b.start, b.end, b.kind) for b in document.blocks],
            citations=[
                _citation(c, source) for c, source in cited if not source or source.pk not in meant
            ],
            names=names,
            assessments=assessments,
            rules=rules,
        )
        for rules in rule_sets
    ]
    return document, reports


def _citation(cited, source) -> checker.Citation:
    if source is None:
        return checker.Citation(cited.position, cited.source)
    about = source.about.all()
    return checker.Citation(
        cited.position,
        cited.source,
        retracted=source.is_retracted,
        therapies=frozenset(page.slug for page in about if page.kind == Therapy.KIND),
        conditions=frozenset(page.slug for page in about if page.kind == Condition.KIND),
        design=source.design,
        year=source.year,
    )


def check_revision(revision) -> checker.Report:
    """Anchor the page's claims in this revision and raise or lapse the checker's flags.

    Answers what the checker found.
    """
    document, report = report_on(revision.content, revision.page)
    standings = _standings(document, report)
    stood = history.stood_before(revision)
    claims, replaced = _carry_over(revision, standings)
    pairs = [(s, c) for s, c in zip(standings, claims, strict=True) if c is not None]
    save_claims(pairs)
    for old, new in replaced:
        old.became = new
        old.save(update_fields=["became"])
    _anchor(revision, document, pairs)
    history.keep_changes(revision, stood, [c for _, c in pairs], dict(replaced))
    _record_sources(revision, document, pairs)
    _settle_checker_flags(pairs)
    _lapse_flags_without_standing(revision.page)
    queueing.refresh_page(revision.page)
    _tell_readers_pages(revision.page)
    return report


def _tell_readers_pages(page) -> None:
    """A sentence that readers see has its questions and its sources from here, also while a draft
    is checked in which it stands as well."""
    if page.live_revision_id:
        shown = Anchor.objects.filter(revision=page.live_revision_id)
        claims = shown.values_list("claim", flat=True)
        freshness.stale(f"page:{page.pk}", "list:claim", *freshness.keys_of("claim", claims))


def _standings(document, report) -> list[Standing]:
    """Every sentence, with its findings and the sources cited in it or right after it."""
    standings = [Standing(s) for s in report.sentences]
    for finding in report.findings:
        standings[finding.sentence].findings.append(finding)
    starts = [s.start for s in report.sentences]
    for cited in document.citations:
        index = max((i for i, start in enumerate(starts) if start < cited.position), default=None)
        if index is not None and cited.source not in standings[index].sources:
            standings[index].sources.append(cited.source)
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


def _carry_over(revision, standings) -> tuple[list[Claim | None], list[tuple[Claim, Claim]]]:
    """For each sentence its claim: one the page already had, or a new one; None for the rest.

    And pairs (old claim, claim that took its place). Nothing is saved here.
    """
    texts = [s.sentence.text for s in standings]
    claims = list(revision.page.claims.order_by("pk"))
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
    for claim in claims:  # what was replaced by a claim that is now replaced itself
        if claim.became_id in became and claim not in result:
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
    return sentences_of(Document.of(earlier.content)) if earlier else None


def _anchor(revision, document, pairs) -> None:
    """Where each claim stands in this revision's text."""
    revision.anchors.all().delete()
    Anchor.objects.bulk_create(_anchor_of(revision, document, s, claim) for s, claim in pairs)


def _anchor_of(revision, document, standing, claim) -> Anchor:
    text, sentence = document.text, standing.sentence
    return Anchor(
        claim=claim,
        revision=revision,
        start=sentence.start,
        end=sentence.end,
        exact=text[sentence.start : sentence.end],
        prefix=text[max(0, sentence.start - CONTEXT) : sentence.start],
        suffix=text[sentence.end : sentence.end + CONTEXT],
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
    document, standing = found
    claim = Claim(page=revision.page)
    save_claims([(standing, claim)])
    _record_sources(revision, document, [(standing, claim)])
    first = _anchor_of(revision, document, standing, claim)
    first.save()
    current = revision.page.current_revision()
    if current and (also := _unclaimed(current, sentence)):
        _anchor_of(current, *also, claim).save()
    return first


def _unclaimed(revision, sentence: str) -> tuple[Document, Standing] | None:
    """The first sentence of these words in this text that is no claim; None when there is none."""
    document, report = report_on(revision.content, revision.page)
    taken = set(revision.anchors.values_list("start", flat=True))
    for standing in _standings(document, report):
        s = standing.sentence
        if s.start not in taken and same_words(document.text[s.start : s.end], sentence):
            return document, standing
    return None


def _record_sources(revision, document, pairs) -> None:
    """Cited sources are linked to their claims; those cited no longer are unlinked, unless a
    person confirmed them or the claim also stands, with them, on the text that is live."""
    found = Source.objects.by_key(document.source_keys)
    keys = {key: source.pk for key, source in found.items()}
    wanted = {(c.pk, keys[k]) for s, c in pairs for k in s.sources if k in keys}
    claims = [c.pk for _, c in pairs]
    rows = {(r.claim_id, r.source_id): r for r in ClaimSource.objects.filter(claim__in=claims)}
    ClaimSource.objects.bulk_create(
        ClaimSource(claim_id=claim, source_id=source)
        for claim, source in sorted(wanted - rows.keys())
    )
    stale = [r for pair, r in rows.items() if pair not in wanted and r.confirmed_at is None]
    if stale:
        live = Anchor.objects.filter(claim__in=claims, revision__live_on__isnull=False)
        kept = set(live.exclude(revision=revision).values_list("claim", flat=True))
        gone = [r.pk for r in stale if r.claim_id not in kept]
        ClaimSource.objects.filter(pk__in=gone).delete()


_FLAGGED = [
    "severity",
    "category",
    "rule",
    "reason",
    "explanation",
    "remedy",
    "rewording",
    "findings",
]


def _settle_checker_flags(pairs) -> None:
    """On each claim one open checker flag with the worst finding; none where nothing is found
    or the claim is decided."""
    claims = [c.pk for _, c in pairs]
    found = Flag.objects.open().filter(claim__in=claims, origin=Flag.Origin.CHECKER)
    current = {flag.claim_id: flag for flag in found}
    new, changed, lapsed = [], [], []
    for standing, claim in pairs:
        flag = current.get(claim.pk)
        if not standing.findings or claim.state != Claim.State.OPEN:
            if flag:
                lapsed.append(flag.pk)
        elif flag is None:
            flag = Flag(claim=claim, origin=Flag.Origin.CHECKER, raised_by_name="the checker")
            _fill(flag, standing.findings)
            new.append(flag)
        elif _fill(flag, standing.findings):
            changed.append(flag)
    Flag.objects.bulk_create(new)
    Flag.objects.bulk_update(changed, _FLAGGED)
    if lapsed:
        Flag.objects.filter(pk__in=lapsed).update(state=Flag.State.LAPSED, closed_at=timezone.now())


def _fill(flag: Flag, findings) -> bool:
    """Write the worst finding to the flag; whether that changed it."""
    worst = max(findings, key=lambda f: f.severity == "block")
    values = {
        "severity": worst.severity,
        "category": worst.category,
        "rule": worst.rule,
        "reason": REASON_OF_CATEGORY.get(worst.category, Flag.Reason.OTHER),
        "explanation": worst.reason,
        "remedy": worst.remedy,
        "rewording": worst.rewording or "",
        "findings": [
            {"rule": f.rule, "category": f.category, "severity": f.severity, "reason": f.reason}
            for f in findings
        ],
    }
    differs = any(getattr(flag, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(flag, name, value)
    return differs


def lapse(flag: Flag) -> None:
    """Close a flag whose question no longer arises."""
    flag.state, flag.closed_at = Flag.State.LAPSED, timezone.now()
    flag.save(update_fields=["state", "closed_at"])


def page_changed(page, before, after) -> None:
    """What readers see of a page is another text, or none; part of that transaction."""
    _lapse_flags_without_standing(page)
    queueing.refresh_page(page)
    texts = [revision.pk for revision in (before, after) if revision]
    anchors = Anchor.objects.filter(revision__in=texts)
    shown = dict(anchors.values_list("claim", "claim__wording_key"))
    # A claim's page names where else the same sentence stands, a source's what rests on it.
    same = Claim.objects.filter(wording_key__in={key for key in shown.values() if key})
    resting = ClaimSource.objects.filter(claim__in=shown)
    freshness.stale(
        f"page:{page.pk}",
        "list:claim",
        *freshness.keys_of("claim", {*shown, *same.values_list("pk", flat=True)}),
        *freshness.keys_of("source", resting.values_list("source", flat=True)),
    )


def _lapse_flags_without_standing(page) -> None:
    """Flags of sentences that stand neither on the live text nor on the one being worked on."""
    standing = Anchor.objects.filter(revision__page=page).filter(
        revision__state__in=[*Revision.OPEN_STATES, Revision.State.PUBLISHED]
    )
    stale = Flag.objects.open().filter(claim__page=page)
    stale = stale.exclude(claim__in=standing.values("claim"))
    asked = list(stale.filter(origin=Flag.Origin.READER).values_list("pk", flat=True))
    stale.update(state=Flag.State.LAPSED, closed_at=timezone.now())
    outcomes.lapsed(asked)
