"""What is open about a revision, for import reports, commands and the editors' side panel."""

from dataclasses import dataclass

from .models import Flag


@dataclass(frozen=True)
class FlaggedSentence:
    """One flagged sentence of a revision."""

    claim_id: int
    sentence: str
    severity: str
    category: str
    reason: str
    remedy: str
    start: int


def revision_report(revision) -> list[FlaggedSentence]:
    """The open flags on the sentences of a revision, in the order of its text."""
    return revision_reports([revision])[revision.pk]


def revision_reports(revisions) -> dict[int, list[FlaggedSentence]]:
    """The same for many revisions, by primary key; one query."""
    found: dict[int, list[FlaggedSentence]] = {revision.pk: [] for revision in revisions}
    # Which are open is told here: SQLite would go through all open flags to find these.
    flags = (
        Flag.objects.filter(claim__anchors__revision__in=list(found))
        .order_by("claim__anchors__start")
        .values_list(
            "claim__anchors__revision",
            "state",
            "claim_id",
            "claim__sentence",
            "severity",
            "category",
            "explanation",
            "remedy",
            "claim__anchors__start",
        )
    )
    for revision, state, *row in flags:
        if state == Flag.State.OPEN:
            found[revision].append(FlaggedSentence(*row))
    return found
