"""What the editors' desk shows of a revision's claims."""

from editorial.models import Revision

from .corrections import planned
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


def corrections_panel(revision):
    """Template and context: the corrections that publishing this revision will bring."""
    is_ahead = revision.state in Revision.OPEN_STATES
    return "admin/moderation/corrections_panel.html", {
        "revision": revision,
        "planned": planned(revision) if is_ahead else [],
    }
