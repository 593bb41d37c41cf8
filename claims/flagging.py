"""What a checker's flag says: everything found in its sentence, and what it is named for."""

from django.db.models import F
from django.utils import timezone

from editorial.among import Among
from editorial.rows import insert

from .findings import as_values
from .models import Claim, Flag

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
_CHECKER = Flag.Origin.CHECKER.value
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


def settle_checker_flags(pairs) -> None:
    """On each claim one open checker flag with all that was found; none where nothing is found
    or the claim is decided."""
    claims = [c.pk for _, c in pairs]
    found = Flag.objects.open().filter(Among(F("claim"), claims), origin=Flag.Origin.CHECKER)
    current = {flag.claim_id: flag for flag in found}
    new, changed, lapsed = [], [], []
    for standing, claim in pairs:
        flag = current.get(claim.pk)
        if not standing.findings or claim.state != Claim.State.OPEN:
            if flag:
                lapsed.append(flag.pk)
        elif flag is None:
            new.append((claim.pk, _CHECKER, "the checker", *_flagged(standing).values()))
        elif _fill(flag, standing):
            changed.append(flag)
    insert(Flag, ["claim_id", "origin", "raised_by_name", *_FLAGGED], new)
    Flag.objects.bulk_update(changed, _FLAGGED)
    if lapsed:
        Flag.objects.filter(pk__in=lapsed).update(state=Flag.State.LAPSED, closed_at=timezone.now())


def _fill(flag: Flag, standing) -> bool:
    """Write what was found to the flag; whether that changed it."""
    values = _flagged(standing)
    differs = any(getattr(flag, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(flag, name, value)
    return differs


def _flagged(standing) -> dict:
    """What a flag says of a sentence's findings, in the order of _FLAGGED."""
    face = max(standing.findings, key=_weight)
    return {
        "severity": face.severity,
        "category": face.category,
        "rule": face.rule,
        "reason": REASON_OF_CATEGORY.get(face.category, Flag.Reason.OTHER),
        "explanation": face.reason,
        "remedy": face.remedy,
        "rewording": face.rewording or "",
        "findings": [as_values(finding, standing.sentence) for finding in standing.findings],
    }


def _weight(finding) -> tuple[bool, bool]:
    """What a flag is named for: what blocks before advice, and of what blocks this site's own
    assessment first. The first of equals."""
    blocks = finding.severity == Flag.Severity.BLOCK
    return blocks, blocks and finding.category == "GRADE"
