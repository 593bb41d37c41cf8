"""What the editors' desk shows of a revision's claims."""

from .models import Flag
from .reports import revision_report


def claims_panel(revision):
    """Template and context: flagged sentences in order, and how many of each severity."""
    report = revision_report(revision)
    blocking = sum(row.severity == Flag.Severity.BLOCK for row in report)
    return "admin/moderation/panel.html", {
        "report": report,
        "blocking": blocking,
        "advice": len(report) - blocking,
        "claims": revision.anchors.count(),
    }
