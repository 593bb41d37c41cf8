"""When an assessment is downgraded, the claims worded above it reopen; and when it is graded up
again, those questions lapse. The checker judges what is worded above what."""

from django.db.models import Q
from django.utils.translation import gettext

from claims import checker
from editorial import audit, freshness
from editorial.mail import tell
from editorial.models import Page, Revision
from therapies.models import Assessment

from . import queueing
from .knowledge import checker_knowledge
from .models import Claim, Flag
from .ripple import AT_ONCE, DECIDED, give_back, lapse_all

SURENESS = list(Assessment.Certainty.values)  # from high to very low
RULE = "grade-overstated"


def assessment_changed(assessment, before, by) -> None:
    """Question the claims on this pair that are bolder than the new certainty, or settle the
    questions that a lower one had raised. `before` is the old certainty, None for a new pair."""
    if before is None or before == assessment.certainty:
        return
    if SURENESS.index(assessment.certainty) > SURENESS.index(before):
        verb, claims = "claims.reopened", _question(assessment)
    else:
        verb, claims = "claims.restored", _settle(assessment)
    queueing.refresh([claim.pk for claim in claims])
    _make_known(verb, assessment, claims, before, by)


def _standing_claims(assessment):
    """Claims on the pair, where they stand on a text that is live or being worked on."""
    stands = Q(anchors__revision__state__in=Revision.OPEN_STATES) | Q(
        anchors__revision__live_on__isnull=False
    )
    pair = Claim.objects.filter(therapy=assessment.therapy_id, condition=assessment.condition_id)
    return pair.filter(pk__in=pair.filter(stands).values("pk")).select_related("page__created_by")


def _overstatement(claim, assessment) -> checker.Finding | None:
    """The checker's finding on this sentence against this assessment alone, or None."""
    names, _ = checker_knowledge()
    pair = (assessment.therapy.slug, assessment.condition.slug)
    grades = {pair: assessment.certainty}
    report = checker.check(claim.sentence, names=names, assessments=grades, closely=False)
    return next((f for f in report.findings if f.rule == RULE), None)


def _question(assessment) -> list[Claim]:
    claims = list(_standing_claims(assessment).select_for_update(of=("self",)).order_by("pk"))
    open_flags = Flag.objects.open().filter(origin=Flag.Origin.ASSESSMENT, claim__in=claims)
    asked = {flag.claim_id: flag for flag in open_flags}
    new, changed, reopened = [], [], []
    for claim in claims:
        finding = _overstatement(claim, assessment)
        if finding is None:
            continue
        flag = asked.get(claim.pk)
        if flag is None:
            flag = Flag(claim=claim, origin=Flag.Origin.ASSESSMENT, state_before=claim.state)
            flag.raised_by_name = "a changed assessment"
            new.append(flag)
            reopened.append(claim)
        else:
            changed.append(flag)
        _fill(flag, finding)
    Flag.objects.bulk_create(new, batch_size=AT_ONCE)
    Flag.objects.bulk_update(changed, _QUESTION, batch_size=AT_ONCE)
    for claim in reopened:
        claim.state = Claim.State.OPEN if claim.state in DECIDED else claim.state
    Claim.objects.bulk_update(reopened, ["state"], batch_size=AT_ONCE)
    return reopened


_QUESTION = ("severity", "reason", "category", "rule", "explanation", "remedy", "rewording")


def _fill(flag, finding) -> None:
    flag.severity, flag.category, flag.rule = finding.severity, finding.category, finding.rule
    flag.reason = Flag.Reason.OVERSTATED
    flag.explanation, flag.remedy = finding.reason, finding.remedy
    flag.rewording = finding.rewording or ""


def _settle(assessment) -> list[Claim]:
    flags = Flag.objects.open().filter(
        origin=Flag.Origin.ASSESSMENT,
        rule=RULE,
        claim__therapy=assessment.therapy_id,
        claim__condition=assessment.condition_id,
    )
    flags = flags.select_related("claim__page__created_by")
    fits = [flag for flag in flags if _overstatement(flag.claim, assessment) is None]
    lapse_all([flag.pk for flag in fits])
    give_back(fits)
    return [flag.claim for flag in fits]


def _make_known(verb, assessment, claims, before, by) -> None:
    """One event for each page, readers' pages marked, the owners told."""
    pages: dict[Page, list[int]] = {}
    for claim in claims:
        pages.setdefault(claim.page, []).append(claim.pk)
    subject = f"{assessment.therapy.slug} × {assessment.condition.slug}"
    for page, pks in pages.items():
        audit.record(
            verb,
            by=by,
            page=page,
            subject=subject,
            before=before,
            certainty=str(assessment.certainty),
            claims=pks,
        )
        if verb == "claims.reopened" and page.status != Page.Status.WITHDRAWN:
            _write_to_owner(page, assessment, before, len(pks))
    freshness.stale(
        f"assessment:{assessment.pk}",
        "list:claim",
        *freshness.keys_of("page", [page.pk for page in pages]),
        *freshness.keys_of("claim", [claim.pk for claim in claims]),
    )


def _write_to_owner(page, assessment, before, count) -> None:
    says = (
        gettext("1 sentence says more and waits")
        if count == 1
        else gettext("%(count)s sentences say more and wait") % {"count": count}
    )
    tell(
        [page.created_by],
        subject=gettext("“%(page)s” says more than the evidence does now") % {"page": page},
        text=gettext(
            "The certainty of the evidence on %(assessment)s was %(before)s and is "
            "%(certainty)s now. On your page “%(page)s”, %(says)s for a moderator."
        )
        % {
            "assessment": assessment,
            "before": before,
            "certainty": assessment.certainty,
            "page": page,
            "says": says,
        },
        path=assessment.get_absolute_url(),
    )
