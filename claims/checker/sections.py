"""What shows only in a whole section: benefits told, and not a word of harms."""

from collections.abc import Iterable, Iterator

from claims.checker.lexicon import Lexicon
from claims.checker.model import ADVISE, Finding
from claims.checker.reading import Reading

_ENOUGH = 2  # sentences that promise a benefit before silence on harms is worth a word
_BENEFIT = frozenset({"EFFICACY", "GRADE"})


def silent_harms(
    readings: list[Reading], findings: Iterable[Finding], lexicon: Lexicon
) -> Iterator[Finding]:
    """One finding for each section that promises benefits and names no harm.

    It stands on the first sentence already found to promise a benefit, so that no sentence is
    flagged for this alone. Sections begin at headings; a text without any is one section.
    """
    harms = lexicon.bit("harms_told") | lexicon.bit("harm_claim")
    promising: dict[int, Finding] = {}
    for finding in findings:
        if finding.category in _BENEFIT and not finding.cited:
            promising.setdefault(finding.sentence, finding)
    if len(promising) < _ENOUGH:
        return
    for start, end in _sections(readings):
        mine = [promising[i] for i in range(start, end) if i in promising]
        if len(mine) >= _ENOUGH and not any(r.heard & harms for r in readings[start:end]):
            yield _finding(mine[0])


def _sections(readings: list[Reading]) -> Iterator[tuple[int, int]]:
    start = 0
    for index, reading in enumerate(readings):
        if index > start and reading.sentence.kind == "heading":
            yield start, index
            start = index
    yield start, len(readings)


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
