"""Claims, the questions about them, the answers, and what readers are told of changes."""

from .claim import Anchor, Change, Claim, ClaimSource
from .correction import Correction, CorrectionWording, PublishedText, Seriousness
from .decision import Decision, Undoing
from .dismissal import Dismissal
from .flag import Flag
from .queue import ClaimNote, QueueItem, QueuePreference
from .report import Report
from .rule import Recheck, Rule

__all__ = [
    "Anchor",
    "Change",
    "Claim",
    "ClaimNote",
    "ClaimSource",
    "Correction",
    "CorrectionWording",
    "Decision",
    "Dismissal",
    "Flag",
    "PublishedText",
    "QueueItem",
    "QueuePreference",
    "Recheck",
    "Report",
    "Rule",
    "Seriousness",
    "Undoing",
]
