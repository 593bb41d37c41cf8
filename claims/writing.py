"""The checker beside somebody who writes: what it says of text that nobody has saved yet.

The text is brought into the form in which a revision would hold it and handed to the very
function that reads saved revisions, so both get the same answer. Nothing is written for a check.
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext

from claims.checker.model import BLOCK
from editorial import audit, roles
from editorial.errors import WrongState
from editorial.forms import texts_as_kept
from editorial.models import Page
from editorial.text import Document

from . import queue_acts
from .memory import keys_of
from .models import Claim, Dismissal
from .standing import DECIDED
from .texts import report_on

MOST_CHARACTERS = 1_000_000  # of all fields together; longer texts are checked when saved
LONGEST_REASON = 2_000


@dataclass
class Stop:
    """A sentence that the checker stops at, with everything found in it.

    `decided` is a moderator's answer to it on this page, in words, `dismissal` what a writer said
    against it. What is decided no longer asks for anything.
    """

    start: int
    end: int
    field: str
    findings: list = field(default_factory=list)
    decided: str = ""
    dismissal: Dismissal | None = None

    @property
    def blocks(self) -> bool:
        """Whether it stops publication until a moderator has decided."""
        return any(f.severity == BLOCK for f in self.findings)

    @property
    def is_to_settle(self) -> bool:
        """Whether it still asks something of the writer."""
        return not self.decided and (self.blocks or self.dismissal is None)


@dataclass
class Checked:
    """The answer for one text: the text as the checker read it, and where it stops."""

    document: Document
    stops: list[Stop]


def check_text(*, title: str, summary: str, body: str, page=None, **parts: str) -> Checked:
    """What the checker would say of this text if it were saved now; two more queries for a page.

    `parts` are the further rich parts of a condition or a therapy, by field.
    """
    document, report = report_on(texts_as_kept(title, summary, body, **parts), page)
    stops: dict[int, Stop] = {}
    for finding in report.findings:
        sentence = report.sentences[finding.sentence]
        if finding.sentence not in stops:
            block = document.block_at(sentence.start)
            stops[finding.sentence] = Stop(sentence.start, sentence.end, block.place)
        stops[finding.sentence].findings.append(finding)
    found = list(stops.values())
    if page is not None and found:
        _recall(document, found, page)
    return Checked(document, found)


def _recall(document, stops: list[Stop], page) -> None:
    """What was decided and said before of these sentences on this page."""
    keys = [_key(document.text[stop.start : stop.end]) for stop in stops]
    claims = Claim.objects.filter(page=page, wording_key__in=keys, state__in=DECIDED)
    decided = {claim.wording_key: claim.get_state_display() for claim in claims}
    said = Dismissal.objects.filter(page=page, wording_key__in=keys).order_by("pk")
    dismissed = {dismissal.wording_key: dismissal for dismissal in said}
    for stop, key in zip(stops, keys, strict=True):
        stop.decided, stop.dismissal = decided.get(key, ""), dismissed.get(key)


def _key(sentence: str) -> str:
    return keys_of(sentence)["wording_key"]


@transaction.atomic
def dismiss(page, *, by, sentence: str, rules: list[str], reason: str) -> Dismissal:
    """Keep what a writer says against the findings on a sentence, as a note to the moderator.

    It closes no flag. Raises NotAllowed to those who may not write the page, WrongState without
    a reason or a sentence.
    """
    page = Page.objects.select_for_update().get(pk=page.pk)
    roles.require(by, "page.edit", page)
    sentence, reason = " ".join(sentence.split()), reason.strip()
    if not sentence:
        raise WrongState(gettext("There is no sentence to say this about. Check the text again."))
    if not reason:
        raise WrongState(gettext("Say why the finding does not apply; a moderator reads it."))
    if len(reason) > LONGEST_REASON:
        raise WrongState(
            gettext("Say it in at most %(LONGEST_REASON)s characters.")
            % {"LONGEST_REASON": LONGEST_REASON}
        )
    dismissal = Dismissal.objects.create(
        page=page,
        sentence=sentence,
        wording_key=_key(sentence),
        rules=sorted(set(rules)),
        reason=reason,
        by=by,
        by_name=by.display_name,
    )
    audit.record("finding.dismissed", by=by, page=page, subject=dismissal, rules=dismissal.rules)
    _hand_on([page.pk])
    return dismissal


def hand_on(revisions) -> None:
    """Revisions were saved: what was said while they were written goes to their claims."""
    _hand_on([revision.page_id for revision in revisions])


def _hand_on(pages: list[int]) -> None:
    waiting = list(Dismissal.objects.filter(page__in=pages, note=None).order_by("pk"))
    if not waiting:
        return
    keys = {dismissal.wording_key for dismissal in waiting}
    standing = Claim.objects.filter(page__in=pages, wording_key__in=keys, anchors__isnull=False)
    claims = {(claim.page_id, claim.wording_key): claim for claim in standing.order_by("pk")}
    for dismissal in waiting:
        claim = claims.get((dismissal.page_id, dismissal.wording_key))
        if claim is not None:
            dismissal.note = queue_acts.keep_note(
                claim,
                dismissal.by,
                gettext("Said while writing: %(reason)s") % {"reason": dismissal.reason},
                by_name=dismissal.by_name,
            )
            dismissal.save(update_fields=["note"])
