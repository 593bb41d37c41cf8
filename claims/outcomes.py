"""What becomes of readers' questions: closed with their flag, told in plain words, counted."""

import logging
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Case, Count, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from editorial import audit
from editorial.models import Event

from .models import Claim, Decision, Report

logger = logging.getLogger(__name__)

WAITING = gettext_lazy(
    "A moderator has not answered yet. Keep this address: the answer will stand here."
)
LAPSED = gettext_lazy(
    "The sentence you asked about does not stand on the page any more, so "
    "there was nothing left to decide."
)
TAKEN_OUT = gettext_lazy("The sentence was taken out of the page.")
CHANGED = gettext_lazy("The sentence was changed. Below is what it said and what it says now.")
DECIDED = {
    Decision.Outcome.SUPPORTED: (
        gettext_lazy(
            "A moderator compared the sentence with its sources and confirmed that "
            "they support it. It stays as it is."
        )
    ),
    Decision.Outcome.REWORD: (
        gettext_lazy(
            "A moderator decided that the sentence cannot stay as it is and has to be reworded."
        )
    ),
    Decision.Outcome.ATTRIBUTE: gettext_lazy(
        "A moderator decided that the sentence must say who says so."
    ),
    Decision.Outcome.NOT_A_CLAIM: (
        gettext_lazy(
            "A moderator decided that the sentence asserts nothing about health that "
            "would need a source. It stays as it is."
        )
    ),
    Decision.Outcome.NOTHING_WRONG: (
        gettext_lazy(
            "A moderator looked at the sentence and found nothing wrong with it. It stays as it is."
        )
    ),
    Decision.Outcome.WITHDRAW: gettext_lazy(
        "A moderator decided that the sentence has to be taken out."
    ),
}


@dataclass(frozen=True)
class Challenges:
    """How often readers asked about a claim or a page, and how many corrections came of it."""

    asked: int
    changed: int


def outcome_words(report) -> str:
    """What became of the question, in a sentence or two."""
    if report.state == Report.State.DECIDED:
        return str(DECIDED[report.flag.decision.outcome])
    if report.state == Report.State.CHANGED:
        return str(CHANGED if report.flag.decision.corrections.first().after else TAKEN_OUT)
    return str(LAPSED if report.state == Report.State.LAPSED else WAITING)


def decided(decision) -> None:
    """Close the questions that a decision answers; part of its transaction."""
    _close(Report.objects.filter(flag__decision=decision), Report.State.DECIDED)


def letters_went_out(decision) -> bool:
    """Whether a reader was written to because of this decision; that cannot be taken back."""
    told = Event.objects.filter(verb="reports.decided", page_id=decision.claim.page_id)
    rows = told.filter(at__gte=decision.decided_at).values_list("data", flat=True)
    return any(data.get("decision") == decision.pk and data["letters"] for data in rows)


def reopened(reports, flag) -> None:
    """Questions (primary keys) wait again, under this flag, as their answer was taken back."""
    Report.objects.filter(pk__in=reports, state=Report.State.DECIDED).update(
        state=Report.State.WAITING, closed_at=None, flag=flag
    )


def lapsed(flags) -> None:
    """Close the questions whose flags (primary keys) have lapsed; part of that transaction."""
    if flags:
        _close(Report.objects.filter(flag__in=flags), Report.State.LAPSED)


def changed(correction) -> None:
    """Say of questions already decided that the correction they led to is published."""
    if correction.decision_id is None:
        return
    Report.objects.filter(flag__decision=correction.decision_id, state=Report.State.DECIDED).update(
        state=Report.State.CHANGED
    )


def _close(reports, state) -> None:
    """Close those that wait: erase the addresses, write to them once it is committed."""
    waiting = reports.filter(state=Report.State.WAITING)
    first = waiting.select_related("claim__page", "flag").first()
    if first is None:
        return
    answers = []
    for report in waiting.exclude(email="").select_related("flag__decision", "claim__page"):
        report.state = state
        answers.append(_letter(report))
    closed = waiting.update(state=state, closed_at=timezone.now(), email="")
    audit.record(
        f"reports.{state.value}",
        by=None,
        page=first.claim.page,
        reports=closed,
        letters=len(answers),
        decision=first.flag.decision_id,
    )
    if answers:
        transaction.on_commit(partial(_send, answers))


def _letter(report) -> EmailMessage:
    """The answer. It repeats nothing the reader wrote, so nobody can send words through us."""
    decision = report.flag.decision
    parts = [
        gettext("You asked about this sentence on “%(title)s”:")
        % {"title": report.claim.page.title},
        f"“{report.sentence}”",
        outcome_words(report),
        gettext("The reason given: %(reason)s") % {"reason": decision.reason} if decision else "",
        gettext("What becomes of it stands here: %(SITE_URL)s%(address)s")
        % {"SITE_URL": settings.SITE_URL, "address": report.get_absolute_url()},
        gettext("We have erased your address and will not write again."),
    ]
    return EmailMessage(
        subject=gettext("Your question about a sentence"),
        body="\n\n".join(filter(None, parts)) + "\n",
        to=[report.email],
    )


def _send(letters) -> None:
    """Post the answers. What fails is counted and not repeated: the address is erased by now,
    and the outcome's page says the same."""
    try:
        get_connection().send_messages(letters)
    except Exception as error:  # the decision stands whatever the mail server says
        # The error's own text may hold an address, which a log must not keep.
        logger.error("%d answers to readers were not sent: %s", len(letters), type(error).__name__)


def challenges_of_page(page) -> Challenges:
    """Of all sentences that a page holds or held; one query."""
    return _count(Report.objects.filter(claim__page=page))


def challenges_of_claim(claim) -> Challenges:
    """Of a claim and of those whose place it took; two queries."""
    pairs = Claim.objects.filter(page=claim.page_id, became__isnull=False)
    became = list(pairs.values_list("pk", "became"))
    chain, grown = {claim.pk}, True
    while grown:
        earlier = {old for old, new in became if new in chain} - chain
        chain |= earlier
        grown = bool(earlier)
    return _count(Report.objects.filter(claim__in=chain))


def _count(reports) -> Challenges:
    found = reports.order_by().aggregate(
        asked=Count("pk"), changed=Count("flag__decision__corrections", distinct=True)
    )
    return Challenges(**found)


@dataclass(frozen=True)
class Asked:
    """Readers' questions about a claim, for its moderators: how many, and the newest of them."""

    sentence: str
    total: int
    waiting: int
    newest: list[Report]


SHOWN_ON_DESK = 20


def reports_on_desk(claim) -> Asked:
    """What readers asked about a claim, those that wait first; two queries."""
    counts = claim.reports.order_by().aggregate(
        total=Count("pk"), waiting=Count("pk", filter=Q(state=Report.State.WAITING))
    )
    waits_first = Case(When(state=Report.State.WAITING, then=Value(0)), default=Value(1))
    newest = claim.reports.defer("email").order_by(waits_first, "-asked_at", "-pk")
    return Asked(sentence=claim.sentence, newest=list(newest[:SHOWN_ON_DESK]), **counts)
