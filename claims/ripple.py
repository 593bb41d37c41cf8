"""When a source falls, the claims that rest on it reopen, on every page, at once; and get back
what they had when it is reinstated.

Everything here is part of the transaction that recorded the notice, works on sets and not on
single claims, and changes nothing when it is run again. A flag holds one finding for each source
in doubt that its claim rests on, and speaks of the worst.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from editorial import audit, freshness
from editorial.mail import tell
from editorial.models import Page, Revision
from evidence.models import Source

from . import queueing
from .models import Claim, Flag
from .standing import DECIDED, check_revision

AT_ONCE = 500  # rows in one statement
NAMED_IN_A_LETTER = 20
_QUESTION = ("severity", "reason", "category", "explanation", "remedy", "findings", "source")


@dataclass(frozen=True)
class Doubt:
    """What a kind of notice means for a sentence that rests on the source."""

    severity: str
    category: str
    happened: str
    remedy: str


DOUBTS = {
    Source.Standing.RETRACTED: Doubt(
        Flag.Severity.BLOCK,
        "RETRACTED",
        gettext_lazy("was retracted"),
        gettext_lazy("Cite another source that supports it, or take the sentence out."),
    ),
    Source.Standing.CONCERN: Doubt(
        Flag.Severity.ADVISE,
        "CONCERN",
        gettext_lazy("has an expression of concern against it"),
        gettext_lazy("Read the notice and decide whether the sentence may still rest on it."),
    ),
    Source.Standing.CORRECTED: Doubt(
        Flag.Severity.ADVISE,
        "CORRECTED",
        gettext_lazy("was corrected"),
        gettext_lazy(
            "Read the correction and see whether the sentence still says what the source says."
        ),
    ),
}


def standing_changed(source, by) -> None:
    """Question every claim that rests on a source in doubt, or settle those questions when it is
    sound again. A page that cites a retracted source on purpose is left alone."""
    in_doubt = source.standing in DOUBTS
    touched = _question(source) if in_doubt else _settle(source)
    pages = _make_known("claims.reopened" if in_doubt else "claims.restored", source, by, touched)
    _tell_owners(source, pages, touched)
    queueing.refresh(_asked_about(source))
    keys = freshness.keys_of("assessment", source.assessments.values_list("pk", flat=True))
    freshness.stale(f"source:{source.pk}", "list:claim", *keys)


def acknowledged(page, source, by) -> None:
    """A page says that it cites a retracted source on purpose, or does not say so any more."""
    here = Claim.objects.filter(page=page)
    if source.acknowledgements.filter(page=page).exists():
        # What was supported by a retracted paper is not supported again because it is meant.
        settled = _settle(source, here, giving_back=(Claim.State.NOT_A_CLAIM,))
        _make_known("claims.cited_on_purpose", source, by, settled)
    elif source.standing in DOUBTS:
        _make_known("claims.reopened", source, by, _question(source, here))
    _check_again(Page.objects.filter(pk=page.pk))
    queueing.refresh_pages([page.pk])


def _asked_about(source):
    """Claims that rest on the source or on one merged into it, or were asked because of it."""
    same = [source.pk, *source.merged.values_list("pk", flat=True)]
    rests = Claim.objects.filter(claim_sources__source__in=same)
    asked = Claim.objects.filter(flags__source__in=same)
    return {*rests.values_list("pk", flat=True), *asked.values_list("pk", flat=True)}


def _resting_on(source, among=None):
    claims = Claim.objects.all() if among is None else among
    claims = claims.filter(claim_sources__source=source)
    if source.is_retracted:
        meant = source.acknowledgements.values("page")
        claims = claims.exclude(page__in=meant)
    return claims


# Raising


def _question(source, among=None) -> dict[int, list[int]]:
    """Put the doubt to every claim that rests on the source; {page: claims} of those reopened."""
    claims = _resting_on(source, among)
    rows = list(claims.select_for_update().order_by("pk").values_list("pk", "state", "page_id"))
    asked = {f.claim_id: f for f in _open_notice_flags().filter(claim__in=claims.values("pk"))}
    finding = _finding(source)
    new, changed = [], []
    for pk, state, _ in rows:
        flag = asked.get(pk)
        if flag is None:
            flag = Flag(claim_id=pk, origin=Flag.Origin.NOTICE, raised_by_name="a notice")
            flag.state_before = state
            new.append(flag)
        elif finding in flag.findings:
            continue
        else:
            changed.append(flag)
        others = [f for f in flag.findings if f.get("source") != source.pk]
        _fill(flag, [*others, finding])
    Flag.objects.bulk_create(new, batch_size=AT_ONCE)
    Flag.objects.bulk_update(changed, _QUESTION, batch_size=AT_ONCE)
    # What must be changed must be changed all the same: a doubt never opens the gate to it.
    _set_state([pk for pk, state, _ in rows if state in DECIDED], Claim.State.OPEN)
    raised = {flag.claim_id for flag in (*new, *changed)}
    return _by_page((page, pk) for pk, _, page in rows if pk in raised)


def _finding(source) -> dict:
    doubt = DOUBTS[source.standing]
    return {
        "rule": f"source-{source.standing}",
        "category": doubt.category,
        "severity": doubt.severity,
        "reason": gettext("%(label)s %(happened)s; the sentence rests on it.")
        % {"label": source.label, "happened": doubt.happened},
        "remedy": str(doubt.remedy),
        "source": source.pk,
    }


def _fill(flag, findings) -> None:
    """Let a flag speak of the worst of its findings."""
    order = [doubt.category for doubt in DOUBTS.values()]
    worst = min(findings, key=lambda finding: order.index(finding["category"]))
    flag.findings, flag.source_id = findings, worst["source"]
    flag.severity, flag.category = worst["severity"], worst["category"]
    flag.reason = Flag.Reason.SOURCE_IN_DOUBT
    flag.explanation, flag.remedy = worst["reason"], worst["remedy"]


def _open_notice_flags():
    return Flag.objects.open().filter(origin=Flag.Origin.NOTICE)


# Settling


def _settle(source, among=None, giving_back=DECIDED) -> dict[int, list[int]]:
    """Take the doubt away; {page: claims} of those whose question is settled by that.

    They get back the state they had, as far as it is one of `giving_back` and nobody else asks.
    """
    same = {source.pk, *source.merged.values_list("pk", flat=True)}
    flags = _open_notice_flags().filter(Q(source=source) | Q(claim__claim_sources__source=source))
    if among is not None:
        flags = flags.filter(claim__in=among.values("pk"))
    lapsed, changed = [], []
    for flag in flags.distinct().select_related("claim"):
        others = [f for f in flag.findings if f.get("source") not in same]
        if flag.source_id not in same and others == flag.findings:
            continue
        if others:
            _fill(flag, others)
            changed.append(flag)
        else:
            lapsed.append(flag)
    Flag.objects.bulk_update(changed, _QUESTION, batch_size=AT_ONCE)
    lapse_all([flag.pk for flag in lapsed])
    give_back(lapsed, giving_back)
    _check_again(_still_accused(source, among))
    return _by_page((flag.claim.page_id, flag.claim_id) for flag in lapsed)


def lapse_all(flags: list[int]) -> None:
    """Close these flags (primary keys): their question no longer arises."""
    for some in _pieces(flags):
        Flag.objects.filter(pk__in=some).update(state=Flag.State.LAPSED, closed_at=timezone.now())


def give_back(flags, states=DECIDED) -> None:
    """Let the claims of these lapsed flags have the state they had before, unless staff or an
    assessment still ask, or somebody has decided since."""
    wanted = {f.claim_id: f.state_before for f in flags if f.state_before in states}
    held = set()
    for some in _pieces(list(wanted)):
        asking = Flag.objects.open().filter(claim__in=some)
        asking = asking.exclude(origin__in=[Flag.Origin.CHECKER, Flag.Origin.READER])
        held |= set(asking.values_list("claim", flat=True))
        # An earlier question that was open then, and is answered now, had its own answer.
        decided = Claim.objects.filter(pk__in=some).exclude(state=Claim.State.OPEN)
        held |= set(decided.values_list("pk", flat=True))
    for state in states:
        back = [pk for pk, before in wanted.items() if before == state and pk not in held]
        _set_state(back, state)
        for some in _pieces(back):
            moot = Flag.objects.open().filter(claim__in=some, origin=Flag.Origin.CHECKER)
            moot.update(state=Flag.State.LAPSED, closed_at=timezone.now())


def _still_accused(source, among):
    """Pages where the checker, not only the notice, holds the retraction against a sentence."""
    claims = Claim.objects.all() if among is None else among
    flags = Flag.objects.open().filter(
        origin=Flag.Origin.CHECKER, claim__in=claims.filter(claim_sources__source=source)
    )
    accused = [
        claim
        for claim, findings in flags.values_list("claim", "findings")
        if any(finding["category"] == "RETRACTED" for finding in findings)
    ]
    return Page.objects.filter(claims__in=accused).distinct()


def _check_again(pages) -> None:
    """Let the checker read the texts of these pages that are live or being worked on."""
    wanted = [*Revision.OPEN_STATES, Revision.State.PUBLISHED]
    for revision in Revision.objects.filter(page__in=pages, state__in=wanted).order_by("number"):
        check_revision(revision)


# Making known


def _make_known(verb: str, source, by, touched: dict[int, list[int]]) -> list[Page]:
    """One event for each page, and readers' pages marked. Returns the pages."""
    found = []
    for some in _pieces(list(touched)):
        pages = Page.objects.filter(pk__in=some).select_related("created_by").order_by("pk")
        for page in pages:
            audit.record(
                verb,
                by=by,
                page=page,
                subject=f"source {source.key}",
                source=source.key,
                standing=str(source.standing),
                claims=touched[page.pk],
            )
            found.append(page)
    claims = [pk for pks in touched.values() for pk in pks]
    freshness.stale(*freshness.keys_of("page", touched), *freshness.keys_of("claim", claims))
    return found


