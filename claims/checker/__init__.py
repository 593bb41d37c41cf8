"""The claim checker: plain text in, findings out. It knows nothing of Django or the site.

`check(text)` answers for any text at all. Rules and cue words are data files beside this
module (`rules/*.toml`, `cues/*.toml`) that a medical editor can read and extend.
"""

from claims.checker.engine import check
from claims.checker.model import (
    Block,
    Citation,
    Finding,
    Mention,
    Name,
    Report,
    Sentence,
)
from claims.checker.names import Names
from claims.checker.rulebook import RuleError

__all__ = [
    "Block",
    "Citation",
    "Finding",
    "Mention",
    "Name",
    "Names",
    "Report",
    "RuleError",
    "Sentence",
    "check",
]
