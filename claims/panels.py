"""What the editors' desk shows of a revision's claims."""

from editorial.models import Revision
from editorial.text import Document

from . import reading_age
from .corrections import planned
from .models import Flag
from .passages import Passages
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


def reading_age_panel(revision):
    """Template and context: how hard the text is to read, and its hard sentences."""
    document = Document.of(revision.content)
    sentences = [document.text[a:b] for a, b in Passages().sentences(document)]
    return "admin/moderation/reading_age.html", {
        "reading": reading_age.measure(sentences),
        "aim": reading_age.AIM,
    }
