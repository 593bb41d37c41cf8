"""The second opinion: what the rules pass over and the learned part is sure an editor would not.

It never speaks of a cited sentence and always names the phrases that weighed most.
"""

from dataclasses import replace
from functools import cache

from claims.checker.learned.judge import DOUBT, SHORTEST, Judgement
from claims.checker.learned.kinds import KINDS
from claims.checker.learned.model import SCALE, Part, weights
from claims.checker.model import ADVISE, BLOCK, NONE, Finding, Sentence
from claims.checker.normal import Folded
from claims.checker.reading import Reading
from claims.checker.rulebook import standard_rules

# What a finding of a shipped rule counts for stopping, in steps of log-odds: weighed with what the
# learned part says, it decides whether the finding stands.
OF_A_RULE = SCALE
# From which a sentence is stopped at: half a step of doubt is the writer's.
ENOUGH = SCALE // 2
# From which it speaks up where no rule does, and where only the rows read the sentence.
SURE = ENOUGH
SURE_ALONE = ENOUGH + SCALE
# From which what is stopped at stops publication too: a promise, a cure, medicine to be left off.
SURE_IT_STOPS = 0
# From which a label is given besides others, and from which it is noted where nothing stops.
ALSO = 0
WORTH_A_NOTE = 0
_NAMED = 3  # phrases named in a reason
_TELLING = SCALE // 2  # what a phrase must weigh to be named
_LOOKED_AT = 16  # phrases and cues among which they are chosen
_GAP = 2  # words that may stand between two phrases quoted as one


CATEGORIES = tuple(KINDS)


def rule_id(category: str) -> str:
    """The id under which a learned finding of a category is kept and counted."""
    return f"learned-{category.lower()}"


_LEARNED = frozenset(map(rule_id, CATEGORIES))


def second_look(
    index: int, reading: Reading, folded: Folded, judged: Judgement, findings: list[Finding]
) -> list[Finding]:
    """What stands of the rules' findings on one sentence, and what is to be added to them.

    Findings that come of citations or assessments, of rules that are not shipped, or of those that
    are said to stand, always stand;
    so do findings that block where the network has not read the sentence for other reasons than
    that the rows are sure.
    """
    kept = [f for f in findings if not _may_be_overruled(f, judged)]
    stop = judged.stop + (OF_A_RULE if len(kept) < len(findings) else 0)
    if stop < ENOUGH:
        return kept
    is_sure = stop >= (SURE if judged.read else SURE_ALONE)
    if not _may_speak(reading) or not (findings or is_sure):
        return findings
    have = {f.category for f in findings}
    also = [c for c in _by_weight(judged.labels, ALSO) if c not in have]
    if not findings and not also:
        also = _by_weight(judged.labels)[:1]
    findings = findings + _told(index, reading, folded, judged, also, ADVISE)
    stops = judged.block is not None and judged.block >= SURE_IT_STOPS
    return _stopping(findings) if stops else findings


def _stopping(findings: list[Finding]) -> list[Finding]:
    """The same, of which one blocks: if none does, the first of a shipped rule or of the learned
    part. Whoever runs the site may give its rule another severity."""
    if any(finding.severity == BLOCK for finding in findings):
        return findings
    for at, finding in enumerate(findings):
        if finding.rule in _LEARNED or (finding.rule in _weighed() and not finding.cited):
            return [*findings[:at], replace(finding, severity=BLOCK), *findings[at + 1 :]]
    return findings


def note(index: int, reading: Reading, folded: Folded, judged: Judgement) -> list[Finding]:
    """What a sentence says that may pass, such as the measured benefit of a named trial."""
    if not _may_speak(reading) or reading.sentence.question:
        return []
    said = _by_weight(judged.labels, WORTH_A_NOTE)
    return _told(index, reading, folded, judged, said, NONE)


def _may_speak(reading: Reading) -> bool:
    return not reading.sentence.cited and len(reading.sentence.text) >= SHORTEST


def _by_weight(labels: tuple[int, ...], least: int | None = None) -> list[str]:
    """The categories of which enough speaks, the weightiest first."""
    order = sorted(range(len(labels)), key=lambda place: -labels[place])
    return [CATEGORIES[at] for at in order if least is None or labels[at] >= least]


@cache
def _weighed() -> frozenset[str]:
    """The shipped rules of which the learned part may think otherwise."""
    return frozenset(rule.id for rule in standard_rules() if not rule.stands)


def _may_be_overruled(finding: Finding, judged: Judgement) -> bool:
    weighed = judged.read is not None or judged.stop <= -DOUBT
    return (
        (finding.severity == ADVISE or weighed)
        and finding.category in CATEGORIES
        and finding.rule in _weighed()
        and not finding.cited
    )


def _told(
    index: int,
    reading: Reading,
    folded: Folded,
    judged: Judgement,
    categories: list[str],
    severity: str,
) -> list[Finding]:
    """A finding of each category, without those for which nothing stands out."""
    if not categories:
        return []
    parts = [
        *weights().parts(reading, folded.words),
        *judged.heeded(reading.start),
    ]
    told = (_finding(index, reading, folded, parts, one, severity) for one in categories)
    return [finding for finding in told if finding]


def _finding(
    index: int, reading: Reading, folded: Folded, parts: list[Part], category: str, severity: str
) -> Finding | None:
    """A finding whose reason names what weighed most, or None where nothing stands out."""
    named = _weightiest(parts, folded.words, category)
    if not named:
        return None
    sentence, kind = reading.sentence, KINDS[category]
    spans = [(folded.back(start), folded.back(end - 1) + 1) for start, end in named]
    return Finding(
        sentence.start,
        sentence.end,
        index,
        rule_id(category),
        category,
        severity,
        kind.reason([_as_written(sentence, span) for span in spans]),
        spans,
        kind.remedy,
    )


def _weightiest(parts: list[Part], words: str, category: str) -> list[tuple[int, int]]:
    """The stretches that spoke most for a label, apart from each other, in order."""
    spoke: dict[tuple[int, int], int] = {}
    stop, label = 0, CATEGORIES.index(category) + 1
    for start, end, row in parts:
        span = start, end
        spoke[span] = spoke.get(span, 0) + row[stop] + row[label]
    # Of a sentence that goes on and on, the weightiest will do; each is held against each.
    weighed = sorted(spoke.items(), key=lambda item: (-item[1], item[0]))[:_LOOKED_AT]
    # A longer phrase speaks with all that it holds.
    whole = []
    for (start, end), own in weighed:
        total = own
        for (a, b), weight in weighed:
            if start <= a and b <= end and (a != start or b != end):
                total += weight
        whole.append((-total, start, end))
    chosen: list[tuple[int, int]] = []
    for total, start, end in sorted(whole):
        if -total < _TELLING or len(chosen) == _NAMED:
            break
        if all(end <= a or b <= start for a, b in chosen):
            chosen.append((start, end))
    return _joined(sorted(chosen), words)


def _joined(spans: list[tuple[int, int]], words: str) -> list[tuple[int, int]]:
    """Stretches with hardly a word between them as one, so that a quotation reads well."""
    out: list[tuple[int, int]] = []
    for start, end in spans:
        # `words` stands one place to the right of the offsets.
        if out and words.count(" ", out[-1][1] + 1, start + 1) <= _GAP + 1:
            start = out.pop()[0]
        out.append((start, end))
    return out


def _as_written(sentence: Sentence, span: tuple[int, int]) -> str:
    start, end = span
    return " ".join(sentence.text[start - sentence.start : end - sentence.start].split())