def _tell_owners(source, pages, touched) -> None:
    """One letter for each owner, about all of their pages that readers or editors still use."""
    by_owner = defaultdict(list)
    for page in pages:
        if page.created_by and page.status != Page.Status.WITHDRAWN:
            by_owner[page.created_by].append(page)
    for owner, theirs in by_owner.items():
        tell([owner], **_letter(source, theirs, touched))


def _letter(source, pages, touched) -> dict:
    doubt = DOUBTS.get(source.standing)
    titles = [f"– {page.title} ({_sentences(len(touched[page.pk]))})" for page in pages]
    if len(titles) > NAMED_IN_A_LETTER:
        titles[NAMED_IN_A_LETTER:] = [f"– and {len(titles) - NAMED_IN_A_LETTER} more"]
    what = f"{source.label} {doubt.happened if doubt else gettext('is sound again')}"
    then = (
        gettext("These sentences wait for a moderator now. You can help by citing another source:")
        if doubt
        else gettext(
            "The sentences that were asked about because of it need no new decision for that:"
        )
    )
    text = f"{what}: “{source.title}”.\n\n{then}\n\n" + "\n".join(titles)
    return {"subject": what, "text": text, "path": source.get_absolute_url()}


def _sentences(count: int) -> str:
    return f"{count} sentence{'' if count == 1 else 's'}"


def _set_state(claims: list[int], state) -> None:
    for some in _pieces(claims):
        Claim.objects.filter(pk__in=some).update(state=state)


def _by_page(pairs) -> dict[int, list[int]]:
    found = defaultdict(list)
    for page, claim in pairs:
        found[page].append(claim)
    return dict(found)


def _pieces(rows: list):
    return (rows[i : i + AT_ONCE] for i in range(0, len(rows), AT_ONCE))
