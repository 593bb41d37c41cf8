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
    flags = (
        Flag.objects.open()
        .filter(claim__anchors__revision=revision)
        .select_related("claim")
        .order_by("claim__anchors__start")
        .values_list(
            "claim_id",
            "claim__sentence",
            "severity",
            "category",
            "explanation",
            "remedy",
            "claim__anchors__start",
        )
    )
    return [FlaggedSentence(*row) for row in flags]
