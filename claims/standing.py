"""From a saved revision to its claims and flags: check, carry over, raise what is new."""

from dataclasses import dataclass, field

from django.utils import timezone

from claims import checker
from editorial.models import Revision
from editorial.text import Document
from evidence.models import Source
from therapies.models import Condition, Therapy

from .carry import carry
from .knowledge import checker_knowledge
from .models import Anchor, Claim, ClaimSource, Flag

CONTEXT = 32  # characters of the text kept before and after a claim
DECIDED = (Claim.State.SUPPORTED, Claim.State.NOT_A_CLAIM)

REASON_OF_CATEGORY = {
    "EFFICACY": Flag.Reason.NO_SOURCE,
    "STUDY": Flag.Reason.NO_SOURCE,
    "STATISTIC": Flag.Reason.NO_SOURCE,
    "CERTAINTY": Flag.Reason.OVERSTATED,
    "HYPE": Flag.Reason.OVERSTATED,
    "GRADE": Flag.Reason.OVERSTATED,
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


def report_on(content: dict) -> tuple[Document, checker.Report]:
    """What the checker says of this content, with what the site knows now."""
    document = Document.of(content)
    names, assessments = checker_knowledge()
    sources = Source.objects.in_bulk(document.source_keys, field_name="key")
    report = checker.check(
        document.text,
        blocks=[checker.Block(b.start, b.end, b.kind) for b in document.blocks],
        citations=[_citation(c, sources.get(c.source)) for c in document.citations],
        names=names,
        assessments=assessments,
    )
    return document, report


def _citation(cited, source) -> checker.Citation:
    return checker.Citation(
        cited.position,
        cited.source,
        retracted=bool(source and source.is_retracted),
        design=source.design if source else "",
    )


def check_revision(revision) -> None:
    """Anchor the page's claims in this revision and raise or lapse the checker's flags."""
    document, report = report_on(revision.content)
    standings = _standings(document, report)
    revision.anchors.all().delete()
    claims = _carry_over(revision, standings)
    _anchor(revision, document, standings, claims)
    for standing, claim in zip(standings, claims, strict=True):
        if claim is not None:
            _settle_checker_flag(claim, standing.findings)
    _lapse_flags_without_standing(revision.page)


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


def _carry_over(revision, standings) -> list[Claim | None]:
    """For each sentence its claim: one the page already had, or a new one; None for the rest."""
    texts = [s.sentence.text for s in standings]
    result: list[Claim | None] = [None] * len(standings)
    replaced: dict[int, Claim] = {}
    for claim in revision.page.claims.order_by("pk"):
        taken = {i for i, c in enumerate(result) if c is not None}
        carried = carry(claim.sentence, texts, taken)
        if carried.outcome == "keep":
            result[carried.index] = claim
        elif carried.outcome == "reopen":
            replaced.setdefault(carried.index, claim)
    for index, standing in enumerate(standings):
        if result[index] is None and _asserts(standing):
            result[index] = Claim(page=revision.page)
        if result[index] is not None:
            _describe(result[index], standing)
            old = replaced.get(index)
            if old and old.pk != result[index].pk and old not in result:
                old.became = result[index]
                old.save(update_fields=["became"])
    return result


def _describe(claim: Claim, standing: Standing) -> None:
    """Write what the checker says of the sentence to the claim, and save it."""
    s = standing.sentence
    finding = standing.findings[0] if standing.findings else None
    slugs = {m.kind: m.slug for m in reversed(s.mentions)}
    if finding:
        slugs["therapy"] = finding.therapy or slugs.get("therapy")
        slugs["condition"] = finding.condition or slugs.get("condition")
    claim.sentence, claim.strength = s.text, s.strength
    claim.hedged, claim.negated = s.hedged, s.negated
    claim.category = finding.category if finding else claim.category
    claim.therapy = Therapy.objects.filter(slug=slugs.get("therapy")).first()
    claim.condition = Condition.objects.filter(slug=slugs.get("condition")).first()
    claim.save()


def _anchor(revision, document, standings, claims) -> None:
    text = document.text
    pairs = [(s, c) for s, c in zip(standings, claims, strict=True) if c is not None]
    Anchor.objects.bulk_create(
        Anchor(
            claim=claim,
            revision=revision,
            start=s.sentence.start,
            end=s.sentence.end,
            exact=text[s.sentence.start : s.sentence.end],
            prefix=text[max(0, s.sentence.start - CONTEXT) : s.sentence.start],
            suffix=text[s.sentence.end : s.sentence.end + CONTEXT],
        )
        for s, claim in pairs
    )
    sources = Source.objects.in_bulk(document.source_keys, field_name="key")
    for standing, claim in pairs:
        _record_sources(claim, revision, [sources[k] for k in standing.sources if k in sources])


def _record_sources(claim, revision, cited) -> None:
    """Cited sources are linked; those cited no longer are unlinked unless a person confirmed them
    or the claim also stands on another revision that matters."""
    rows = [ClaimSource(claim=claim, source=source) for source in cited]
    ClaimSource.objects.bulk_create(rows, ignore_conflicts=True)
    elsewhere = claim.anchors.exclude(revision=revision).filter(revision__live_on__isnull=False)
    if not elsewhere.exists():
        gone = claim.claim_sources.filter(confirmed_at__isnull=True)
        gone.exclude(source__in=cited).delete()


def _settle_checker_flag(claim: Claim, findings) -> None:
    """One open checker flag with the worst finding; none when nothing is found or all decided."""
    current = claim.flags.open().filter(origin=Flag.Origin.CHECKER).first()
    if not findings or claim.state != Claim.State.OPEN:
        if current:
            lapse(current)
        return
    worst = max(findings, key=lambda f: f.severity == "block")
    flag = current or Flag(claim=claim, origin=Flag.Origin.CHECKER, raised_by_name="the checker")
    flag.severity, flag.category, flag.rule = worst.severity, worst.category, worst.rule
    flag.reason = REASON_OF_CATEGORY.get(worst.category, Flag.Reason.OTHER)
    flag.explanation, flag.remedy = worst.reason, worst.remedy
    flag.rewording = worst.rewording or ""
    flag.findings = [
        {"rule": f.rule, "category": f.category, "severity": f.severity, "reason": f.reason}
        for f in findings
    ]
    flag.save()


def lapse(flag: Flag) -> None:
    """Close a flag whose question no longer arises."""
    flag.state, flag.closed_at = Flag.State.LAPSED, timezone.now()
    flag.save(update_fields=["state", "closed_at"])


def _lapse_flags_without_standing(page) -> None:
    """Flags of sentences that stand neither on the live text nor on the one being worked on."""
    standing = Anchor.objects.filter(revision__page=page).filter(
        revision__state__in=[*Revision.OPEN_STATES, Revision.State.PUBLISHED]
    )
    stale = Flag.objects.open().filter(claim__page=page)
    stale = stale.exclude(claim__in=standing.values("claim"))
    stale.update(state=Flag.State.LAPSED, closed_at=timezone.now())
