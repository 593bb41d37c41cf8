"""What shows only in a whole section: benefits told, and not a word of harms."""

from collections.abc import Iterable
from itertools import pairwise

from claims.checker.lexicon import Lexicon
from claims.checker.model import ADVISE, Finding
from claims.checker.reading import Reading

_ENOUGH = 2  # sentences that promise a benefit before silence on harms is worth a word
_BENEFIT = frozenset({"EFFICACY", "GRADE"})


class HarmsTold:
    """Notes sentence by sentence where harms are told and where sections begin."""

    def __init__(self, lexicon: Lexicon):
        self._harms = lexicon.bit("harms_told") | lexicon.bit("harm_claim")
        self._told: list[bool] = []
        self._starts = [0]

    def note(self, reading: Reading) -> None:
        """Take in the next sentence."""
        if self._told and reading.sentence.kind == "heading":
            self._starts.append(len(self._told))
        self._told.append(bool(reading.heard & self._harms))

    def silent_sections(self, findings: Iterable[Finding]) -> list[Finding]:
        """One finding for each section that promises benefits and names no harm.

        It stands on the first sentence already found to promise a benefit, so that no sentence
        is flagged for this alone. Sections begin at headings; a text without any is one section.
        """
        promising: dict[int, Finding] = {}
        for finding in findings:
            if finding.category in _BENEFIT and not finding.cited:
                promising.setdefault(finding.sentence, finding)
        out = []
        for start, end in pairwise([*self._starts, len(self._told)]):
            mine = [promising[i] for i in range(start, end) if i in promising]
            if len(mine) >= _ENOUGH and not any(self._told[start:end]):
                out.append(_finding(mine[0]))
        return out


def _finding(first: Finding) -> Finding:
    return Finding(
        first.start,
        first.end,
        first.sentence,
        "framing-silent-harm",
        "FRAMING",
        ADVISE,
        "This section tells of benefits and names no harm, cost or risk.",
        list(first.triggers),
        "Say beside the benefits what harms are known and how common, or that they are not known.",
        therapy=first.therapy,
        condition=first.condition,
    )
